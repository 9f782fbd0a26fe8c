/**
 * Shared value forms. Generated from `schemas/v1/common/values.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { SchemaNode } from "../schema_node.ts";

/** Outcome of a decision; only allow permits execution. */
export type WireVerdict = "allow" | "block" | "dry_run" | "require_approval";

/** Compiled schema: `sha256`. */
export const SHA256: SchemaNode = { type: "string", pattern: /^[0-9a-f]{64}$/u };

/** Compiled schema: `short_id`. */
export const SHORT_ID: SchemaNode = { type: "string", pattern: /^[0-9a-f]{24}$/u };

/** Compiled schema: `timestamp`. */
export const TIMESTAMP: SchemaNode = { type: "string", format: "date-time" };

/** Compiled schema: `non_blank`. */
export const NON_BLANK: SchemaNode = {
  type: "string",
  pattern: /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u,
};

/** Compiled schema: `verdict`. */
export const VERDICT: SchemaNode = {
  type: "string",
  enum: ["allow", "block", "dry_run", "require_approval"],
};
