/**
 * The closed catalogue of error codes.
 *
 * A code is stable: it may be added, never renamed or reused. `docs/errors.md` is generated from this
 * table. The category decides exit code, HTTP status and JSON-RPC code (see `error_map.ts`).
 *
 * @module
 */

import { ENVIRONMENT_CODES } from "./codes/environment_codes.ts";
import { EVIDENCE_CODES } from "./codes/evidence_codes.ts";
import { INPUT_CODES } from "./codes/input_codes.ts";

export type { ErrorCategory, ErrorCodeEntry } from "./codes/entry.ts";
export { ENVIRONMENT_CODES, EVIDENCE_CODES, INPUT_CODES };

/** All codes. */
export const ERROR_CODES:
  & typeof INPUT_CODES
  & typeof EVIDENCE_CODES
  & typeof ENVIRONMENT_CODES = { ...INPUT_CODES, ...EVIDENCE_CODES, ...ENVIRONMENT_CODES };

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERROR_CODES;
