/**
 * The content type of a request: `application/json`, with parameters at will, and never absent (W3).
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { lower, trim } from "../../base/text_rules.ts";
import type { HttpHeaders } from "../../ports/http.ts";

const TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";
/** One parameter (RFC 9110 §5.6.6): a token, or a quoted string. */
const PARAMETER = new RegExp(`^${TOKEN}=(${TOKEN}|"(?:[^"\\\\]|\\\\.)*")$`, "i");
/** Longest header value that is looked at. */
const MAX_LENGTH = 256;

/**
 * Checks the header.
 *
 * @throws GaitError `media_type_unsupported`
 */
export function checkContentType(headers: HttpHeaders): void {
  const value = headers.get("content-type");
  if (value === null) {
    throw new GaitError("media_type_unsupported", "content-type must be application/json");
  }
  const [type = "", ...parameters] = value.slice(0, MAX_LENGTH + 1).split(";").map(trim);
  // One semicolon behind the last parameter means nothing.
  if (parameters.at(-1) === "") parameters.pop();
  const names = new Set(parameters.map((parameter) => lower(parameter.split("=", 1)[0] ?? "")));
  const wellFormed = value.length <= MAX_LENGTH && names.size === parameters.length &&
    parameters.every((parameter) => PARAMETER.test(parameter));
  if (!wellFormed) {
    throw new GaitError("media_type_unsupported", "invalid content-type header");
  }
  if (lower(type) !== "application/json") {
    throw new GaitError("media_type_unsupported", "content-type must be application/json");
  }
}
