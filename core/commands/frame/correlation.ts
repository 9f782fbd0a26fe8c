/**
 * Ids of an invocation.
 *
 * @module
 */

import { toHex, utf8 } from "../../base/bytes.ts";
import { trim } from "../../base/text_rules.ts";
import type { Digester } from "../../ports/digest.ts";
import type { Random } from "../../ports/random.ts";

/**
 * Hash of the command line: the first 12 bytes of SHA-256 over all trimmed arguments, the program name
 * first, joined with U+001F (spec 01 §1.5).
 *
 * @param argv Arguments with the program name first.
 */
export async function correlationId(argv: readonly string[], digester: Digester): Promise<string> {
  if (argv.length === 0) return "0".repeat(24);
  const digest = await digester.sha256(utf8(argv.map(trim).join("\u001f")));
  return toHex(digest.subarray(0, 12));
}

/** A unique id of this invocation: 24 hex digits (divergence C5). */
export function invocationId(random: Random): string {
  return toHex(random.bytes(12));
}
