/**
 * Gate result. Generated from `schemas/v1/gate/gate_result.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { TIMESTAMP, VERDICT, type WireVerdict } from "./values.ts";

/** A verdict with its reasons, as the library returns it. */
export interface WireGateResult {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.result";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Decision time. */
  readonly created_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Verdict. */
  readonly verdict: WireVerdict;
  /** Reason codes, sorted. */
  readonly reason_codes: readonly string[];
  /** Violations, sorted. */
  readonly violations: readonly string[];
}

/** Compiled schema: Gate result. */
export const GATE_RESULT: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "verdict",
    "reason_codes",
    "violations",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.result" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    verdict: VERDICT,
    reason_codes: { type: "array", items: { type: "string" } },
    violations: { type: "array", items: { type: "string" } },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/gate_result.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateGateResult(value: unknown): Finding[] {
  return validate(GATE_RESULT, value);
}
