/**
 * The evidence that a credential was issued (spec 02 §11).
 *
 * @module
 */

import { encodeJsonPretty } from "../base/json_text.ts";
import type { IssuedCredential } from "./issue.ts";
import type { CredentialRequest } from "./request.ts";

/** Record `gait.gate.broker_credential_record`; members in file order, absent when empty. */
export interface CredentialRecord {
  readonly schema_id: "gait.gate.broker_credential_record";
  readonly schema_version: "1.0.0";
  /** Time of the gate result, UTC RFC 3339. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
  readonly tool_name: string;
  readonly identity: string;
  /** Who issued the credential. */
  readonly broker: string;
  readonly reference?: string;
  readonly scope?: readonly string[];
  readonly credential_ref: string;
  /** HMAC-SHA-256 of the secret with a key derived from the gate key, hex (divergence E13). */
  readonly credential_ref_hmac?: string;
}

/** What ties the record to its trace. */
export interface CredentialRecordHead {
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
}

/**
 * Builds the record of an issued credential.
 *
 * @param request What was asked for.
 * @param issued What was issued.
 * @param head Trace and time.
 */
export function credentialRecord(
  request: CredentialRequest,
  issued: IssuedCredential,
  head: CredentialRecordHead,
): CredentialRecord {
  return {
    schema_id: "gait.gate.broker_credential_record",
    schema_version: "1.0.0",
    created_at: head.created_at,
    producer_version: head.producer_version,
    trace_id: head.trace_id,
    tool_name: request.tool_name,
    identity: request.identity,
    broker: issued.issuer,
    ...(request.reference === "" ? {} : { reference: request.reference }),
    ...(request.scope.length === 0 ? {} : { scope: request.scope }),
    credential_ref: issued.credential_ref,
    ...(issued.credential_ref_hmac === ""
      ? {}
      : { credential_ref_hmac: issued.credential_ref_hmac }),
  };
}

/** Text of the record's file: two-space indentation, final newline (spec 02 §1.5). */
export function encodeCredentialRecord(record: CredentialRecord): string {
  return encodeJsonPretty(record);
}
