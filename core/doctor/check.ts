/**
 * What a check finds, and how findings become one.
 *
 * @module
 */

import { toGaitError } from "../base/errors.ts";
import { onOneLine } from "../base/printable.ts";

/** How a check ends. */
export type CheckStatus = "pass" | "warn" | "fail";

/** One line of a diagnosis (spec 05 §1.1). */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** Command for a POSIX shell that mends it. */
  readonly fixCommand?: string;
  /** What to do where no command does it. */
  readonly hint?: string;
  /** Set on what endangers everybody at once (divergence W8). */
  readonly severity?: "critical";
  /** Whether nothing that a user can change here mends it. */
  readonly nonFixable?: true;
  /** Every finding, when the message had to leave some out. */
  readonly details?: readonly string[];
}

/** One thing that a check found; a check may find many. */
export interface Finding {
  readonly status: CheckStatus;
  readonly text: string;
  readonly fixCommand?: string;
  readonly hint?: string;
}

/** Longest text of a finding. */
const TEXT_LENGTH = 400;
/** Findings that a message holds. */
const IN_MESSAGE = 3;
/** Findings that are listed. */
const IN_DETAILS = 50;
/** Fixes that one command line joins. */
const IN_COMMAND = 20;

/** How to mend a finding. */
export interface Remedy {
  readonly fixCommand?: string | undefined;
  readonly hint?: string | undefined;
}

/** A text of any origin, on one line and not too long. */
export function told(text: string): string {
  const line = onOneLine(text);
  return line.length > TEXT_LENGTH ? `${line.slice(0, TEXT_LENGTH)}…` : line;
}

/** Makes a finding; a command that holds control characters is left out, because it cannot be shown. */
export function finding(status: CheckStatus, text: string, remedy: Remedy = {}): Finding {
  const { fixCommand, hint } = remedy;
  const isShown = fixCommand !== undefined && onOneLine(fixCommand) === fixCommand;
  return {
    status,
    text: told(text),
    ...(isShown && { fixCommand }),
    ...(hint !== undefined && { hint: told(hint) }),
  };
}

const ORDER: readonly CheckStatus[] = ["pass", "warn", "fail"];

/** The worse of two statuses. */
function worse(a: CheckStatus, b: CheckStatus): CheckStatus {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/** The worst of some statuses; `pass` for none. */
export function worstOf(statuses: readonly CheckStatus[]): CheckStatus {
  return statuses.reduce<CheckStatus>(worse, "pass");
}

/**
 * Makes one check of what was found.
 *
 * @param name Stable name.
 * @param findings In the order in which they were found; the worst ones make the message.
 * @param otherwise Message when nothing was found.
 */
export function checkOf(name: string, findings: readonly Finding[], otherwise = "ok"): Check {
  const status = worstOf(findings.map((each) => each.status));
  const worst = findings.filter((each) => each.status === status);
  const texts = worst.slice(0, IN_MESSAGE).map(({ text }) => text);
  if (worst.length > IN_MESSAGE) texts.push(`and ${worst.length - IN_MESSAGE} more`);
  const isFault = status !== "pass";
  const fixes = [...new Set(findings.flatMap(({ fixCommand }) => fixCommand ?? []))];
  const hint = worst.find((each) => each.hint !== undefined)?.hint;
  const isCut = findings.length > 1 &&
    (worst.length > IN_MESSAGE || worst.length < findings.length);
  return {
    name,
    status,
    message: texts.length === 0 ? otherwise : texts.join("; "),
    ...(isFault && fixes.length > 0 && { fixCommand: fixes.slice(0, IN_COMMAND).join(" && ") }),
    ...(isFault && hint !== undefined && { hint }),
    ...(isCut && { details: findings.slice(0, IN_DETAILS).map(({ text }) => text) }),
  };
}

/** A check that finds nothing wrong. */
export function passed(name: string, message: string): Check {
  return checkOf(name, [finding("pass", message)]);
}

/** A check that finds something weak. */
export function warned(name: string, message: string, remedy: Remedy = {}): Check {
  return checkOf(name, [finding("warn", message, remedy)]);
}

/** A check that fails. */
export function failed(name: string, message: string, remedy: Remedy = {}): Check {
  return checkOf(name, [finding("fail", message, remedy)]);
}

/**
 * What a failure says, for a finding. Without its permissions a check sees nothing, which is no finding: that
 * failure goes on.
 *
 * @throws GaitError `permission_missing`
 */
export function causeOf(thrown: unknown): string {
  const error = toGaitError(thrown);
  if (error.code === "permission_missing") throw error;
  // A place in a file that it does not name says nothing.
  return told(error.place?.source === undefined ? error.message : error.located);
}

/** Quotes a text for a POSIX shell (spec 05 §1.2). */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A path as an argument: quoted, and never taken for a flag. */
export function pathArgument(path: string): string {
  return quoted(path.startsWith("-") ? `./${path}` : path);
}
