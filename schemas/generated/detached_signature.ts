/**
 * Detached signature. Generated from `schemas/v1/sign/detached_signature.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SIGNATURE, type WireSignature } from "./signature.ts";
import { SHA256 } from "./values.ts";

/** A signed statement that a file name stands for these bytes, beside a record that has no place for a signature. */
export interface WireDetachedSignature {
  /** Names the kind of record. */
  readonly schema_id: "gait.detached_signature";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** File name of the signed record, without its directory. */
  readonly subject: string;
  /** SHA-256 of the bytes of the signed record. */
  readonly subject_sha256: string;
  /** Signature over the record without this member. */
  readonly signature: WireSignature;
}

/** Compiled schema: Detached signature. */
export const DETACHED_SIGNATURE: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "producer_version",
    "subject",
    "subject_sha256",
    "signature",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.detached_signature" },
    schema_version: { type: "string", const: "1.0.0" },
    producer_version: { type: "string" },
    subject: { type: "string", minLength: 1 },
    subject_sha256: SHA256,
    signature: SIGNATURE,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/sign/detached_signature.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateDetachedSignature(value: unknown): Finding[] {
  return validate(DETACHED_SIGNATURE, value);
}
