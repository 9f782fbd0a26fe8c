/**
 * Signature object. Generated from `schemas/v1/gate/signature.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256 } from "./values.ts";

/** Ed25519 signature over the SHA-256 of the canonical JSON of the record without its signature member. */
export interface WireSignature {
  /** Signature algorithm. */
  readonly alg: "ed25519";
  /** SHA-256 of the 32 public key bytes. */
  readonly key_id: string;
  /** Canonical standard base64 of the 64 signature bytes over the 32 raw digest bytes. */
  readonly sig: string;
  /** Digest that was signed. Every verifier requires it. */
  readonly signed_digest: string;
}

/** Compiled schema: Signature object. */
export const SIGNATURE: SchemaNode = {
  type: "object",
  required: ["alg", "key_id", "sig", "signed_digest"],
  properties: {
    alg: { type: "string", const: "ed25519" },
    key_id: SHA256,
    sig: { type: "string", pattern: /^[A-Za-z0-9+\/]{85}[AQgw]==$/u },
    signed_digest: SHA256,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/signature.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateSignature(value: unknown): Finding[] {
  return validate(SIGNATURE, value);
}
