/**
 * Reading an adoption log from disk, line by line (spec 05 §1.5).
 *
 * @module
 */

import { GaitError, toGaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import type { Files } from "../ports/files.ts";
import { decodeLines, linesOf, wholeLines } from "../text/lines.ts";
import { type AdoptionEvent, readAdoptionEvent } from "./adoption_event.ts";
import { needRegular } from "./look.ts";

/** A failure of reading one line as JSON. */
function unreadable(thrown: unknown, place: { source: string; line: number }): GaitError {
  const error = toGaitError(thrown);
  if (error.code === "schema_violation") return error;
  const message = `parse adoption log line ${place.line}: ${error.message}`;
  return new GaitError(error.code, message, { place, cause: error });
}

/** Reads one line. */
function readLine(line: string, place: { source: string; line: number }): AdoptionEvent {
  try {
    if (line.length > LIMITS.adoptionLineBytes) {
      const state = `it exceeds ${LIMITS.adoptionLineBytes} bytes`;
      throw new GaitError("input_too_large", `Cannot read a line: ${state}`);
    }
    return readAdoptionEvent(line, place);
  } catch (error) {
    throw unreadable(error, place);
  }
}

/**
 * Reads every event; blank lines are skipped, and one bad line makes the whole log unusable.
 *
 * @throws GaitError codes of reading, of the JSON reader, `schema_violation`, `input_too_large`
 */
export async function readAdoptionLog(path: string, files: Files): Promise<AdoptionEvent[]> {
  // Before it is opened: a pipe would be waited for.
  await needRegular(path, files);
  const events: AdoptionEvent[] = [];
  let line = 0;
  for await (const parts of wholeLines(files.chunks(path), path)) {
    for (const text of linesOf(decodeLines(parts, path))) {
      line++;
      if (trim(text) === "") continue;
      events.push(readLine(text, { source: path, line }));
      if (events.length > LIMITS.adoptionEvents) {
        const state = `it holds more than ${LIMITS.adoptionEvents} events`;
        throw new GaitError("input_too_large", `Cannot read ${path}: ${state}`);
      }
    }
  }
  return events;
}
