/**
 * An intent that is ready to be judged.
 *
 * @module
 */

import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { type CallerContext, callerContext } from "../credential/request.ts";
import { rawCallDigest } from "../intent/digests.ts";
import type { NormalizedIntent } from "../intent/intent.ts";
import { normalizeIntent } from "../intent/normalize.ts";
import type { Ports } from "../ports/ports.ts";
import { parseJson } from "../text/json.ts";
import { readInput } from "./read_input.ts";

/** A normalised intent with the digest of the call as it was spelled. */
export interface LoadedIntent {
  readonly source: string;
  readonly intent: NormalizedIntent;
  /** Digest of the untouched tool name and arguments (divergence G15). */
  readonly rawCallDigest: string;
  /** The caller as the intent spells it, for credential brokers. */
  readonly caller: CallerContext;
}

/** Tool name and arguments as they were written. */
function rawCall(value: JsonValue): { tool_name: string; args: JsonObject } {
  const object = isJsonObject(value) ? value : {};
  const name = object.tool_name;
  const args = object.args;
  return {
    tool_name: typeof name === "string" ? name : "",
    args: isJsonObject(args) ? args : {},
  };
}

/**
 * Reads and normalises an intent.
 *
 * @param path File, or `-` for standard input.
 * @throws GaitError `intent_invalid` and what reading a JSON text throws
 */
export async function loadIntent(
  path: string,
  ports: Pick<Ports, "files" | "terminal" | "digester">,
): Promise<LoadedIntent> {
  const data = await readInput(path, LIMITS.intentBytes, ports);
  const value = parseJson(data, { source: path, refuseUnsafeIntegers: true });
  const raw = rawCallDigest(rawCall(value), ports.digester);
  const [intent, rawDigest] = await Promise.all([
    Promise.resolve().then(() => normalizeIntent(value)),
    raw,
  ]);
  return {
    source: path,
    intent,
    rawCallDigest: rawDigest,
    caller: callerContext(value),
  };
}
