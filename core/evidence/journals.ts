/**
 * Journals that the evidence thread appends to. One that is busy is held from batch to batch, because taking
 * its lock and writing its state cost more than appending.
 *
 * @module
 */

import { type PlainError, toPlainError } from "../base/plain_error.ts";
import {
  type EventInput,
  type SessionAppender,
  sessionAppender,
} from "../journal/append_events.ts";
import type { SessionPorts } from "../journal/open_session.ts";
import { withdrawal } from "../journal/withdrawal.ts";
import type { LocalGroup } from "../wal/local_group.ts";
import type { Done, RecordedEvent } from "./messages.ts";

/** How long a busy session stays held, ms: other processes wait that much longer at most. */
const HOLD_MS = 50;
/** Journals kept in mind; the least recently used one is forgotten first. */
const MAX_APPENDERS = 1024;

/** What of a group takes the files of events. */
export type FileTaker = Pick<LocalGroup, "place" | "remove">;

/** A file that was created for an event. */
interface PlacedFile {
  readonly name: string;
  /** Settles when it is durable, or was removed because it cannot be. */
  readonly durable: Promise<void>;
}

/**
 * Removes the files of an event that is not acknowledged. Only those that were created for it: by now, any
 * other file of that name is evidence of somebody else.
 */
async function takeBack(placed: readonly PlacedFile[], group: FileTaker): Promise<void> {
  for (const { name, durable } of placed.toReversed()) {
    // One that cannot be durable was removed already, and its name may be given again.
    const isThere = await durable.then(() => true, () => false);
    // What cannot be removed does not hide why it should be.
    if (isThere) await group.remove(name).catch(() => {});
  }
}

/**
 * Appends an event behind its files. Both become durable at the same time: one after the other would take
 * twice as long, and nobody is told before both are.
 */
async function appendBehind(
  placed: readonly PlacedFile[],
  event: EventInput,
  appender: SessionAppender,
): Promise<number> {
  const appended = appender.append(event);
  // It is waited for below; until then a failure has nobody to hear it.
  appended.catch(() => {});
  try {
    await Promise.all(placed.map(({ durable }) => durable));
  } catch (error) {
    // With an event that failed as well there is nothing to contradict.
    await appended.then(() => appender.append(withdrawal(event))).catch(() => {});
    throw error;
  }
  return (await appended).event.sequence;
}

/**
 * Appends one event. Its files are visible before it is written; when anything fails, none of them stays.
 *
 * @returns Its sequence number.
 */
async function appendOne(
  { event, files }: RecordedEvent,
  appender: SessionAppender,
  group: FileTaker,
): Promise<number> {
  const placed: PlacedFile[] = [];
  try {
    for (const { name, text } of files) {
      const { durable } = await group.place(name, text);
      placed.push({ name, durable });
    }
    return await appendBehind(placed, event, appender);
  } catch (error) {
    await takeBack(placed, group);
    throw error;
  }
}

/** Appends to any number of journals. */
export class Journals {
  readonly #ports: SessionPorts;
  readonly #appenders = new Map<string, SessionAppender>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /**
   * Appends a batch; what fails is told, not thrown.
   *
   * @param group Takes the files of the events.
   */
  async append(
    journal: string,
    events: readonly RecordedEvent[],
    group: FileTaker,
  ): Promise<Done> {
    const failures: [number, PlainError][] = [];
    const appender = this.#appenderOf(journal);
    const sequences = await Promise.all(events.map(async (recorded, at) => {
      try {
        return await appendOne(recorded, appender, group);
      } catch (error) {
        failures.push([at, toPlainError(error)]);
        return 0;
      }
    }));
    return { failures, sequences };
  }

  /** Resolves when no session is held any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#appenders.values()].map((appender) => appender.idle()));
  }

  #appenderOf(journal: string): SessionAppender {
    const appender = this.#appenders.get(journal) ??
      sessionAppender(journal, this.#ports, { holdMs: HOLD_MS });
    this.#appenders.delete(journal);
    this.#appenders.set(journal, appender);
    for (const oldest of this.#appenders.keys()) {
      if (this.#appenders.size <= MAX_APPENDERS) break;
      this.#appenders.delete(oldest);
    }
    return appender;
  }
}
