/**
 * Journals that the evidence thread appends to. One that is busy is held from batch to batch, because taking
 * its lock and writing its state cost more than appending.
 *
 * @module
 */

import { type PlainError, toPlainError } from "../base/plain_error.ts";
import { type SessionAppender, sessionAppender } from "../journal/append_events.ts";
import type { SessionPorts } from "../journal/open_session.ts";
import { withdrawal } from "../journal/withdrawal.ts";
import type { LocalGroup } from "../wal/local_group.ts";
import type { Done, RecordedEvent } from "./messages.ts";

/** How long a busy session stays held, ms: other processes wait that much longer at most. */
const HOLD_MS = 50;
/** Journals kept in mind; the least recently used one is forgotten first. */
const MAX_APPENDERS = 1024;

/**
 * Appends one event. Its files are visible before it is written, and both become durable at the same time:
 * one after the other would take twice as long, and nobody is told before both are.
 *
 * @returns Its sequence number.
 */
async function appendOne(
  { event, files }: RecordedEvent,
  appender: SessionAppender,
  group: Pick<LocalGroup, "place">,
): Promise<number> {
  const placed: Promise<void>[] = [];
  for (const { name, text } of files) placed.push((await group.place(name, text)).durable);
  const appended = appender.append(event);
  // It is waited for below; until then a failure has nobody to hear it.
  appended.catch(() => {});
  try {
    await Promise.all(placed);
  } catch (error) {
    // With an event that failed as well there is nothing to contradict.
    await appended.then(() => appender.append(withdrawal(event))).catch(() => {});
    throw error;
  }
  return (await appended).event.sequence;
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
    group: Pick<LocalGroup, "place">,
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
