/**
 * The value model of JSON (RFC 8259).
 *
 * @module
 */

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. Member order is kept; a member named `__proto__` is an own property. */
export interface JsonObject {
  /** Members by name, in the order of the text. */
  [key: string]: JsonValue;
}

/**
 * Tells whether a value is a JSON object (not null, not an array).
 *
 * @param value Any value.
 */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
