/**
 * Findings about an input, counted by kind.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import type { InputFinding, InputFindingCode } from "../runpack/run_input.ts";

const TEXTS: Readonly<Record<InputFindingCode, string>> = {
  unknown_member_dropped: "members that no record has were dropped",
  digest_not_hex: "digests are not 64 hex digits",
  digest_mismatch: "digests are not those of the content beside them",
  status_not_listed: "a status is neither ok nor error",
  member_empty: "required members are empty",
};

/** Longest path that is shown, UTF-16 units. */
const PATH_UNITS = 256;

/** All findings of one kind. */
export interface FindingSummary {
  readonly code: InputFindingCode;
  /** How many there are. */
  readonly count: number;
  /** Place of the first one. */
  readonly first: string;
  /** Sentence for people. */
  readonly message: string;
}

/** Counts findings; a strict one refuses the first. */
export class Findings {
  readonly #strict: boolean;
  readonly #seen = new Map<InputFindingCode, { count: number; first: string }>();

  constructor(options: { readonly strict: boolean }) {
    this.#strict = options.strict;
  }

  /** Takes one finding. @throws GaitError `schema_violation` when strict */
  readonly report = ({ code, path }: InputFinding): void => {
    if (this.#strict) {
      const place = printable(path, PATH_UNITS);
      throw new GaitError("schema_violation", `Cannot record ${place}: ${TEXTS[code]}`, {
        place: { path: place },
        details: { finding: code },
      });
    }
    const known = this.#seen.get(code);
    // Names in a path come from the input.
    if (known === undefined) this.#seen.set(code, { count: 1, first: printable(path, PATH_UNITS) });
    else known.count++;
  };

  /** One entry per kind, in the order of their first occurrence. */
  summary(): FindingSummary[] {
    return [...this.#seen].map(([code, { count, first }]) => {
      const more = count === 1 ? "" : ` and ${count - 1} more`;
      return { code, count, first, message: `${TEXTS[code]}: ${first}${more}` };
    });
  }
}
