/**
 * Journals that the evidence thread appends to. One that is busy is held from batch to batch, because taking
 * its lock and writing its state cost more than appending.
 *
 * @module
 */

import { type PlainError, toPlainError } from "../base/plain_error.ts";
import { type SessionAppender, sessionAppender } from "../journal/append_events.ts";
import type { SessionPorts } from "../journal/open_session.ts";
import type { LocalGroup } from "../wal/local_group.ts";
import type { Done, RecordedEvent } from "./messages.ts";

/** How long a busy session stays held, ms: other processes wait that much longer at most. */
const HOLD_MS = 100;
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

/** How one event ended. */
interface Ended {
  /** Its sequence number; 0 when it was not written. */
  readonly sequence: number;
  /** Why it is not acknowledged; one that was written must be contradicted. */
  readonly failure?: PlainError;
}

/** Appends one event. Its files are visible before it is written; when anything fails, none of them stays. */
async function appendOne(
  { event, files }: RecordedEvent,
  appender: SessionAppender,
  group: FileTaker,
): Promise<Ended> {
  const placed: PlacedFile[] = [];
  let sequence = 0;
  try {
    for (const { name, text } of files) {
      const { durable } = await group.place(name, text);
      placed.push({ name, durable });
    }
    // At the same time: one after the other would take twice as long, and nobody is told before both are.
    const durable = Promise.all(placed.map((file) => file.durable));
    // It is waited for below; until then a failure has nobody to hear it.
    durable.catch(() => {});
    sequence = (await appender.append(event)).event.sequence;
    await durable;
    return { sequence };
  } catch (error) {
    await takeBack(placed, group);
    return { sequence, failure: toPlainError(error) };
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
    const appender = this.#appenderOf(journal);
    const ends = await Promise.all(events.map((event) => appendOne(event, appender, group)));
    return {
      failures: ends.flatMap(({ failure }, at) => failure === undefined ? [] : [[at, failure]]),
      sequences: ends.map(({ sequence }) => sequence),
    };
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
