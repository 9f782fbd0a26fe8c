/**
 * The one error class. Expected outcomes (a verdict, a verification report) are values; this class is
 * for bad input, failed I/O and broken environments.
 *
 * @module
 */

import { ERROR_CODES, type ErrorCategory, type ErrorCode } from "./error_codes.ts";

/** Where in an input an error was found. */
export interface ErrorPlace {
  /** File name or other name of the input, as the caller spelled it. */
  readonly source?: string;
  /** Line, counted from 1. */
  readonly line?: number;
  /** Column in code points, counted from 1. */
  readonly column?: number;
  /** Path inside the document, for example `rules[2].match.tool_names`. */
  readonly path?: string;
}

/** What a {@linkcode GaitError} carries besides code and message. */
export interface GaitErrorOptions {
  /** How to mend it; the catalogue's hint when absent. */
  readonly hint?: string;
  /** Where in the input. */
  readonly place?: ErrorPlace;
  /** Further machine-readable facts; never secret bytes. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * A failure with a stable code.
 *
 * @example
 * ```ts
 * import { GaitError } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new GaitError("usage", "Unknown flag --polcy");
 * assertEquals(error.category, "invalid_input");
 * assertEquals(error.retryable, false);
 * ```
 */
export class GaitError extends Error {
  /** Class name for readers of a stack trace. */
  override readonly name = "GaitError";
  /** Stable code from the catalogue. */
  readonly code: ErrorCode;
  /** Where in the input, when known. */
  readonly place: ErrorPlace | undefined;
  /** Further machine-readable facts. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly #hint: string | undefined;

  /**
   * A failure to throw; category, exit code and HTTP status follow from the code.
   *
   * @param code Stable code from the catalogue.
   * @param message What happened: "Cannot <action> <value>: <state>", no full stop.
   * @param options Hint, place, details and cause.
   */
  constructor(code: ErrorCode, message: string, options: GaitErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.place = options.place;
    this.details = options.details ?? {};
    this.#hint = options.hint;
  }

  /** Category of the code; decides exit code and HTTP status. */
  get category(): ErrorCategory {
    return ERROR_CODES[this.code].category;
  }

  /** Whether the same request may succeed later (spec 01 §2.2). */
  get retryable(): boolean {
    return this.category === "network_transient" || this.category === "state_contention";
  }

  /** How to mend it. */
  get hint(): string {
    return this.#hint ?? ERROR_CODES[this.code].hint;
  }

  /** Message with its place in front, for people: `policy.yaml:3:5: Unknown key …`. */
  get located(): string {
    const { source, line, column } = this.place ?? {};
    const where = [source, line, line === undefined ? undefined : column]
      .filter((part) => part !== undefined).join(":");
    return where === "" ? this.message : `${where}: ${this.message}`;
  }
}

/**
 * Turns anything thrown into a {@linkcode GaitError}; foreign errors become `internal_failure`.
 *
 * @param thrown What a `catch` clause received.
 * @returns The same error when it is one already.
 */
export function toGaitError(thrown: unknown): GaitError {
  if (thrown instanceof GaitError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "Unknown failure";
  return new GaitError("internal_failure", message, { cause: thrown });
}
