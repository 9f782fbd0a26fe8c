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
import type { Done } from "./messages.ts";

/** How long a busy session stays held, ms: other processes wait that much longer at most. */
const HOLD_MS = 50;
/** Journals kept in mind; the least recently used one is forgotten first. */
const MAX_APPENDERS = 1024;

/** Appends to any number of journals. */
export class Journals {
  readonly #ports: SessionPorts;
  readonly #appenders = new Map<string, SessionAppender>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Appends a batch; what fails is told, not thrown. */
  async append(journal: string, events: readonly EventInput[]): Promise<Done> {
    const failures: [number, PlainError][] = [];
    const appender = this.#appenderOf(journal);
    const sequences = await Promise.all(events.map(async (event, at) => {
      try {
        return (await appender.append(event)).event.sequence;
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
