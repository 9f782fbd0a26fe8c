/**
 * Reading the settings that a service told, which may be anything.
 *
 * @module
 */

import type { JsonValue } from "../base/json_value.ts";
import { isLoopback, parseListen } from "../base/listen_address.ts";
import type { ServiceAnswer } from "./service_answer.ts";
import type { Subject } from "./subject.ts";

/** Settings as a service tells them. */
export type Told = Extract<ServiceAnswer, { kind: "settings" }>["settings"];

/** A text of the answer; "" for anything else. */
export function textOf(told: Told, name: string): string {
  const value = Object.hasOwn(told, name) ? told[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** A value of the answer as text, to compare and to show. */
export function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "(not told)";
  return typeof value === "object" ? "(not a plain value)" : String(value);
}

/** Whether a member is exactly `true`. */
export function isOn(told: Told, name: string): boolean {
  return Object.hasOwn(told, name) && told[name] === true;
}

/** How loud a difference is: in production nothing may differ. */
export function level({ request }: Subject): "warn" | "fail" {
  return request.production ? "fail" : "warn";
}

/** Whether a listen address is this machine's alone. */
export function listensLocally(told: Told): boolean {
  try {
    return isLoopback(parseListen(textOf(told, "listen")).hostname);
  } catch {
    return false;
  }
}
