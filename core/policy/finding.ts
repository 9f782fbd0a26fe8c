/**
 * What reading a policy reports: findings that make it invalid, and warnings that do not.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/suggest.ts";
import type { Position } from "../text/node.ts";

/** One reason why a text is no valid policy. */
export interface PolicyFinding {
  /** Line, counted from 1. */
  readonly line: number;
  /** Column in code points, counted from 1. */
  readonly column: number;
  /** Where in the document, e.g. `rules[2].match.tool_names`; "" for the whole document. */
  readonly path: string;
  /** One clause that names the field and the value. */
  readonly message: string;
  /** The offending key, when the finding is about one. */
  readonly key?: string;
  /** The known key or value that was most likely meant. */
  readonly nearest?: string;
}

/** Something that is valid, yet probably not meant. */
export interface PolicyWarning {
  /** Stable code; `docs/policy.md` lists them all. */
  readonly code: string;
  /** One sentence without full stop. */
  readonly message: string;
  /** Name of the rule it is about. */
  readonly rule?: string;
  /** Where in the document, when it stems from the text. */
  readonly path?: string;
  /** Line, counted from 1, when it stems from the text. */
  readonly line?: number;
  /** Column in code points, counted from 1, when it stems from the text. */
  readonly column?: number;
}

/** What is collected while a document is read. */
export interface Reading {
  /** Name of the input, for messages. */
  readonly source: string;
  /** Findings, `LIMITS.findings` at most. */
  readonly findings: PolicyFinding[];
  /** Warnings, `LIMITS.findings` at most. */
  readonly warnings: PolicyWarning[];
  /** Findings seen, kept or not. */
  total: number;
}

/** Starts a reading. */
export function startReading(source: string): Reading {
  return { source, findings: [], warnings: [], total: 0 };
}

/** What a finding says besides its place. */
export interface FindingText {
  /** Where in the document. */
  readonly path: string;
  /** One clause that names the field and the value. */
  readonly message: string;
  /** The offending key, when the finding is about one. */
  readonly key?: string;
  /** The mistyped word and what it may have been; the message then asks "did you mean". */
  readonly suggest?: { readonly word: string; readonly among: readonly string[] };
}

/** Adds a finding; beyond the limit only its number counts. */
export function report(reading: Reading, place: Position, text: FindingText): void {
  reading.total++;
  if (reading.findings.length >= LIMITS.findings) return;
  const { path, message, key, suggest } = text;
  const meant = suggest === undefined ? undefined : nearest(suggest.word, suggest.among);
  reading.findings.push({
    line: place.line,
    column: place.column,
    path,
    message: meant === undefined ? message : `${message}, did you mean ${quoted(meant)}?`,
    ...(key === undefined ? {} : { key }),
    ...(meant === undefined ? {} : { nearest: meant }),
  });
}

/** Longest piece of input that a message repeats, UTF-16 units. */
const MAX_QUOTED = 80;

/** Characters that JSON leaves as they are, yet change how a terminal shows the rest of a message. */
const INVISIBLE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Quotes a piece of input for a message: escaped, so that it stays one line, and cut. */
export function quoted(text: string): string {
  const cut = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED).toWellFormed()}…` : text;
  return JSON.stringify(cut).replace(
    INVISIBLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Repeats a value in a message: bare when it is a plain word, quoted otherwise. */
export function shown(text: string): string {
  return /^[\w.\-/*]{1,80}$/.test(text) ? text : quoted(text);
}

/**
 * Fails with everything that was found, in the order of the text.
 *
 * @throws {GaitError} `policy_invalid` when there is any finding.
 */
export function failOnFindings(reading: Reading): void {
  // The sort is stable: findings at one place stay in the order of the checks.
  const findings = [...reading.findings].sort((a, b) => a.line - b.line || a.column - b.column);
  // A misspelt key explains what else is missing, so it comes first.
  const first = findings.find((finding) => finding.nearest !== undefined) ?? findings[0];
  if (first === undefined) return;
  const { line, column, path } = first;
  const more = reading.total - 1;
  throw new GaitError("policy_invalid", first.message, {
    place: { source: reading.source, line, column, path },
    details: { findings, findings_total: reading.total },
    ...(more > 0 ? { hint: `mend this and ${more} more finding(s); see docs/policy.md` } : {}),
  });
}
