/**
 * Rate limit state. Generated from `schemas/v1/gate/rate_limit_state.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** One counter. */
export interface WireRateLimitStateCounter {
  /** <window>|<scope>|<bucket start>|<scope key>. */
  readonly key: string;
  /** Calls counted in the window. */
  readonly count: number;
}

/** Counters of the current windows. Further top-level members are tolerated, so that a newer writer does not free quota. */
export interface WireRateLimitState {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.rate_limit_state";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Counters, sorted by key. */
  readonly counters: readonly WireRateLimitStateCounter[];
}

/** Compiled schema: `counter`. */
export const RATE_LIMIT_STATE_COUNTER: SchemaNode = {
  type: "object",
  required: ["key", "count"],
  properties: {
    key: { type: "string", minLength: 1 },
    count: { type: "integer", minimum: 0, maximum: 9007199254740991 },
  },
  additionalProperties: false,
};

/** Compiled schema: Rate limit state. */
export const RATE_LIMIT_STATE: SchemaNode = {
  type: "object",
  required: ["schema_id", "schema_version", "counters"],
  properties: {
    schema_id: { type: "string", const: "gait.gate.rate_limit_state" },
    schema_version: { type: "string", const: "1.0.0" },
    counters: { type: "array", items: RATE_LIMIT_STATE_COUNTER },
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/gate/rate_limit_state.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateRateLimitState(value: unknown): Finding[] {
  return validate(RATE_LIMIT_STATE, value);
}
