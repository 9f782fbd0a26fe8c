/**
 * Reading members of envelopes that came from outside.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";

/** The error for an envelope that an adapter cannot read. */
export function callError(message: string, path: string, hint?: string): GaitError {
  return new GaitError("call_invalid", `Cannot read the tool call: ${message}`, {
    place: { path },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A member's name as messages may show it. */
export function shownName(name: string): string {
  return printable(name, 80);
}

/** A member that is there; `undefined` for absent ones and `null`, as everywhere (spec 02 §1.5). */
export function given(object: JsonObject, name: string): JsonValue | undefined {
  if (!Object.hasOwn(object, name)) return undefined;
  return object[name] ?? undefined;
}

/** A text; "" when absent. @throws GaitError `call_invalid` */
export function givenText(object: JsonObject, name: string): string {
  const value = given(object, name);
  if (value === undefined) return "";
  if (typeof value !== "string") throw callError(`${name} must be a string`, name);
  return value;
}

/** An object; `undefined` when absent. @throws GaitError `call_invalid` */
export function givenObject(object: JsonObject, name: string): JsonObject | undefined {
  const value = given(object, name);
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw callError(`${name} must be an object`, name);
  return value;
}

/** Names of the members that are there. */
export function givenNames(object: JsonObject): string[] {
  return Object.keys(object).filter((name) => given(object, name) !== undefined);
}
