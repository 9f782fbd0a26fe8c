/**
 * Renders results and failures: one JSON object or lines for people (spec 02 §1.2; divergences C4, C5, C11).
 *
 * @module
 */

import { ERROR_MAP } from "../../base/error_map.ts";
import type { GaitError } from "../../base/errors.ts";
import { encodeJsonLine } from "../../base/json_text.ts";
import type { JsonObject, JsonValue } from "../../base/json_value.ts";
import { isEmptyMember } from "../../base/or_absent.ts";
import { onOneLine, withoutControls } from "../../base/printable.ts";
import type { Terminal } from "../../ports/terminal.ts";
import type { CommandResult, CommandSpec, Warning } from "./command.ts";
import { paint } from "./style.ts";

/** Everything that belongs to one invocation. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly colour: boolean;
  /** Hash of the command line (spec 01 §1.5). */
  readonly correlationId: string;
  readonly invocationId: string;
  readonly warnings: readonly Warning[];
}

/** Members that are kept although their value is empty: callers branch on them. */
const ALWAYS = new Set(["ok", "executed", "retryable"]);

/** Drops empty members and adds ids and warnings. */
function envelope(members: Readonly<Record<string, unknown>>, run: Invocation): JsonObject {
  const out: JsonObject = {};
  for (const [name, value] of Object.entries(members)) {
    if (ALWAYS.has(name) || !isEmptyMember(value)) out[name] = value as JsonValue;
  }
  out.correlation_id = run.correlationId;
  out.invocation_id = run.invocationId;
  if (run.warnings.length > 0) {
    out.warnings = run.warnings.map((warning) => warning.message);
    out.warning_details = run.warnings.map(({ code, message, severity }) => ({
      code,
      message,
      severity,
    }));
  }
  return out;
}

/** Writes the warnings for people. */
function writeWarnings(run: Invocation): void {
  for (const { code, message } of run.warnings) {
    run.terminal.err(
      `${paint("warning:", "attention", run)} ${onOneLine(message)} [${code}]\n`,
    );
  }
}

/** Writes what a command answered and returns its exit code. */
export function renderResult(result: CommandResult, run: Invocation): number {
  if (result.printed) return result.exit;
  if (run.json) {
    run.terminal.out(encodeJsonLine(envelope(result.json, run)));
    return result.exit;
  }
  const [first, ...others] = result.text.map(withoutControls);
  if (first !== undefined) {
    const head = result.tone === undefined ? first : paint(first, result.tone, run);
    run.terminal.out([head, ...others].join("\n") + "\n");
  }
  writeWarnings(run);
  for (const line of result.errorText ?? []) run.terminal.err(`${onOneLine(line)}\n`);
  return result.exit;
}

/** Members that describe a failure (spec 01 §2.2), with the real code and category (divergence C1). */
export function failureMembers(
  error: GaitError,
  { decides }: { readonly decides: boolean } = { decides: false },
): Record<string, unknown> {
  return {
    // First, so that no detail can take the name of a member below.
    ...error.details,
    ok: false,
    error: error.located,
    error_code: error.code,
    error_category: error.category,
    retryable: error.retryable,
    hint: error.hint,
    ...(error.place === undefined ? {} : { place: { ...error.place } }),
    ...(decides ? { verdict: "block", reason_codes: [error.code] } : {}),
  };
}

/** Most findings that are listed for people. */
const SHOWN_FINDINGS = 20;

/** The findings behind a failure as lines; none when there is only one, which the message tells. */
function findingLines(error: GaitError): string[] {
  const { findings } = error.details;
  if (!Array.isArray(findings) || findings.length < 2) return [];
  const source = error.place?.source ?? "";
  const lines = findings.slice(0, SHOWN_FINDINGS).map(({ line, column, message }) =>
    `  ${[source, line, column].filter((part) => part !== undefined).join(":")}: ${message}`
  );
  const more = findings.length - SHOWN_FINDINGS;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

/** Writes a failure and returns its exit code. */
export function renderFailure(
  error: GaitError,
  run: Invocation,
  spec: CommandSpec | undefined,
): number {
  const exit = ERROR_MAP[error.category].exit;
  const decides = spec?.decides ?? false;
  if (run.json) {
    const members = {
      ...spec?.failureMembers,
      ...failureMembers(error, { decides }),
      ...(spec?.codeIsCategory &&
        { error_code: error.category, error_detail_code: error.code }),
    };
    run.terminal.out(encodeJsonLine(envelope(members, run)));
    return exit;
  }
  const name = spec === undefined ? "gait" : spec.path.join(" ");
  writeWarnings(run);
  const message = onOneLine(error.located);
  run.terminal.err(`${paint(`${name} error:`, "bad", run)} ${message}\n`);
  for (const line of findingLines(error)) run.terminal.err(`${onOneLine(line)}\n`);
  run.terminal.err(`hint: ${onOneLine(error.hint)}\n`);
  if (decides) run.terminal.err("verdict: block (no decision could be made)\n");
  return exit;
}
