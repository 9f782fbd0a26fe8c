/**
 * What a compiled policy holds behind its public face.
 *
 * @module
 */

import type { MatchIndex } from "./_match_index.ts";
import type { CompiledRule } from "./_rule_outcome.ts";
import type { CompiledPolicy } from "./compile_policy.ts";
import type { Decision } from "./decision.ts";

/** A compiled policy as this folder sees it. */
export interface Compiled extends CompiledPolicy {
  /** The rules in evaluation order. */
  readonly rules: readonly CompiledRule[];
  /** Finds the rule that matches; its marks hold one intent at a time. */
  readonly index: MatchIndex;
  /** The decision when no rule matches. */
  readonly fallback: Decision;
}

/**
 * Opens a compiled policy.
 *
 * @throws TypeError when the value was not made by `compilePolicy`
 */
export function openCompiled(compiled: CompiledPolicy): Compiled {
  if (!("index" in compiled)) {
    throw new TypeError("Cannot decide: the policy was not made by compilePolicy");
  }
  // INVARIANT: compilePolicy is the only maker, and it makes a Compiled.
  return compiled as Compiled;
}
