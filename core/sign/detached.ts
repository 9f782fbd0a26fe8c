/**
 * Detached signatures for records whose own bytes have no place for one (divergence E13).
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import { sha256Hex } from "../digest/digest.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { parseJson } from "../text/json.ts";
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

const SCHEMA_ID = "gait.detached_signature";
const SCHEMA_VERSION = "1.0.0";

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
    schema_id: SCHEMA_ID,
    schema_version: SCHEMA_VERSION,
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

/** Path of the detached signature beside a record. */
export function signaturePath(record: string): string {
  return `${record.replace(/\.json$/, "")}.sig.json`;
}

/** Name under which a record is signed: that of its file, without the directory. */
export function signedName(record: string): string {
  return record.slice(Math.max(record.lastIndexOf("/"), record.lastIndexOf("\\")) + 1);
}

/** A detached signature as read; nothing in it has been verified. */
export interface DetachedDocument {
  readonly subject: string;
  readonly subjectSha256: string;
  /** Everything but the signature, which covers it. */
  readonly body: JsonObject;
  readonly signature: JsonObject;
}

/** Members of the statement, all texts. */
const BODY = ["producer_version", "schema_id", "schema_version", "subject", "subject_sha256"];

function invalid(message: string, source: string): GaitError {
  return new GaitError("schema_violation", `Cannot read a detached signature: ${message}`, {
    place: { source },
  });
}

/**
 * Reads a detached signature. There is nothing optional in it, so a member too many is refused.
 *
 * @param options `source`: name of the input for messages.
 * @throws GaitError `schema_violation` and what `parseJson` throws
 */
export function parseDetached(
  text: string,
  { source }: { readonly source: string },
): DetachedDocument {
  const value = parseJson(text, { source });
  if (!isJsonObject(value)) throw invalid("not a JSON object", source);
  const { signature, ...body } = value;
  for (const name of BODY) {
    if (typeof body[name] !== "string") throw invalid(`${name} is no text`, source);
  }
  const unknown = Object.keys(body).find((name) => !BODY.includes(name));
  if (unknown !== undefined) throw invalid(`unknown member ${printable(unknown, 64)}`, source);
  if (body.schema_id !== SCHEMA_ID || body.schema_version !== SCHEMA_VERSION) {
    throw invalid(`expected ${SCHEMA_ID} ${SCHEMA_VERSION}`, source);
  }
  if (!isJsonObject(signature)) throw invalid("signature is no object", source);
  const { subject, subject_sha256: subjectSha256 } = body;
  return { subject: String(subject), subjectSha256: String(subjectSha256), body, signature };
}
