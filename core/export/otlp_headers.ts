/**
 * Further headers for a collector. Their values come from variables: what stands on a command line, every user
 * of the machine can read.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { lower, trim } from "../base/text_rules.ts";
import type { Env } from "../ports/env.ts";

/** Headers by lower-case name. */
export type OtlpHeaders = Readonly<Record<string, string>>;

/** A header and the variable that holds its value. */
interface HeaderSource {
  readonly name: string;
  readonly variable: string;
}

/** Headers that the exporter sets itself, or that belong to the connection (RFC 9110 §7.6.1). */
const RESERVED: ReadonlySet<string> = new Set([
  "accept",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/** The refusal of one flag. */
function refuse(state: string): GaitError {
  return new GaitError("usage", `Cannot export: --export-otlp-header ${state}`, {
    hint: "give NAME=VARIABLE, and put the value into the variable",
  });
}

/** Reads `NAME=VARIABLE`. The text is not repeated: somebody may have written the value itself. */
function sourceOf(spec: string): HeaderSource {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128})=([A-Za-z_][A-Za-z0-9_]{0,255})$/
    .exec(trim(spec));
  if (match === null) throw refuse("is not NAME=VARIABLE");
  const name = lower(match[1] ?? "");
  if (RESERVED.has(name)) throw refuse(`names ${name}, which the exporter sets itself`);
  return { name, variable: match[2] ?? "" };
}

/** Value of one header. */
function valueOf({ name, variable }: HeaderSource, env: Env): string {
  const value = trim(env.get(variable) ?? "");
  if (value === "") throw refuse(`${name}: the variable ${variable} is empty or not set`);
  // RFC 9110 §5.5, without what lies beyond ASCII.
  if (!/^[\t\x20-\x7e]+$/.test(value) || value.length > LIMITS.otlpHeaderUnits) {
    throw refuse(`${name}: the value of ${variable} cannot stand in a header`);
  }
  return value;
}

/**
 * Variables that headers come from.
 *
 * @param specs Values of `--export-otlp-header`.
 * @returns Those that could be read; what is wrong is refused later.
 */
export function otlpHeaderVariables(specs: readonly string[]): string[] {
  return specs.flatMap((spec) => {
    try {
      return [sourceOf(spec).variable];
    } catch {
      return [];
    }
  });
}

/**
 * Reads all headers.
 *
 * @param specs Values of `--export-otlp-header`.
 * @throws GaitError `usage`
 */
export function readOtlpHeaders(specs: readonly string[], env: Env): OtlpHeaders {
  if (specs.length > LIMITS.otlpHeaders) {
    throw refuse(`comes more than ${LIMITS.otlpHeaders} times`);
  }
  const out: [string, string][] = [];
  for (const source of specs.map(sourceOf)) {
    if (out.some(([name]) => name === source.name)) throw refuse(`names ${source.name} twice`);
    out.push([source.name, valueOf(source, env)]);
  }
  return Object.fromEntries(out);
}
