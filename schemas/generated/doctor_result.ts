/**
 * Result of doctor. Generated from `schemas/v1/doctor/doctor_result.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { TIMESTAMP } from "./values.ts";

/** One check. */
export interface WireDoctorResultCheck {
  /** Stable name. */
  readonly name: string;
  /** How it ended. */
  readonly status: "pass" | "warn" | "fail";
  /** What was found, for people. */
  readonly message: string;
  /** Command for a POSIX shell that mends it. */
  readonly fix_command?: string;
  /** What to do where no command does it. */
  readonly hint?: string;
  /** Set on what endangers everybody at once. */
  readonly severity?: "critical";
  /** Whether nothing here mends it. */
  readonly non_fixable?: boolean;
  /** Every finding, when the message had to leave some out. */
  readonly details?: readonly string[];
}

/** What doctor finds, with the members of the output envelope. Empty and false members are omitted, except ok. */
export interface WireDoctorResult {
  /** Whether no check fails. */
  readonly ok: boolean;
  /** Names the kind of record. */
  readonly schema_id: "gait.doctor.result";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** When the examination ended. */
  readonly created_at: string;
  /** Version of the program. */
  readonly producer_version: string;
  /** The worst status of a check. */
  readonly status: "pass" | "warn" | "fail";
  /** Whether something is wrong that nothing here mends. */
  readonly non_fixable?: boolean;
  /** One line for people. */
  readonly summary: string;
  /** Distinct commands that mend something, sorted. */
  readonly fix_commands?: readonly string[];
  /** Checks in their fixed order. */
  readonly checks: readonly WireDoctorResultCheck[];
}

/** Compiled schema: `check`. */
export const DOCTOR_RESULT_CHECK: SchemaNode = {
  type: "object",
  required: ["name", "status", "message"],
  properties: {
    name: { type: "string", pattern: /^[a-z0-9_]+$/u },
    status: { type: "string", enum: ["pass", "warn", "fail"] },
    message: { type: "string" },
    fix_command: { type: "string" },
    hint: { type: "string" },
    severity: { type: "string", enum: ["critical"] },
    non_fixable: { type: "boolean" },
    details: { type: "array", items: { type: "string" } },
  },
  additionalProperties: true,
};

/** Compiled schema: Result of doctor. */
export const DOCTOR_RESULT: SchemaNode = {
  type: "object",
  required: [
    "ok",
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "status",
    "summary",
    "checks",
  ],
  properties: {
    ok: { type: "boolean" },
    schema_id: { type: "string", const: "gait.doctor.result" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    status: { type: "string", enum: ["pass", "warn", "fail"] },
    non_fixable: { type: "boolean" },
    summary: { type: "string" },
    fix_commands: { type: "array", items: { type: "string" } },
    checks: { type: "array", items: DOCTOR_RESULT_CHECK },
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/doctor/doctor_result.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateDoctorResult(value: unknown): Finding[] {
  return validate(DOCTOR_RESULT, value);
}
