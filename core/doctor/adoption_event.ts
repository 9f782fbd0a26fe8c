/**
 * Reading events of an adoption log (spec 05 §1.5, §8.1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { type Instant, parseTimestamp, ZERO_INSTANT } from "../base/instant.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { trim } from "../base/text_rules.ts";
import { parseJson } from "../text/json.ts";

/** What a report needs of an event. */
export interface AdoptionEvent {
  readonly at: Instant;
  readonly command: string;
  /** "" when the event names none. */
  readonly workflowId: string;
  readonly success: boolean;
  /** 0 to 255. */
  readonly exitCode: number;
  /** At least 0. */
  readonly elapsedMs: number;
  readonly milestones: readonly string[];
}

/** A member; absent and `null` are the same. */
function member(object: JsonObject, name: string): JsonValue {
  return Object.hasOwn(object, name) ? object[name] ?? null : null;
}

/** A failure of one event, in front of which the caller puts the line. */
function invalid(state: string): GaitError {
  return new GaitError("schema_violation", state);
}

/** A text; "" when absent. */
function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  if (value === null) return "";
  if (typeof value === "string") return value;
  throw invalid(`${name} is no text`);
}

/** A text that must be there. */
function needText(object: JsonObject, name: string): string {
  const text = trim(textOf(object, name));
  if (text === "") throw invalid(`${name} is required`);
  return text;
}

/** A whole number; 0 when absent. */
function wholeOf(object: JsonObject, name: string): number {
  const value = member(object, name);
  if (value === null) return 0;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw invalid(`${name} is no whole number`);
}

/** A constant that may be left out. */
function checkConstant(object: JsonObject, name: string, wanted: string): void {
  const text = trim(textOf(object, name));
  if (text !== "" && text !== wanted) throw invalid(`${name} is not ${wanted}`);
}

/** Time of an event. */
function timeOf(object: JsonObject): Instant {
  const at = parseTimestamp(needText(object, "created_at"))?.instant;
  if (at === undefined || at === ZERO_INSTANT) throw invalid("created_at is no time");
  return at;
}

/** Tags of an event; what is no known tag is never asked for. */
function milestonesOf(object: JsonObject): string[] {
  const value = member(object, "milestones");
  if (value === null) return [];
  if (!Array.isArray(value)) throw invalid("milestones is no list");
  const texts = value.filter((each) => typeof each === "string");
  if (texts.length !== value.length) throw invalid("milestones holds something else than texts");
  return texts;
}

/** Whether the command succeeded. */
function successOf(object: JsonObject): boolean {
  const value = member(object, "success");
  if (value === null || typeof value === "boolean") return value === true;
  throw invalid("success is neither true nor false");
}

/** Checks where the event comes from; both members are required. */
function checkEnvironment(object: JsonObject): void {
  const environment = member(object, "environment");
  if (!isJsonObject(environment)) throw invalid("environment is required");
  needText(environment, "os");
  needText(environment, "arch");
}

/**
 * Reads the line of an event; unknown members are not looked at.
 *
 * @param source Name of the log and line, for messages.
 * @throws GaitError `schema_violation`, or what the JSON reader throws
 */
export function readAdoptionEvent(
  text: string,
  place: { readonly source: string; readonly line: number },
): AdoptionEvent {
  const value = parseJson(text, { source: `${place.source}:${place.line}` });
  try {
    if (!isJsonObject(value)) throw invalid("an event is an object");
    checkConstant(value, "schema_id", "gait.scout.adoption_event");
    checkConstant(value, "schema_version", "1.0.0");
    checkEnvironment(value);
    const exitCode = wholeOf(value, "exit_code");
    if (exitCode < 0 || exitCode > 255) throw invalid("exit_code is not between 0 and 255");
    return {
      at: timeOf(value),
      command: needText(value, "command"),
      workflowId: trim(textOf(value, "workflow_id")),
      success: successOf(value),
      exitCode,
      elapsedMs: Math.max(0, wholeOf(value, "elapsed_ms")),
      milestones: milestonesOf(value),
    };
  } catch (error) {
    if (!(error instanceof GaitError)) throw error;
    const message = `validate adoption log line ${place.line}: ${error.message}`;
    throw new GaitError(error.code, message, { place, cause: error });
  }
}
