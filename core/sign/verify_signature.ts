/**
 * Verification of one signature object, step by step in the order of spec 01 §6.3. The result is a
 * value; nothing in the object can make it throw.
 *
 * @module
 */

import { type Bytes, fromBase64, toHex } from "../base/bytes.ts";
import type { ErrorCode } from "../base/error_codes.ts";
import { isJsonObject } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import { base64Fault } from "./_base64_fault.ts";
import { isSmallOrder } from "./_small_order.ts";
import { keyId } from "./key_id.ts";
import { SIGNATURE_ALG, SIGNATURE_MEMBERS } from "./signature.ts";
import type { SignPorts } from "./signer.ts";

/** Text of the last step's failure; commands report it by status alone (spec 01 §11.9). */
export const PLAIN_FAILURE = "signature verification failed";

/** What is to be verified. */
export interface SignatureRequest {
  /** The signature object as found; any value. */
  readonly signature: unknown;
  /** Recomputed digest of the signable form, 32 bytes. */
  readonly digest: Uint8Array;
  /** Raw public key that the caller trusts, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** How a verification ended. */
export type SignatureOutcome =
  | { readonly ok: true; readonly keyId: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly reason: string };

/** A failed outcome. */
function failed(code: ErrorCode, reason: string): SignatureOutcome {
  return { ok: false, code, reason };
}

/** A text member, "" when it is absent or anything else. */
function textOf(signature: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(signature, name) ? signature[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** Steps before the arithmetic: digest, algorithm, key id, encoding. */
function checkForm(
  signature: Readonly<Record<string, unknown>>,
  expected: { readonly digest: string; readonly keyId: string },
): SignatureOutcome | Bytes {
  const signedDigest = textOf(signature, "signed_digest");
  if (signedDigest === "") return failed("signature_invalid", "missing signed_digest");
  if (signedDigest !== expected.digest) return failed("digest_mismatch", "signed_digest mismatch");
  const alg = textOf(signature, "alg");
  if (alg !== SIGNATURE_ALG) {
    return failed("signature_invalid", `unsupported alg: ${printable(alg)}`);
  }
  const id = textOf(signature, "key_id");
  if (id !== "" && id !== expected.keyId) return failed("signature_invalid", "key id mismatch");
  const text = textOf(signature, "sig");
  const sig = fromBase64(text);
  if (sig === undefined) return failed("signature_invalid", `decode sig: ${base64Fault(text)}`);
  if (sig.length !== 64) {
    return failed("signature_invalid", `invalid signature length: ${sig.length}`);
  }
  return sig;
}

/** Steps after the arithmetic, which the reference does not take (divergence E6). */
function checkCover(signature: Readonly<Record<string, unknown>>): SignatureOutcome | undefined {
  // Older records leave key_id out. One that is there and names no key was edited.
  if (Object.hasOwn(signature, "key_id") && textOf(signature, "key_id") === "") {
    return failed("signature_invalid", "key id mismatch");
  }
  const extra = Object.keys(signature).filter((name) => !SIGNATURE_MEMBERS.includes(name));
  if (extra.length === 0) return undefined;
  const name = printable(extra.join(", signature."));
  return failed("unsigned_member", `member not covered by the signature: signature.${name}`);
}

/**
 * Verifies a signature object against a digest and a trusted key.
 *
 * @param request Object, recomputed digest, trusted public key.
 * @param ports Hash and signature scheme.
 * @returns `ok` with the id of the key, or the first failing step as code and text.
 */
export async function verifySignature(
  request: SignatureRequest,
  ports: SignPorts,
): Promise<SignatureOutcome> {
  const { signature, digest, publicKey } = request;
  if (!isJsonObject(signature)) return failed("signature_missing", "missing signed_digest");
  const id = await keyId(publicKey, ports.digester);
  const form = checkForm(signature, { digest: toHex(digest), keyId: id });
  if (!(form instanceof Uint8Array)) return form;
  const valid = publicKey.length === 32 && digest.length === 32 && !isSmallOrder(publicKey) &&
    await ports.ed25519.verify({ publicKey, message: digest, signature: form });
  if (!valid) return failed("signature_invalid", PLAIN_FAILURE);
  return checkCover(signature) ?? { ok: true, keyId: id };
}
