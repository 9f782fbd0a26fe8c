/**
 * Failures as plain data, for another thread or another build of the same program: an error class does not
 * survive the way.
 *
 * @module
 */

import { ERROR_CODES, type ErrorCode } from "./error_codes.ts";
import { type ErrorPlace, GaitError, toGaitError } from "./errors.ts";

/** A failure as plain data. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly place: ErrorPlace | undefined;
}

/** A failure for the other side. */
export function toPlainError(thrown: unknown): PlainError {
  const { code, message, hint, place } = toGaitError(thrown);
  return { code, message, hint, place };
}

/** A failure of the other side. */
export function fromPlainError({ code, message, hint, place }: PlainError): GaitError {
  const known = Object.hasOwn(ERROR_CODES, code) ? code : "internal_failure";
  return new GaitError(known, message, { hint, ...(place === undefined ? {} : { place }) });
}
