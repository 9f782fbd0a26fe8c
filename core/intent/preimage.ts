/**
 * The canonical text that each digest of an intent covers (spec 02 §3; RFC 8785). Records have fixed
 * members, so their text is written in canonical order at once; only free-form values go through the
 * general writer. `tests/unit/intent/preimage_test.ts` compares both ways.
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import { canonicalize, canonicalString } from "../jcs/canonicalize.ts";
import type {
  ArgProvenance,
  Delegation,
  DelegationLink,
  IntentContext,
  NormalizedIntent,
  SkillProvenance,
  Target,
} from "./intent.ts";

/** Writes members that come in canonical order: each pair is a name and canonical text, `""` omits it. */
function record(...pairs: readonly (readonly [string, string])[]): string {
  let out = "";
  for (const [name, text] of pairs) {
    if (text !== "") out += `${out === "" ? "{" : ","}"${name}":${text}`;
  }
  return out === "" ? "{}" : `${out}}`;
}

/** Canonical text of an optional string; `""` for an empty one, which is omitted. */
function optional(text: string): string {
  return text === "" ? "" : canonicalString(text);
}

/** Canonical text of a list; `""` for an empty one, which is omitted. */
function optionalList<T>(list: readonly T[], write: (item: T) => string): string {
  return list.length === 0 ? "" : `[${list.map(write).join(",")}]`;
}

/** Canonical text of one target. */
function targetText(target: Target): string {
  return record(
    ["destructive", target.destructive ? "true" : ""],
    ["endpoint_class", canonicalString(target.endpoint_class)],
    ["endpoint_domain", optional(target.endpoint_domain)],
    ["kind", canonicalString(target.kind)],
    ["operation", optional(target.operation)],
    ["sensitivity", optional(target.sensitivity)],
    ["value", canonicalString(target.value)],
  );
}

/** Canonical text of one provenance entry. */
function provenanceText(entry: ArgProvenance): string {
  return record(
    ["arg_path", canonicalString(entry.arg_path)],
    ["integrity_digest", optional(entry.integrity_digest)],
    ["source", canonicalString(entry.source)],
    ["source_ref", optional(entry.source_ref)],
  );
}

/** Canonical text of the skill. */
function skillText(skill: SkillProvenance): string {
  return record(
    ["digest", optional(skill.digest)],
    ["publisher", canonicalString(skill.publisher)],
    ["signature_key_id", optional(skill.signature_key_id)],
    ["skill_name", canonicalString(skill.skill_name)],
    ["skill_version", optional(skill.skill_version)],
    ["source", canonicalString(skill.source)],
  );
}

/** Canonical text of one delegation link; its times are always written (spec 02 §2.6). */
function linkText(link: DelegationLink): string {
  return record(
    ["delegate_identity", canonicalString(link.delegate_identity)],
    ["delegator_identity", canonicalString(link.delegator_identity)],
    ["expires_at", canonicalString(link.expires_at)],
    ["issued_at", canonicalString(link.issued_at)],
    ["scope_class", optional(link.scope_class)],
    ["token_ref", optional(link.token_ref)],
  );
}

/** Canonical text of the context. */
function contextText(context: IntentContext): string {
  return record(
    ["auth_context", context.auth_context === undefined ? "" : canonicalize(context.auth_context)],
    ["credential_scopes", optionalList(context.credential_scopes, canonicalString)],
    ["environment_fingerprint", optional(context.environment_fingerprint)],
    ["identity", canonicalString(context.identity)],
    ["request_id", optional(context.request_id)],
    ["risk_class", canonicalString(context.risk_class)],
    ["session_id", optional(context.session_id)],
    ["workspace", canonicalString(context.workspace)],
  );
}

/**
 * Canonical text that `args_digest` covers.
 *
 * @throws GaitError as {@linkcode canonicalize} does.
 */
export function argsPreimage(intent: { readonly args: JsonObject }): string {
  return canonicalize(intent.args);
}

/**
 * Canonical text that `delegation_binding_digest` covers: the delegation with its times, zero ones
 * included (spec 02 §2.6).
 *
 * @throws GaitError as {@linkcode canonicalize} does.
 */
export function delegationPreimage(delegation: Delegation): string {
  return record(
    ["chain", optionalList(delegation.chain, linkText)],
    ["expires_at", canonicalString(delegation.expires_at)],
    ["issued_at", canonicalString(delegation.issued_at)],
    ["requester_identity", canonicalString(delegation.requester_identity)],
    ["scope_class", optional(delegation.scope_class)],
    ["token_refs", optionalList(delegation.token_refs, canonicalString)],
  );
}

/** All texts of one intent. */
export interface IntentPreimages {
  /** What `args_digest` covers. */
  readonly args: string;
  /** What `intent_digest` covers. */
  readonly intent: string;
  /** What `delegation_binding_digest` covers; absent without delegation. */
  readonly delegation: string | undefined;
}

/**
 * All canonical texts of an intent; that of the intent is put together from the others.
 *
 * @throws GaitError as {@linkcode canonicalize} does.
 */
export function intentPreimages(intent: NormalizedIntent): IntentPreimages {
  const args = argsPreimage(intent);
  const delegation = intent.delegation === undefined
    ? undefined
    : delegationPreimage(intent.delegation);
  const skill = intent.skill_provenance;
  const text = record(
    ["arg_provenance", optionalList(intent.arg_provenance, provenanceText)],
    ["args", args],
    ["context", contextText(intent.context)],
    ["delegation", delegation ?? ""],
    ["skill_provenance", skill === undefined ? "" : skillText(skill)],
    ["targets", `[${intent.targets.map(targetText).join(",")}]`],
    ["tool_name", canonicalString(intent.tool_name)],
  );
  return { args, intent: text, delegation };
}

/**
 * Canonical text that `intent_digest` covers.
 *
 * @throws GaitError as {@linkcode canonicalize} does.
 */
export function intentPreimage(intent: NormalizedIntent): string {
  return intentPreimages(intent).intent;
}
