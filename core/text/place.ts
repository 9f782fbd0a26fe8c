/**
 * From an offset in a text to line and column, for error messages and syntax trees.
 *
 * @module
 */

import type { Position } from "./node.ts";

/** Answers {@linkcode PositionTracker.at} in amortised constant time for growing offsets. */
export interface PositionTracker {
  /**
   * Position of an offset.
   *
   * @param offset UTF-16 offset into the text.
   */
  at(offset: number): Position;
}

/**
 * Makes a tracker over a text whose lines end with `\n`. Without it, positions in a document of one
 * long line would cost time quadratic in its length.
 *
 * @param text The text.
 */
export function trackPositions(text: string): PositionTracker {
  let seen = 0;
  let line = 1;
  let column = 1;
  return {
    at(offset: number): Position {
      if (offset < seen) [seen, line, column] = [0, 1, 1];
      const end = Math.min(offset, text.length);
      for (; seen < end; seen++) {
        const unit = text.charCodeAt(seen);
        if (unit === 0x0a) {
          line++;
          column = 1;
        } else if (unit < 0xdc00 || unit > 0xdfff) {
          // The second half of a surrogate pair is no code point of its own.
          column++;
        }
      }
      return { line, column };
    },
  };
}
