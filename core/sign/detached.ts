/**
 * Detached signatures for records whose own bytes have no place for one (divergence E13).
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import { sha256Hex } from "../digest/digest.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { type Signature, signDigest } from "./signature.ts";

/** The signed statement: this name stands for these bytes. */
export interface DetachedSignature {
  readonly schema_id: "gait.detached_signature";
  readonly schema_version: "1.0.0";
  readonly producer_version: string;
  /** File name of the record, without its directory. */
  readonly subject: string;
  /** SHA-256 of the record's bytes, 64 hex digits. */
  readonly subject_sha256: string;
  readonly signature: Signature;
}

/** What is signed. */
export interface DetachedSubject {
  /** File name of the record, without its directory. */
  readonly subject: string;
  /** The record's text. */
  readonly text: string;
  readonly producerVersion: string;
}

/**
 * Signs a record's bytes.
 *
 * @throws GaitError `signer_failed`
 */
export async function signDetached(
  record: DetachedSubject,
  ports: { readonly signer: Signer; readonly digester: Digester },
): Promise<DetachedSignature> {
  const body = {
    schema_id: "gait.detached_signature",
    schema_version: "1.0.0",
    producer_version: record.producerVersion,
    subject: record.subject,
    subject_sha256: await sha256Hex(ports.digester, record.text),
  } as const;
  const digest = await ports.digester.sha256(utf8(canonicalize({ ...body })));
  return { ...body, signature: await signDigest(digest, ports.signer) };
}

/** Text of a detached signature's file. */
export function encodeDetached(detached: DetachedSignature): string {
  return encodeJsonPretty(detached);
}
