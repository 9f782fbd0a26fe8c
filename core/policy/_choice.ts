/**
 * Closed sets of words in a policy.
 *
 * @module
 */

import { type Fields, pathTo, placeOf } from "./_fields.ts";
import { report } from "./finding.ts";

/** A field whose value must be one word of a closed set. */
export interface Choice<T extends string> {
  readonly key: string;
  /** The word that the policy brings, already folded. */
  readonly word: string;
  readonly allowed: readonly T[];
  /** The finding when it is another one; made only then. */
  readonly message: (word: string) => string;
}

/** The word when it is in the set, or `undefined` after reporting it. */
export function choose<T extends string>(fields: Fields, choice: Choice<T>): T | undefined {
  const { key, word, allowed, message } = choice;
  const found = allowed.find((candidate) => candidate === word);
  if (found !== undefined) return found;
  const path = pathTo(fields, key);
  report(fields.reading, placeOf(fields, key), {
    path,
    message: `${message(word)} (allowed: ${allowed.join(", ")})`,
    key,
    suggest: { word, among: allowed },
  });
  return undefined;
}

/** A list whose values must all be words of a closed set. */
export interface ChoiceList<T extends string> {
  readonly key: string;
  /** The words that the policy brings, already folded, sorted and free of duplicates. */
  readonly words: readonly string[];
  readonly allowed: readonly T[];
  /** The finding about a word outside the set. */
  readonly message: (word: string) => string;
}

/** The words that are in the set; all others are reported. */
export function chooseAll<T extends string>(fields: Fields, choice: ChoiceList<T>): T[] {
  const { key, allowed, message } = choice;
  return choice.words.flatMap((word) => choose(fields, { key, word, allowed, message }) ?? []);
}
