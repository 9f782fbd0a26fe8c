/**
 * The text an approver reads before signing: what you see is what you sign (`gait approve --show`).
 *
 * @module
 */

import { ZERO_TIME } from "../base/instant.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import type { NormalizedIntent } from "../intent/intent.ts";
import type { Rule, Verdict } from "../policy/policy.ts";

/** The facts to show. */
export interface ApprovalFacts {
  readonly intent: NormalizedIntent;
  readonly intent_digest: string;
  readonly policy_digest: string;
  /** Digest of the call as the driver received it; absent when no driver was involved. */
  readonly raw_call_digest?: string;
  /** Chain digest of the delegation; absent when the intent has none. */
  readonly delegation_binding_digest?: string;
  /** The rule that asked; `undefined` when it was the policy's default. */
  readonly rule: Pick<Rule, "name" | "effect"> | undefined;
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly min_approvals: number;
}

/**
 * What a terminal would not show, or would act on: control, format, bidirectional, private and unassigned
 * characters, separators other than the space, invisible fillers; and what our notation itself uses.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}"\\]|(?! )\p{Zs}/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/**
 * Writes a text in quotes on one line so that every character is visible and nothing can be mistaken:
 * hidden characters appear as `\u{…}`. The notation is unambiguous: different texts read differently.
 *
 * @param text Any text.
 */
export function visibleText(text: string): string {
  const shown = text.replace(HIDDEN, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return SHORT.get(char) ?? `\\u{${code}}`;
  });
  return `"${shown}"`;
}

/** A path step: plain names after a dot, anything else in brackets and quotes. */
function step(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${visibleText(name)}]`;
}

/** One line for each leaf of a value. */
function leafLines(path: string, value: JsonValue): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item, index) => leafLines(`${path}[${index}]`, item));
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.keys(value).sort(compareCodePoints).flatMap((name) =>
      leafLines(`${path}${step(name)}`, value[name] ?? null)
    );
  }
  const shown = typeof value === "string" ? visibleText(value) : JSON.stringify(value);
  return [`${path} = ${shown}`];
}

/** The members of a record that are given, in one line. */
function fields(entries: readonly (readonly [string, string])[]): string {
  return entries.filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${visibleText(value)}`).join(" ");
}

/** Lines about the targets, one each. */
function targetLines(intent: NormalizedIntent): string[] {
  if (intent.targets.length === 0) return ["  (none declared)"];
  return intent.targets.map((target) => {
    const text = fields([
      ["kind", target.kind],
      ["value", target.value],
      ["operation", target.operation],
      ["class", target.endpoint_class],
      ["domain", target.endpoint_domain],
      ["sensitivity", target.sensitivity],
    ]);
    return `  ${text}${target.destructive ? " DESTRUCTIVE" : ""}`;
  });
}

/** A time that is given; "" for the zero time. */
function timeText(text: string): string {
  return text === ZERO_TIME ? "" : text;
}

/** Lines about who acts for whom. */
function delegationLines(facts: ApprovalFacts): string[] {
  const { delegation } = facts.intent;
  if (delegation === undefined) return [];
  const about = fields([
    ["requester", delegation.requester_identity],
    ["scope", delegation.scope_class],
    ["tokens", delegation.token_refs.join(",")],
    ["issued", timeText(delegation.issued_at)],
    ["expires", timeText(delegation.expires_at)],
  ]);
  const links = delegation.chain.map((link) => {
    const more = fields([
      ["scope", link.scope_class],
      ["token", link.token_ref],
      ["issued", timeText(link.issued_at)],
      ["expires", timeText(link.expires_at)],
    ]);
    const who = `${visibleText(link.delegator_identity)} -> ${visibleText(link.delegate_identity)}`;
    return `  link ${who}${more === "" ? "" : ` ${more}`}`;
  });
  return ["delegation:", `  ${about}`, ...links];
}

/** Lines about where arguments and the call itself came from. */
function provenanceLines(intent: NormalizedIntent): string[] {
  const lines = intent.arg_provenance.map((entry) => {
    const text = fields([
      ["path", entry.arg_path],
      ["source", entry.source],
      ["ref", entry.source_ref],
      ["digest", entry.integrity_digest],
    ]);
    return `  ${text}`;
  });
  const skill = intent.skill_provenance;
  const about = skill === undefined ? "" : fields([
    ["name", skill.skill_name],
    ["version", skill.skill_version],
    ["source", skill.source],
    ["publisher", skill.publisher],
    ["digest", skill.digest],
    ["key", skill.signature_key_id],
  ]);
  return [
    ...(lines.length === 0 ? [] : ["argument sources:", ...lines]),
    ...(about === "" ? [] : [`skill ${about}`]),
  ];
}

/** Lines about who calls, from where, with which rights. */
function contextLines(intent: NormalizedIntent): string[] {
  const { context } = intent;
  const about = fields([
    ["identity", context.identity],
    ["workspace", context.workspace],
    ["risk", context.risk_class],
    ["session", context.session_id],
    ["request", context.request_id],
    ["environment", context.environment_fingerprint],
  ]);
  const scopes = context.credential_scopes.map(visibleText).join(" ");
  return [
    about,
    ...(scopes === "" ? [] : [`credential scopes ${scopes}`]),
    ...(context.auth_context === undefined ? [] : leafLines("auth_context", context.auth_context)),
  ];
}

/** Lines about the digests that the token binds. */
function digestLines(facts: ApprovalFacts): string[] {
  const { raw_call_digest: raw, delegation_binding_digest: binding } = facts;
  return [
    "digests:",
    `  intent_digest ${facts.intent_digest}`,
    `  policy_digest ${facts.policy_digest}`,
    ...(binding === undefined ? [] : [`  delegation_binding_digest ${binding}`]),
    ...(raw === undefined ? [] : [`  raw_call_digest ${raw}`]),
  ];
}

/** Whether a rendering shows anything outside ASCII. */
function hasForeignLetters(lines: readonly string[]): boolean {
  // deno-lint-ignore no-control-regex -- everything outside ASCII is what is looked for
  return lines.some((line) => /[^\u0000-\u007f]/.test(line));
}

/**
 * Renders an approval request: everything that the intent's digest covers. Nothing is cut and every
 * character is visible, so that two different calls never render alike.
 *
 * @param facts The call, its digests, and what the policy says.
 * @returns Lines without line ends.
 */
export function renderApprovalRequest(facts: ApprovalFacts): string[] {
  const { intent, rule } = facts;
  const lines = [
    `tool ${visibleText(intent.tool_name)}`,
    ...contextLines(intent),
    "targets:",
    ...targetLines(intent),
    "arguments:",
    ...(Object.keys(intent.args).length === 0
      ? ["  (none)"]
      : leafLines("args", intent.args).map((line) => `  ${line}`)),
    ...provenanceLines(intent),
    ...delegationLines(facts),
    "asked by:",
    rule === undefined
      ? "  the policy's default verdict"
      : `  rule ${visibleText(rule.name)} effect=${rule.effect}`,
    `  verdict=${facts.verdict} approvals=${facts.min_approvals}`,
    `  reasons ${facts.reason_codes.map(visibleText).join(" ")}`,
    ...digestLines(facts),
  ];
  if (!hasForeignLetters(lines)) return lines;
  return [...lines, "note: some texts hold characters outside ASCII; letters may look alike"];
}
