/**
 * What a service and its evidence thread say to each other. Both are the same build, so messages are taken as
 * they are typed.
 *
 * @module
 */

import type { PlainError } from "../base/plain_error.ts";
import type { EventInput, NamedText } from "../journal/append_events.ts";
import type { SegmentRecord } from "../wal/segment_record.ts";

/** An event, and the files that must be visible before it is written, and durable with it. */
export interface RecordedEvent {
  readonly event: EventInput;
  readonly files: readonly NamedText[];
}

/** Something to do. */
export type EvidenceTask =
  /** Creates and removes files of the directory. */
  | { readonly kind: "write"; readonly records: readonly SegmentRecord[] }
  /** Appends events to the journal of a session. */
  | { readonly kind: "append"; readonly journal: string; readonly events: readonly RecordedEvent[] }
  /** Looks whether the directory is still there, and with `writes` whether it takes files. */
  | { readonly kind: "check"; readonly writes: boolean }
  /** Settles segments: those that are old enough, or all. */
  | { readonly kind: "maintain" | "close" };

/** To the thread. The first message opens the directory; every task is answered. */
export type ToEvidence =
  | { readonly kind: "open"; readonly directory: string }
  | { readonly kind: "task"; readonly id: number; readonly task: EvidenceTask };

/** How a task went. */
export interface Done {
  /** What failed, by position in the task; empty when nothing did. */
  readonly failures: readonly (readonly [position: number, error: PlainError])[];
  /**
   * Sequence numbers of appended events, by position; 0 for one that was not written. One that was and failed
   * nevertheless must be contradicted: its files are gone.
   */
  readonly sequences: readonly number[];
}

/** From the thread. */
export interface FromEvidence extends Done {
  /** Number of the task. */
  readonly id: number;
  /** Segments on disk. */
  readonly segments: number;
}
