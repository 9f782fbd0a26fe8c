/**
 * What a run is recorded from: a sequence of items, whatever they were read from.
 *
 * @module
 */

import type { JsonValue } from "../base/json_value.ts";

/**
 * One item. `run` comes first, if at all; `refs` are the common members of `refs.json`; `intent` and
 * `result` are calls and their results in order; `receipt` and `event` may come anywhere.
 */
export interface RunItem {
  readonly kind: "run" | "refs" | "intent" | "result" | "receipt" | "event";
  /** The record as handed in, not checked yet. */
  readonly value: JsonValue;
  /** Its place, for messages, e.g. `intents[3]` or `line 17`. */
  readonly path: string;
}

/** Items from any source: a document, lines, a session journal. */
export type RunItems = (AsyncIterable<RunItem> | Iterable<RunItem>) & {
  /** Releases the source, even when nothing was read from it; may be called twice. */
  close?(): void;
};
