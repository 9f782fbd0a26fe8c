/**
 * The file of `--auth-tokens` (divergence W10): which token stands for which identity and workspace. It
 * holds hashes only, so that reading it gives no access.
 *
 * @module
 */

import { fromHex } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json_value.ts";
import { LIMITS } from "../../base/limits.ts";
import { trim } from "../../base/text_rules.ts";
import { parseJson } from "../../text/json.ts";
import type { TokenEntry } from "./auth.ts";

const SCHEMA_ID = "gait.service.auth_tokens";
const FILE_KEYS: readonly string[] = ["schema_id", "schema_version", "tokens"];
const TOKEN_KEYS: readonly string[] = ["sha256", "identity", "workspace"];

/** A finding about the file. */
function invalid(source: string, path: string, state: string): GaitError {
  return new GaitError("config_invalid", `Cannot use the token file: ${path} ${state}`, {
    place: { source, path },
    hint: "docs/service.md describes the file of --auth-tokens",
  });
}

/** Refuses members that nobody knows: a misspelled `identity` must not mean "anybody". */
function checkKeys(object: JsonObject, known: readonly string[], at: [string, string]): void {
  for (const key of Object.keys(object)) {
    if (!known.includes(key)) throw invalid(at[0], `${at[1]}${key}`, "is unknown");
  }
}

/** A text member that must say something. */
function required(object: JsonObject, key: string, at: [string, string]): string {
  const value = object[key];
  const text = typeof value === "string" ? trim(value) : "";
  if (text === "") throw invalid(at[0], `${at[1]}${key}`, "is missing or blank");
  return text;
}

/** One entry. */
function readEntry(value: JsonValue, at: [string, string]): TokenEntry {
  if (!isJsonObject(value)) throw invalid(at[0], at[1], "is not an object");
  const inside: [string, string] = [at[0], `${at[1]}.`];
  checkKeys(value, TOKEN_KEYS, inside);
  const digest = fromHex(required(value, "sha256", inside));
  if (digest?.length !== 32) throw invalid(at[0], `${at[1]}.sha256`, "is not 64 hex digits");
  const identity = required(value, "identity", inside);
  if (value.workspace === undefined) return { digest, caller: { identity } };
  return { digest, caller: { identity, workspace: required(value, "workspace", inside) } };
}

/** Digests as texts, for finding repetitions. */
function checkDistinct(entries: readonly TokenEntry[], source: string): void {
  const seen = new Set<string>();
  for (const [index, { digest }] of entries.entries()) {
    const name = digest.join();
    if (seen.has(name)) throw invalid(source, `tokens[${index}].sha256`, "appears twice");
    seen.add(name);
  }
}

/**
 * Reads the file's content.
 *
 * @param data Content.
 * @param source Name of the file, for messages.
 * @throws GaitError `config_invalid`, and what reading JSON throws
 */
export function readAuthTokens(data: Uint8Array, source: string): TokenEntry[] {
  const value = parseJson(data, { source, maxBytes: LIMITS.authTokensBytes });
  if (!isJsonObject(value)) throw invalid(source, "the document", "is not an object");
  checkKeys(value, FILE_KEYS, [source, ""]);
  if (value.schema_id !== SCHEMA_ID || value.schema_version !== "1.0.0") {
    throw invalid(source, "schema_id", `is not ${SCHEMA_ID} in version 1.0.0`);
  }
  const list = value.tokens;
  if (!Array.isArray(list) || list.length === 0) {
    throw invalid(source, "tokens", "is not a list with entries");
  }
  if (list.length > LIMITS.authTokens) {
    throw invalid(source, "tokens", `has more than ${LIMITS.authTokens} entries`);
  }
  const entries = list.map((entry, index) => readEntry(entry, [source, `tokens[${index}]`]));
  checkDistinct(entries, source);
  return entries;
}
