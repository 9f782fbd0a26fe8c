/**
 * Whose keys count for approvals (spec 02 §9.3; divergence G14).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import type { Digester } from "../ports/digest.ts";
import { keyId } from "../sign/key_id.ts";
import { parsePublicKey } from "../sign/key_text.ts";
import { parseJson } from "../text/json.ts";
import type { VerifyKey } from "../token/token_signature.ts";

/** A key that speaks for one approver. */
export interface ApproverKey extends VerifyKey {
  /** The approver, trimmed; compared with the token's claim character by character. */
  readonly identity: string;
}

/**
 * Keys that approvals are verified with: shared ones, whose holder may claim any identity, or ones that
 * are each bound to one approver.
 */
export type ApprovalKeys =
  | { readonly kind: "shared"; readonly keys: readonly VerifyKey[] }
  | { readonly kind: "bound"; readonly keys: readonly ApproverKey[] };

/** Adds the id to a raw public key. */
export async function verifyKey(publicKey: Uint8Array, digester: Digester): Promise<VerifyKey> {
  return { publicKey, keyId: await keyId(publicKey, digester) };
}

/** The failure of a keyring file. */
function invalid(source: string, path: string, message: string): GaitError {
  return new GaitError("key_invalid", message, {
    place: { source, path },
    hint: "docs/approvals.md shows the keyring format",
  });
}

/** Refuses members that no rule knows: in a trust anchor a typing error must not pass. */
function onlyMembers(object: JsonObject, known: readonly string[], at: [string, string]): void {
  const extra = Object.keys(object).find((name) => !known.includes(name));
  if (extra !== undefined) throw invalid(...at, `Cannot read keyring: unknown member ${extra}`);
}

/** One approver of the file as identity and key texts. */
function readApprover(entry: JsonValue, source: string, path: string): [string, string[]] {
  if (!isJsonObject(entry)) throw invalid(source, path, "Cannot read keyring: not an object");
  onlyMembers(entry, ["identity", "public_keys"], [source, path]);
  const { identity, public_keys: keys } = entry;
  if (typeof identity !== "string" || trim(identity) === "") {
    throw invalid(source, `${path}.identity`, "Cannot read keyring: identity is missing");
  }
  if (!Array.isArray(keys) || keys.length === 0) {
    throw invalid(source, `${path}.public_keys`, "Cannot read keyring: public_keys is missing");
  }
  const texts = keys.filter((key) => typeof key === "string");
  if (texts.length !== keys.length) {
    throw invalid(source, `${path}.public_keys`, "Cannot read keyring: a key is not a string");
  }
  return [trim(identity), texts];
}

/**
 * Reads a keyring: `{"schema_id":"gait.gate.approver_keyring","schema_version":"1.0.0","approvers":
 * [{"identity":"alice","public_keys":["<base64>"]}]}`.
 *
 * @param text Content of the file.
 * @param options Name of the file, and the hash for key ids.
 * @throws GaitError `key_invalid` when a key is malformed or listed for two approvers; codes of the JSON
 *   reader
 *
 * @example
 * ```ts
 * import { formatPublicKey, readApproverKeyring, signerFromSeed, webDigester, webEd25519 } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const ports = { digester: webDigester, ed25519: webEd25519 };
 * const alice = await signerFromSeed(crypto.getRandomValues(new Uint8Array(32)), ports);
 * const text = JSON.stringify({
 *   schema_id: "gait.gate.approver_keyring",
 *   schema_version: "1.0.0",
 *   approvers: [{ identity: "alice", public_keys: [formatPublicKey(alice.publicKey).trim()] }],
 * });
 * const keys = await readApproverKeyring(text, { source: "keyring.json", digester: webDigester });
 * assertEquals(keys.kind, "bound");
 * assertEquals(keys.keys[0]?.keyId, alice.keyId);
 * ```
 */
export async function readApproverKeyring(
  text: string | Uint8Array,
  options: { readonly source: string; readonly digester: Digester },
): Promise<ApprovalKeys> {
  const { source, digester } = options;
  const root = parseJson(text, { source, maxBytes: LIMITS.configBytes });
  if (!isJsonObject(root)) throw invalid(source, "", "Cannot read keyring: not an object");
  onlyMembers(root, ["schema_id", "schema_version", "approvers"], [source, ""]);
  if (root["schema_id"] !== "gait.gate.approver_keyring" || root["schema_version"] !== "1.0.0") {
    throw invalid(
      source,
      "schema_id",
      "Cannot read keyring: not a gait.gate.approver_keyring 1.0.0",
    );
  }
  const list = root["approvers"];
  if (!Array.isArray(list) || list.length === 0) {
    throw invalid(source, "approvers", "Cannot read keyring: approvers is missing");
  }
  const keys: ApproverKey[] = [];
  const owners = new Map<string, string>();
  for (const [index, entry] of list.entries()) {
    const path = `approvers[${index}]`;
    const [identity, texts] = readApprover(entry, source, path);
    for (const keyText of texts) {
      const key = await verifyKey(parsePublicKey(keyText, { source }), digester);
      if (owners.has(key.keyId)) {
        throw invalid(source, path, `Cannot read keyring: key ${key.keyId} is listed twice`);
      }
      owners.set(key.keyId, identity);
      keys.push({ ...key, identity });
    }
  }
  return { kind: "bound", keys };
}
