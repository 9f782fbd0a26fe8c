/**
 * Appending events to a journal.
 *
 * @module
 */

import type { GaitError } from "../base/errors.ts";
import { type AppendedEvent, eventCommit } from "./commit_events.ts";
import { GroupCommit } from "./group_commit.ts";
import type { SessionPorts } from "./open_session.ts";
import type { EventInput } from "./write_events.ts";

export type { AppendedEvent } from "./commit_events.ts";
export type { EventInput } from "./write_events.ts";

/** A small file by its plain name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Appends an event to a journal, wherever that is done.
 *
 * @param files Files of the evidence directory: visible before the event is written, and durable with it.
 * @returns Its sequence number, when everything is durable; when it fails, none of the files stays.
 */
export type AppendEvent = (event: EventInput, files: readonly NamedText[]) => Promise<number>;

/** An event that was written behind files. */
export interface WrittenEvent {
  readonly sequence: number;
  /** Why its files could not be made durable: they are gone, and the event must be contradicted. */
  readonly failure: GaitError | undefined;
}

/** Like {@linkcode AppendEvent}, but leaves it to the caller to contradict what failed when it was written. */
export type WriteEvent = (
  event: EventInput,
  files: readonly NamedText[],
) => Promise<WrittenEvent>;

/** Appends to one journal. */
export interface SessionAppender {
  /**
   * Appends an event and waits until it is durable. Calls that come together share one sync.
   *
   * @throws GaitError `state_contention`, `io_failure`, `journal_invalid`, `journal_altered`,
   *   `acknowledged_event_missing`, `lock_lost`; the event is then not acknowledged
   */
  append(input: EventInput): Promise<AppendedEvent>;
  /** Resolves when the session is not held any more. */
  idle(): Promise<void>;
}

/**
 * Makes an appender; a long-lived process keeps one for each journal.
 *
 * @param journal Path of the journal, which must exist.
 * @param options `holdMs`: how long the session stays held while events keep coming, ms; 0 when absent. Longer
 *   is cheaper for this process and makes others wait.
 */
export function sessionAppender(
  journal: string,
  ports: SessionPorts,
  options: { readonly holdMs?: number } = {},
): SessionAppender {
  const commit = eventCommit(journal, ports, options.holdMs ?? 0);
  const group = new GroupCommit<EventInput, AppendedEvent>(commit);
  return { append: (input) => group.submit(input), idle: () => group.idle() };
}
