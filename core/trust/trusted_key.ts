/**
 * Keys that a verifier trusts, with the terms under which it does.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { type Instant, parseTimestamp } from "../base/instant.ts";
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import type { Digester } from "../ports/digest.ts";
import { keyId } from "../sign/key_id.ts";
import { parsePublicKey } from "../sign/key_text.ts";
import { parseJson } from "../text/json.ts";

/** A trusted key. */
export interface TrustedKey {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Bytes;
  /** Id of the key, 64 hex digits. */
  readonly keyId: string;
  /** Where it comes from: `path:<path>` or `env:<NAME>`. */
  readonly source: string;
  /** Whose key it is, as the trust directory says; "" when nothing says so. */
  readonly identity: string;
  /** First instant of validity. */
  readonly notBefore?: Instant;
  /** Last instant of validity. */
  readonly notAfter?: Instant;
  /** A revoked key never verifies anything: its holder could date artifacts back. */
  readonly revoked: boolean;
}

/** `schema_id` of an entry of a trust directory. */
export const TRUST_SCHEMA_ID = "gait.trust.key";

const MEMBERS = new Set([
  "identity",
  "not_after",
  "not_before",
  "public_key",
  "reason",
  "revoked",
  "schema_id",
  "schema_version",
]);

function invalid(message: string, source: string): GaitError {
  return new GaitError("trust_invalid", message, { place: { source } });
}

/** A text member; "" when it is absent. */
function textMember(entry: JsonObject, name: string, source: string): string {
  const value = Object.hasOwn(entry, name) ? entry[name] : "";
  if (typeof value !== "string") throw invalid(`Cannot read ${name}: it is not a text`, source);
  return value;
}

/** An instant; `undefined` when it is absent. */
function instantMember(entry: JsonObject, name: string, source: string): Instant | undefined {
  const text = textMember(entry, name, source);
  if (text === "") return undefined;
  const parsed = parseTimestamp(text);
  if (parsed === undefined) throw invalid(`Cannot read ${name}: no RFC 3339 timestamp`, source);
  return parsed.instant;
}

/**
 * Parses one entry of a trust directory: a JSON object with `public_key` and its terms. Unknown members are
 * refused, because a misspelt `revoked` would silently trust.
 *
 * @param text Content of the file.
 * @param options Name of the file, and the hash for the key id.
 * @throws GaitError `trust_invalid`, `key_invalid`, or a code of the JSON reader
 */
export async function parseTrustEntry(
  text: string,
  options: { readonly source: string; readonly digester: Digester },
): Promise<TrustedKey> {
  const { source, digester } = options;
  const entry = parseJson(text, { source });
  if (!isJsonObject(entry)) throw invalid("Cannot read a trusted key: no JSON object", source);
  const unknown = Object.keys(entry).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) {
    throw invalid(`Cannot read a trusted key: unknown member ${JSON.stringify(unknown)}`, source);
  }
  if (entry.schema_id !== TRUST_SCHEMA_ID || entry.schema_version !== "1.0.0") {
    throw invalid(`Cannot read a trusted key: expected ${TRUST_SCHEMA_ID} 1.0.0`, source);
  }
  const revoked = Object.hasOwn(entry, "revoked") ? entry.revoked : false;
  if (typeof revoked !== "boolean") throw invalid("Cannot read revoked: no boolean", source);
  const publicKey = parsePublicKey(textMember(entry, "public_key", source), { source });
  textMember(entry, "reason", source);
  const notBefore = instantMember(entry, "not_before", source);
  const notAfter = instantMember(entry, "not_after", source);
  if (notBefore !== undefined && notAfter !== undefined && notAfter < notBefore) {
    throw invalid("Cannot use a trusted key: not_after lies before not_before", source);
  }
  return {
    publicKey,
    keyId: await keyId(publicKey, digester),
    source: `path:${source}`,
    identity: textMember(entry, "identity", source),
    revoked,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

/**
 * Why a key may not vouch for an artifact. Validity is judged at the time that the artifact claims, which
 * its signature covers: a key that expired later still vouches for what it signed before.
 *
 * @param key The key.
 * @param createdAt `created_at` of the artifact.
 * @returns A reason, or `undefined` when the terms allow it.
 */
export function termsReason(key: TrustedKey, createdAt: string): string | undefined {
  if (key.revoked) return "the key is revoked";
  if (key.notBefore === undefined && key.notAfter === undefined) return undefined;
  const created = parseTimestamp(createdAt)?.instant;
  if (created === undefined) return "the key has a validity window and the artifact has no time";
  if (key.notBefore !== undefined && created < key.notBefore) {
    return "the artifact is older than the key's validity";
  }
  if (key.notAfter !== undefined && created > key.notAfter) {
    return "the artifact is younger than the key's validity";
  }
  return undefined;
}
