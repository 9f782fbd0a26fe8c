/**
 * What the two digests of a manifest cover (spec 01 §5). Both work on the JSON object as found, so
 * members that we do not know are covered too (spec 01 §6.4).
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import type { JsonObject } from "../base/json_value.ts";
import { sha256Hex } from "../digest/digest.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { Digester } from "../ports/digest.ts";

/** Copies an object without its signatures; data members stay data whatever they are called. */
function withoutSignatures(manifest: JsonObject): JsonObject {
  const { signatures: _signatures, ...rest } = manifest;
  return rest;
}

/**
 * Canonical text under `manifest_digest`: `signatures` removed, `manifest_digest` present and empty.
 *
 * @param manifest The manifest as found.
 */
export function manifestPreimage(manifest: JsonObject): string {
  return canonicalize({ ...withoutSignatures(manifest), manifest_digest: "" });
}

/**
 * Canonical text under the signatures: `signatures` removed, everything else as found.
 *
 * @param manifest The manifest as found.
 */
export function signablePreimage(manifest: JsonObject): string {
  return canonicalize(withoutSignatures(manifest));
}

/**
 * The digest that names a runpack.
 *
 * @param manifest The manifest as found.
 * @param digester SHA-256.
 * @returns 64 lower-case hex digits.
 */
export async function manifestDigest(manifest: JsonObject, digester: Digester): Promise<string> {
  return await sha256Hex(digester, manifestPreimage(manifest));
}

/**
 * The digest that signatures of a manifest sign.
 *
 * @param manifest The manifest as found, with its real `manifest_digest`.
 * @param digester SHA-256.
 * @returns 32 bytes.
 */
export async function signedDigest(manifest: JsonObject, digester: Digester): Promise<Uint8Array> {
  return await digester.sha256(utf8(signablePreimage(manifest)));
}
