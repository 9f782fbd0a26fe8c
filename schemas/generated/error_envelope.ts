/**
 * Error envelope. Generated from `schemas/v1/cli/error_envelope.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** One warning. */
export interface WireErrorEnvelopeWarning {
  /** Stable code. */
  readonly code: string;
  /** The warning, for people. */
  readonly message: string;
  /** How grave it is. */
  readonly severity?: "notice" | "warning" | "critical";
}

/** Where in an input an error was found. */
export interface WireErrorEnvelopePlace {
  /** Name of the input as the caller spelled it. */
  readonly source?: string;
  /** Line, from 1. */
  readonly line?: number;
  /** Column in code points, from 1. */
  readonly column?: number;
  /** Path inside the document, as in rules[2].match.tool_names. */
  readonly path?: string;
}

/** What every command prints with --json when it fails. Members of the command itself may stand beside it. */
export interface WireErrorEnvelope {
  /** Always false. */
  readonly ok: false;
  /** Id derived from the command line: equal command lines have equal ids. */
  readonly correlation_id?: string;
  /** Id that is unique to this run. */
  readonly invocation_id?: string;
  /** What went wrong, for people. */
  readonly error: string;
  /** Stable code from docs/errors.md, or of a failed token check. */
  readonly error_code: string;
  /** Kind of failure; decides the exit code. */
  readonly error_category:
    | "invalid_input"
    | "verification_failed"
    | "policy_blocked"
    | "approval_required"
    | "dependency_missing"
    | "io_failure"
    | "state_contention"
    | "network_transient"
    | "network_permanent"
    | "internal_failure";
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** How to mend it. */
  readonly hint: string;
  /** Warnings, for people. */
  readonly warnings?: readonly string[];
  /** Warnings with stable codes, in the order of warnings. */
  readonly warning_details?: readonly WireErrorEnvelopeWarning[];
  /** Where in which input. */
  readonly place?: WireErrorEnvelopePlace;
  /** Of a deciding command: block, because what cannot be decided is blocked. Of a verifying one: the verdict in the record. */
  readonly verdict?: string;
  /** Of a deciding command: the error code. */
  readonly reason_codes?: readonly string[];
}

/** Compiled schema: `warning`. */
export const ERROR_ENVELOPE_WARNING: SchemaNode = {
  type: "object",
  required: ["code", "message"],
  properties: {
    code: { type: "string", pattern: /^[a-z0-9_]+$/u },
    message: { type: "string" },
    severity: { type: "string", enum: ["notice", "warning", "critical"] },
  },
  additionalProperties: true,
};

/** Compiled schema: `place`. */
export const ERROR_ENVELOPE_PLACE: SchemaNode = {
  type: "object",
  properties: {
    source: { type: "string" },
    line: { type: "integer", minimum: 1, maximum: 9007199254740991 },
    column: { type: "integer", minimum: 1, maximum: 9007199254740991 },
    path: { type: "string" },
  },
  additionalProperties: false,
};

/** Compiled schema: Error envelope. */
export const ERROR_ENVELOPE: SchemaNode = {
  type: "object",
  required: ["ok", "error", "error_code", "error_category", "retryable", "hint"],
  properties: {
    ok: { type: "boolean", const: false },
    correlation_id: { type: "string" },
    invocation_id: { type: "string" },
    error: { type: "string" },
    error_code: { type: "string", pattern: /^[a-z0-9_]+$/u },
    error_category: {
      type: "string",
      enum: [
        "invalid_input",
        "verification_failed",
        "policy_blocked",
        "approval_required",
        "dependency_missing",
        "io_failure",
        "state_contention",
        "network_transient",
        "network_permanent",
        "internal_failure",
      ],
    },
    retryable: { type: "boolean" },
    hint: { type: "string" },
    warnings: { type: "array", items: { type: "string" } },
    warning_details: { type: "array", items: ERROR_ENVELOPE_WARNING },
    place: ERROR_ENVELOPE_PLACE,
    verdict: { type: "string" },
    reason_codes: { type: "array", items: { type: "string" } },
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/cli/error_envelope.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateErrorEnvelope(value: unknown): Finding[] {
  return validate(ERROR_ENVELOPE, value);
}
