/**
 * Adoption report. Generated from `schemas/v1/doctor/adoption_report.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { JsonObject } from "../../core/base/json_value.ts";
import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { TIMESTAMP } from "./values.ts";

/** Counts of one command. */
export interface WireAdoptionReportCommand {
  /** Words of the command. */
  readonly command: string;
  /** Events. */
  readonly total: number;
  /** Events of successes. */
  readonly success: number;
  /** Events of failures. */
  readonly failure: number;
}

/** One milestone. */
export interface WireAdoptionReportMilestone {
  /** Tag of the milestone. */
  readonly name: "A1" | "A2" | "A3" | "A4" | "E1" | "E2" | "E3";
  /** Whether an event carries the tag. */
  readonly achieved: boolean;
}

/** One workflow. */
export interface WireAdoptionReportWorkflow {
  /** Id of the workflow. */
  readonly workflow: string;
  /** Events. */
  readonly total: number;
  /** Events of successes. */
  readonly success: number;
  /** Events of failures. */
  readonly failure: number;
  /** Successes over all events. */
  readonly success_rate: number;
  /** Median time of all events, ms. */
  readonly median_runtime_ms: number;
  /** Most frequent exit code of failures. */
  readonly most_common_failure_code?: number;
}

/** Median times of the first and the last command of the way, ms. */
export interface WireAdoptionReportMedians {
  /** Median of successes with A1. */
  readonly m1_demo_elapsed_ms?: number;
  /** Median of successes with A4. */
  readonly m2_regress_run_elapsed_ms?: number;
}

/** How far an adoption has come, from the events of a local log. Printed by doctor adoption as report. */
export interface WireAdoptionReport {
  /** Names the kind of record. */
  readonly schema_id: "gait.doctor.adoption_report";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Time of the latest event; 1980-01-01T00:00:00Z without any. */
  readonly created_at: string;
  /** Version of the program that reports. */
  readonly producer_version: string;
  /** The log, as it was named. */
  readonly source: string;
  /** Events. */
  readonly total_events: number;
  /** Events of successes. */
  readonly success_events: number;
  /** Events of failures. */
  readonly failed_events: number;
  /** Time of the earliest event; 0001-01-01T00:00:00Z without any. */
  readonly first_event_at: string;
  /** Time of the latest event; 0001-01-01T00:00:00Z without any. */
  readonly last_event_at: string;
  /** Counts by command, sorted. */
  readonly commands: readonly WireAdoptionReportCommand[];
  /** All milestones, in their fixed order. */
  readonly milestones: readonly WireAdoptionReportMilestone[];
  /** Time of the first success with each milestone (A1 to A4) after the first event, ms. */
  readonly activation_timing_ms?: JsonObject;
  /** Median times of the first and the last command of the way, ms. */
  readonly activation_medians_ms?: WireAdoptionReportMedians;
  /** Workflows that have events, in their fixed order. */
  readonly skill_workflows?: readonly WireAdoptionReportWorkflow[];
  /** Whether A1 to A4 are all achieved. */
  readonly activation_complete: boolean;
  /** What is missing, and the command for it, sorted. */
  readonly blockers?: readonly string[];
}

/** Compiled schema: `command`. */
export const ADOPTION_REPORT_COMMAND: SchemaNode = {
  type: "object",
  required: ["command", "total", "success", "failure"],
  properties: {
    command: { type: "string" },
    total: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    success: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    failure: { type: "integer", minimum: 0, maximum: 9007199254740991 },
  },
  additionalProperties: true,
};

/** Compiled schema: `milestone`. */
export const ADOPTION_REPORT_MILESTONE: SchemaNode = {
  type: "object",
  required: ["name", "achieved"],
  properties: {
    name: { type: "string", enum: ["A1", "A2", "A3", "A4", "E1", "E2", "E3"] },
    achieved: { type: "boolean" },
  },
  additionalProperties: true,
};

/** Compiled schema: `workflow`. */
export const ADOPTION_REPORT_WORKFLOW: SchemaNode = {
  type: "object",
  required: ["workflow", "total", "success", "failure", "success_rate", "median_runtime_ms"],
  properties: {
    workflow: { type: "string" },
    total: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    success: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    failure: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    success_rate: { type: "number", minimum: 0, maximum: 1 },
    median_runtime_ms: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    most_common_failure_code: { type: "integer", minimum: 0, maximum: 255 },
  },
  additionalProperties: true,
};

/** Compiled schema: `timing`. */
export const ADOPTION_REPORT_TIMING: SchemaNode = { type: "object", additionalProperties: true };

/** Compiled schema: `medians`. */
export const ADOPTION_REPORT_MEDIANS: SchemaNode = {
  type: "object",
  properties: {
    m1_demo_elapsed_ms: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    m2_regress_run_elapsed_ms: { type: "integer", minimum: 0, maximum: 9007199254740991 },
  },
  additionalProperties: true,
};

/** Compiled schema: Adoption report. */
export const ADOPTION_REPORT: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "source",
    "total_events",
    "success_events",
    "failed_events",
    "first_event_at",
    "last_event_at",
    "commands",
    "milestones",
    "activation_complete",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.doctor.adoption_report" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    source: { type: "string" },
    total_events: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    success_events: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    failed_events: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    first_event_at: TIMESTAMP,
    last_event_at: TIMESTAMP,
    commands: { type: "array", items: ADOPTION_REPORT_COMMAND },
    milestones: { type: "array", items: ADOPTION_REPORT_MILESTONE },
    activation_timing_ms: ADOPTION_REPORT_TIMING,
    activation_medians_ms: ADOPTION_REPORT_MEDIANS,
    skill_workflows: { type: "array", items: ADOPTION_REPORT_WORKFLOW },
    activation_complete: { type: "boolean" },
    blockers: { type: "array", items: { type: "string" } },
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/doctor/adoption_report.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateAdoptionReport(value: unknown): Finding[] {
  return validate(ADOPTION_REPORT, value);
}
