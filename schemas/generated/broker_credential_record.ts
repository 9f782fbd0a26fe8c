/**
 * Broker credential record. Generated from `schemas/v1/gate/broker_credential_record.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, SHORT_ID, TIMESTAMP } from "./values.ts";

/** Which credential a broker issued for an allowed call. It never holds the credential. */
export interface WireBrokerCredentialRecord {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.broker_credential_record";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Decision time. */
  readonly created_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Trace of the decision. */
  readonly trace_id: string;
  /** Normalised tool name. */
  readonly tool_name: string;
  /** Identity the credential was issued for. */
  readonly identity: string;
  /** Name of the issuer. */
  readonly broker: string;
  /** Reference that was passed to the broker. */
  readonly reference?: string;
  /** Scopes that were asked for; case is kept. */
  readonly scope?: readonly string[];
  /** Reference to the credential, given by the broker. */
  readonly credential_ref: string;
  /** HMAC-SHA-256 of the secret with a key derived from the gate key; present when a key is given. */
  readonly credential_ref_hmac?: string;
}

/** Compiled schema: Broker credential record. */
export const BROKER_CREDENTIAL_RECORD: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "trace_id",
    "tool_name",
    "identity",
    "broker",
    "credential_ref",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.broker_credential_record" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    trace_id: SHORT_ID,
    tool_name: { type: "string", minLength: 1 },
    identity: { type: "string" },
    broker: { type: "string", minLength: 1 },
    reference: { type: "string" },
    scope: { type: "array", items: { type: "string" } },
    credential_ref: { type: "string", minLength: 1 },
    credential_ref_hmac: SHA256,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/broker_credential_record.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateBrokerCredentialRecord(value: unknown): Finding[] {
  return validate(BROKER_CREDENTIAL_RECORD, value);
}
