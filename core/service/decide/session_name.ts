/**
 * File names made from client ids (spec 04 §4.2).
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { trim } from "../../base/text_rules.ts";

/** Longest base name, bytes: file systems allow 255, and suffixes are added. */
const MAX_BASE_BYTES = 200;
/** Longest session id, UTF-16 units. */
const MAX_ID = 512;

/** The refusal of an id. */
function refusal(state: string): GaitError {
  return new GaitError("path_not_allowed", `session_id ${state}`, {
    details: { field: "session_id" },
  });
}

/**
 * Base name of the files of a session: each of `/`, `\`, space and `:` becomes `_`, then leading and
 * trailing `.` and `_` are cut.
 *
 * @param sessionId As the client spelled it.
 * @throws GaitError `path_not_allowed` for control characters and names that no file system takes
 */
export function sessionBaseName(sessionId: string): string {
  const plain = trim(sessionId);
  if (plain === "") return "session";
  // Before any pattern runs over it: a request may be a megabyte long.
  if (plain.length > MAX_ID) {
    throw refusal(`is longer than ${MAX_ID} characters`);
  }
  if (/\p{Cc}/u.test(plain)) {
    throw refusal("contains a control character");
  }
  const base = plain.replace(/[/\\ :]/g, "_").replace(/^[._]+/, "").replace(/[._]+$/, "");
  if (utf8(base).length > MAX_BASE_BYTES) {
    throw refusal(`is longer than ${MAX_BASE_BYTES} bytes`);
  }
  return base;
}
