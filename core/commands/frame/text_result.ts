/**
 * Plain text as a result.
 *
 * @module
 */

import { EXIT } from "../../base/error_map.ts";
import type { CommandResult } from "./command.ts";

/** Makes a result of lines; JSON carries them as `text`. */
export function textResult(text: readonly string[], exit: number): CommandResult {
  return { exit, json: { ok: exit === EXIT.ok, text }, text };
}
