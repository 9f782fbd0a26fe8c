/**
 * Case folding for file systems that ignore case.
 *
 * @module
 */

import { lower } from "../../base/text_rules.ts";

/** Code points that HFS+ leaves out when it compares names. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** Letters that only upper-casing brings together: micro sign, long s, final sigma, iota below, Greek symbol forms, … */
const SYMBOL_FORMS =
  /[\u00b5\u017f\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1\u03f5\u0345\u1e9b\u1fbe\u1c80-\u1c88]/g;

/**
 * Longest name that any of these file systems holds, UTF-16 units. Longer ones name nothing and are not
 * composed: composing takes time that grows with the square of a run of combining marks.
 */
const MAX_NAME = 255;

/** Composes one name. */
function compose(name: string): string {
  return name.length > MAX_NAME ? name : name.normalize("NFC");
}

/** Folds one name of a path. */
function foldName(name: string): string {
  const plain = compose(name.replace(IGNORED, ""))
    .replace(SYMBOL_FORMS, (char) => char.toUpperCase());
  return compose(lower(plain));
}

/**
 * Brings a path into the form in which names that differ only in case or in Unicode composition are equal:
 * NFC, then lower case code point by code point (`--fs-case insensitive`, divergence G1). File systems
 * differ in detail; this folds at least what APFS, HFS+ and NTFS fold for assigned letters.
 *
 * @param path Any path.
 * @returns The same text when nothing folds.
 */
export function foldCase(path: string): string {
  // deno-lint-ignore no-control-regex -- the whole ASCII range, which needs no composition
  if (/^[\u0000-\u007f]*$/.test(path)) return path.toLowerCase();
  return path.split("/").map(foldName).join("/");
}
