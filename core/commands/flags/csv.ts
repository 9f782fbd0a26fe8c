/**
 * Lists in one flag.
 *
 * @module
 */

import { trim } from "../../base/text_rules.ts";

/** Splits at commas, trims, drops empty entries (spec 02 §1.5 "CSV flags"). */
export function csv(text: string): string[] {
  return text.split(",").map(trim).filter((entry) => entry !== "");
}
