/**
 * Rate limit lock. Generated from `schemas/v1/gate/rate_limit_lock.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { TIMESTAMP } from "./values.ts";

/** Content of a lock file: who holds it, since when. Further members about the holder are tolerated. */
export interface WireRateLimitLock {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.rate_limit_lock";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Process id of the holder. */
  readonly pid: number;
  /** When the lock was taken or last refreshed. */
  readonly created_at: string;
}

/** Compiled schema: Rate limit lock. */
export const RATE_LIMIT_LOCK: SchemaNode = {
  type: "object",
  required: ["schema_id", "schema_version", "pid", "created_at"],
  properties: {
    schema_id: { type: "string", const: "gait.gate.rate_limit_lock" },
    schema_version: { type: "string", const: "1.0.0" },
    pid: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    created_at: TIMESTAMP,
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/gate/rate_limit_lock.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateRateLimitLock(value: unknown): Finding[] {
  return validate(RATE_LIMIT_LOCK, value);
}
