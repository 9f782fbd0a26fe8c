/**
 * The signature over approval and delegation tokens (spec 02 §9.2 step 3, §12.3).
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import type { JsonObject } from "../base/json_value.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { SignPorts } from "../sign/signer.ts";
import { verifySignature } from "../sign/verify_signature.ts";
import type { TokenFile } from "./token_file.ts";

/** Public key with its id, so that the id is computed once per command and not once per token. */
export interface VerifyKey {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Lower-case hex SHA-256 of the raw key. */
  readonly keyId: string;
}

/** What a token says that must be covered by its signature. */
export interface SignedForm {
  /** The file. */
  readonly file: TokenFile;
  /** The token rebuilt from its normalised fields, without signature. */
  readonly payload: JsonObject;
  /** The signature object as found. */
  readonly signature: JsonObject;
}

/** Outcome of {@linkcode checkTokenSignature}. */
export type TokenSignatureCheck =
  | { readonly ok: true; readonly key: VerifyKey; readonly signedDigest: string }
  | { readonly ok: false; readonly detail: string };

/**
 * Checks that a token says exactly what one of the trusted keys signed. The file must spell every value
 * as it was signed: a copy with edited white space or letter case is not the token any more, so that no
 * two files can pass as two tokens. `key_id` is required, because nothing else ties a file to a key.
 *
 * @param form File, rebuilt payload and signature.
 * @param keys Trusted keys.
 * @param ports Hash and signature scheme.
 */
export async function checkTokenSignature(
  form: SignedForm,
  keys: readonly VerifyKey[],
  ports: SignPorts,
): Promise<TokenSignatureCheck> {
  const { signature: _, ...written } = form.file.members;
  const canonical = canonicalize(form.payload);
  if (canonicalize(written) !== canonical) {
    return { ok: false, detail: "the file is not spelled as it was signed" };
  }
  const claimed = Object.hasOwn(form.signature, "key_id") ? form.signature["key_id"] : undefined;
  const key = keys.find((candidate) => candidate.keyId === claimed);
  if (key === undefined) return { ok: false, detail: "signed by a key that is not trusted here" };
  const digest = await ports.digester.sha256(utf8(canonical));
  const { signature } = form;
  const outcome = await verifySignature({ signature, digest, publicKey: key.publicKey }, ports);
  if (!outcome.ok) return { ok: false, detail: outcome.reason };
  return { ok: true, key, signedDigest: toHex(digest) };
}
