/**
 * The records of a session journal as values, and their lines (spec 03 §3.2).
 *
 * @module
 */

import { encodeJsonRecord } from "../base/json_text.ts";

/** Schema ids of the session family. */
export const SESSION_SCHEMAS = {
  journal: "gait.runpack.session_journal",
  event: "gait.runpack.session_event",
  checkpoint: "gait.runpack.session_checkpoint",
  state: "gait.runpack.session_state",
  chain: "gait.runpack.session_chain",
} as const;

/** Version of every schema of the family. */
export const SESSION_SCHEMA_VERSION = "1.0.0";

/** Who a session is. */
export interface SessionIdentity {
  readonly session_id: string;
  readonly run_id: string;
}

/** First record of a journal. Times are RFC 3339 UTC. */
export interface SessionHeader extends SessionIdentity {
  readonly created_at: string;
  readonly producer_version: string;
  readonly started_at: string;
  /** Set when `events` was `null`, as compaction by the reference leaves it; such a header is kept so. */
  readonly events?: null;
}

/** One tool call. Optional texts are absent instead of empty, lists absent instead of empty. */
export interface SessionEvent extends SessionIdentity {
  readonly schema_id: string;
  readonly schema_version: string;
  readonly created_at: string;
  readonly producer_version: string;
  readonly sequence: number;
  readonly intent_id?: string;
  readonly tool_name?: string;
  readonly intent_digest?: string;
  readonly policy_digest?: string;
  readonly trace_id?: string;
  readonly trace_path?: string;
  readonly verdict?: string;
  readonly reason_codes?: readonly string[];
  readonly violations?: readonly string[];
}

/** A sealed range of events. */
export interface SessionCheckpoint extends SessionIdentity {
  readonly schema_id: string;
  readonly schema_version: string;
  readonly created_at: string;
  readonly producer_version: string;
  readonly checkpoint_index: number;
  readonly sequence_start: number;
  readonly sequence_end: number;
  readonly runpack_path: string;
  readonly manifest_digest: string;
  readonly prev_checkpoint_digest?: string;
  readonly checkpoint_digest: string;
}

/** Any record. */
export type JournalRecord =
  | { readonly kind: "header"; readonly header: SessionHeader }
  | { readonly kind: "event"; readonly event: SessionEvent }
  | { readonly kind: "checkpoint"; readonly checkpoint: SessionCheckpoint };

/** Status of the result that stands for an event in a runpack (spec 03 §5.3). */
export function resultStatus({ verdict }: SessionEvent): "ok" | "error" {
  return verdict === "block" || verdict === "require_approval" ? "error" : "ok";
}

/** `undefined` for what is empty and therefore left out. */
function filled<T extends string | readonly string[]>(value: T | undefined): T | undefined {
  return value === undefined || value.length === 0 ? undefined : value;
}

/** An event with its members in the order of the format. */
export function orderedEvent(event: SessionEvent): SessionEvent {
  return {
    schema_id: event.schema_id,
    schema_version: event.schema_version,
    created_at: event.created_at,
    producer_version: event.producer_version,
    session_id: event.session_id,
    run_id: event.run_id,
    sequence: event.sequence,
    intent_id: filled(event.intent_id),
    tool_name: filled(event.tool_name),
    intent_digest: filled(event.intent_digest),
    policy_digest: filled(event.policy_digest),
    trace_id: filled(event.trace_id),
    trace_path: filled(event.trace_path),
    verdict: filled(event.verdict),
    reason_codes: filled(event.reason_codes),
    violations: filled(event.violations),
  } as SessionEvent;
}

/** A checkpoint with its members in the order of the format. */
export function orderedCheckpoint(checkpoint: SessionCheckpoint): SessionCheckpoint {
  return {
    schema_id: checkpoint.schema_id,
    schema_version: checkpoint.schema_version,
    created_at: checkpoint.created_at,
    producer_version: checkpoint.producer_version,
    session_id: checkpoint.session_id,
    run_id: checkpoint.run_id,
    checkpoint_index: checkpoint.checkpoint_index,
    sequence_start: checkpoint.sequence_start,
    sequence_end: checkpoint.sequence_end,
    runpack_path: checkpoint.runpack_path,
    manifest_digest: checkpoint.manifest_digest,
    prev_checkpoint_digest: filled(checkpoint.prev_checkpoint_digest),
    checkpoint_digest: checkpoint.checkpoint_digest,
  } as SessionCheckpoint;
}

/** The header as the object that its line holds. */
function orderedHeader(header: SessionHeader): Record<string, unknown> {
  return {
    schema_id: SESSION_SCHEMAS.journal,
    schema_version: SESSION_SCHEMA_VERSION,
    created_at: header.created_at,
    producer_version: header.producer_version,
    session_id: header.session_id,
    run_id: header.run_id,
    started_at: header.started_at,
    events: header.events === null ? null : [],
  };
}

/** Encodes a record as the text of its line, without the line end. */
export function encodeJournalText(record: JournalRecord): string {
  switch (record.kind) {
    case "header":
      return encodeJsonRecord({ record_type: "header", header: orderedHeader(record.header) });
    case "event":
      return encodeJsonRecord({ record_type: "event", event: orderedEvent(record.event) });
    case "checkpoint": {
      const checkpoint = orderedCheckpoint(record.checkpoint);
      return encodeJsonRecord({ record_type: "checkpoint", checkpoint });
    }
  }
}

/** Encodes a record as one line, with its line end. */
export function encodeJournalLine(record: JournalRecord): string {
  return `${encodeJournalText(record)}\n`;
}
