/**
 * DSSE envelopes (Dead Simple Signing Envelope 1.0) with Ed25519, made and opened with our own signing code.
 *
 * @module
 */

import { fromBase64, toBase64, utf8 } from "../../core/base/bytes.ts";
import { keyId } from "../../core/sign/key_id.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import type { Signer } from "../../core/ports/sign.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";

/** Type of in-toto statements. */
export const IN_TOTO = "application/vnd.in-toto+json";

/** A signed statement. */
export interface Envelope {
  readonly payloadType: string;
  /** Standard base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The bytes that are signed: type and payload with their lengths. */
export function preAuthEncoding(type: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = utf8(`DSSEv1 ${utf8(type).length} ${type} ${payload.length} `);
  const out = new Uint8Array(head.length + payload.length);
  out.set(head);
  out.set(payload, head.length);
  return out;
}

/** Signs a payload. */
export async function seal(payload: Uint8Array, signer: Signer): Promise<Envelope> {
  const sig = toBase64(await signer.sign(preAuthEncoding(IN_TOTO, payload)));
  return {
    payloadType: IN_TOTO,
    payload: toBase64(payload),
    signatures: [{ keyid: signer.keyId, sig }],
  };
}

/**
 * Opens an envelope that a key must have signed.
 *
 * @returns The payload, or `undefined` when the envelope does not hold: every signature that claims the key
 * must be valid, and there must be one.
 */
export async function open(
  envelope: Envelope,
  publicKey: Uint8Array,
): Promise<Uint8Array | undefined> {
  const payload = fromBase64(envelope.payload);
  if (payload === undefined || envelope.payloadType !== IN_TOTO) return undefined;
  const id = await keyId(publicKey, webDigester);
  const own = envelope.signatures.filter(({ keyid }) => keyid === id);
  const message = preAuthEncoding(envelope.payloadType, payload);
  for (const { sig } of own) {
    const signature = fromBase64(sig);
    if (signature === undefined) return undefined;
    if (!await webEd25519.verify({ publicKey, message, signature })) return undefined;
  }
  return own.length > 0 ? payload : undefined;
}
