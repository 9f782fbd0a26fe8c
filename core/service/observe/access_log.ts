/**
 * The structured log of the service: one JSON object on one line for each event. Texts of clients are cut and
 * escaped, secrets and arguments are never in it.
 *
 * @module
 */

import { formatInstant } from "../../base/instant.ts";
import { encodeJsonRecord } from "../../base/json_text.ts";
import type { Clock } from "../../ports/clock.ts";

/** Longest text of a client in the log, UTF-16 units. */
const MAX_TEXT = 256;

/** Facts of one event. */
export type LogFacts = Readonly<Record<string, string | number | boolean>>;

/** Writes log lines. */
export interface ServiceLog {
  /** A request that was answered. */
  access(facts: LogFacts): void;
  /** Anything else: start, stop, reload, failures of the service itself. */
  event(event: string, facts: LogFacts): void;
}

/** Cuts a text without splitting a surrogate pair. */
function cut(value: string): string {
  return value.length <= MAX_TEXT ? value : `${value.slice(0, MAX_TEXT).toWellFormed()}…`;
}

/** One line. */
function line(at: string, event: string, facts: LogFacts): string {
  const members = Object.entries(facts)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => [key, typeof value === "string" ? cut(value) : value]);
  return `${encodeJsonRecord({ at, event, ...Object.fromEntries(members) })}\n`;
}

/** Where lines go. */
export interface LogTargets {
  /** Events. */
  readonly events: (line: string) => void;
  /** Requests; `undefined` leaves them out. */
  readonly access: ((line: string) => void) | undefined;
}

/** Makes a log. */
export function serviceLog(targets: LogTargets, clock: Clock): ServiceLog {
  const now = () => formatInstant(clock.now());
  return {
    access(facts) {
      targets.access?.(line(now(), "request", facts));
    },
    event(event, facts) {
      targets.events(line(now(), event, facts));
    },
  };
}
