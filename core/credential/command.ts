/**
 * The command broker: which command may run, and what its answer must look like (spec 02 §11). Running
 * it is the caller's business: no shell, separate streams, time limit, process group killed.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import { utf8 } from "../base/bytes.ts";
import { parseJson } from "../text/json.ts";
import type { IssuedCredential } from "./issue.ts";

/** Variable with the commands that may serve as broker, separated by commas. */
export const COMMAND_ALLOWLIST_ENV = "GAIT_CREDENTIAL_COMMAND_ALLOWLIST";

/** Longest credential reference and issuer, bytes. */
const MAX_REFERENCE_BYTES = 256;

/** Splits a list at commas, trims, drops empty entries (spec 02 §1.5 "CSV flags"). */
function csv(text: string): string[] {
  return text.split(",").map(trim).filter((entry) => entry !== "");
}

/** Whether a path is absolute: `/…`, `C:\…`, `\\server\…`. */
function isAbsolute(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\\\") || /^[A-Za-z]:[\\/]/.test(path);
}

/** Removes `.` and empty segments of an absolute path; backslashes separate on Windows paths only. */
function cleaned(path: string): string {
  const windows = !path.startsWith("/");
  const parts = path.split(windows ? /[\\/]/ : "/").filter((part) => part !== "" && part !== ".");
  const root = path.startsWith("\\\\") ? "\\\\" : windows ? "" : "/";
  return root + parts.join("/");
}

/** The allowlist's own spelling of a command; `undefined` when it is not listed. */
function listedPath(name: string, allowed: readonly string[]): string | undefined {
  // Where `..` leads depends on symbolic links, so text alone cannot judge it.
  if (!isAbsolute(name) || name.split(/[\\/]/).includes("..")) return undefined;
  return allowed.find((entry) => isAbsolute(entry) && cleaned(entry) === cleaned(name));
}

/**
 * Checks the command of a command broker.
 *
 * An allowlist that is not blank admits a command only by its absolute path without `..`. An entry that
 * is a bare name admits nothing: it would allow any program of that name, wherever it lies.
 *
 * @param command `--credential-command`.
 * @param options `allowlist` is the value of {@linkcode COMMAND_ALLOWLIST_ENV}; blank means none.
 * @returns The command to run, in the allowlist's spelling where there is one; `undefined` when it has
 *   white space inside, which makes issuing fail.
 * @throws GaitError `invalid_input` when there is no command or the allowlist does not name it
 */
export function checkBrokerCommand(
  command: string,
  options: { readonly allowlist: string | undefined },
): string | undefined {
  const name = trim(command);
  if (name === "") {
    throw new GaitError("invalid_input", "command broker requires --credential-command");
  }
  const allowed = csv(options.allowlist ?? "");
  const admitted = allowed.length === 0 ? name : listedPath(name, allowed);
  if (admitted === undefined) {
    throw new GaitError(
      "invalid_input",
      `command broker command is not in allowlist ${COMMAND_ALLOWLIST_ENV}`,
      { hint: "name the command by its absolute path, and list that path" },
    );
  }
  return /\s/.test(admitted) ? undefined : admitted;
}

/** How a broker command ended. */
export interface BrokerRun {
  readonly exitCode: number;
  readonly ended: "itself" | "timeout" | "output_limit";
  /** Standard output alone. */
  readonly stdout: Uint8Array;
}

/** A credential, or why there is none. The reason never holds bytes of the output. */
export type BrokerAnswer =
  | { readonly kind: "issued"; readonly credential: IssuedCredential }
  | { readonly kind: "failed"; readonly reason: string };

/** One text member of the answer, trimmed; "" when absent or `null`. */
function textMember(root: JsonValue, name: string): string | undefined {
  if (!isJsonObject(root) || !Object.hasOwn(root, name)) return "";
  const value = root[name] ?? null;
  if (value === null) return "";
  return typeof value === "string" ? trim(value) : undefined;
}

/** Whether a text can stand in a record and on a line. */
function isReference(text: string): boolean {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text !== "" && !/[\u0000-\u001f\u007f]/.test(text) &&
    utf8(text).length <= MAX_REFERENCE_BYTES;
}

/** The output as a value; `undefined` when it is not one JSON object in UTF-8. */
function parseOutput(stdout: Uint8Array): JsonValue | undefined {
  try {
    const root = parseJson(stdout, { source: "credential command" });
    return isJsonObject(root) ? root : undefined;
  } catch {
    // The cause would quote the output, which may hold a secret.
    return undefined;
  }
}

/**
 * Reads the answer of a broker command: one JSON object on standard output with `credential_ref` and
 * optionally `issued_by`; other members are ignored and forgotten.
 *
 * @param run How the command ended.
 */
export function readBrokerAnswer(run: BrokerRun): BrokerAnswer {
  if (run.ended === "timeout") return { kind: "failed", reason: "the command took too long" };
  if (run.ended === "output_limit" || run.stdout.length > LIMITS.brokerOutputBytes) {
    return { kind: "failed", reason: "the command printed too much" };
  }
  if (run.exitCode !== 0) {
    return { kind: "failed", reason: `the command exited with ${run.exitCode}` };
  }
  const root = parseOutput(run.stdout);
  if (root === undefined) return { kind: "failed", reason: "the answer is not one JSON object" };
  const reference = textMember(root, "credential_ref");
  const issuer = textMember(root, "issued_by");
  if (reference === undefined || !isReference(reference)) {
    return { kind: "failed", reason: "credential_ref is missing or malformed" };
  }
  if (issuer === undefined || !(issuer === "" || isReference(issuer))) {
    return { kind: "failed", reason: "issued_by is malformed" };
  }
  const credential = {
    issuer: issuer === "" ? "command" : issuer,
    credential_ref: reference,
    credential_ref_hmac: "",
  };
  return { kind: "issued", credential };
}
