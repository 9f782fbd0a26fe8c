/**
 * Compiles a policy for {@linkcode decide}. Compile once, decide many times.
 *
 * @module
 */

import type { PathRules } from "../intent/paths/path_forms.ts";
import type { Policy, Verdict } from "../policy/policy.ts";
import type { Compiled } from "./_compiled.ts";
import { buildMatchIndex } from "./_match_index.ts";
import { compileRule } from "./_rule_outcome.ts";
import type { Decision } from "./decision.ts";

/** Which file system the paths of intents belong to (divergence G1). */
export interface CompileOptions {
  /** Whether names that differ only in case are different files; `sensitive` when absent. */
  readonly fsCase?: "sensitive" | "insensitive";
  /** Path rules; `posix` when absent. */
  readonly platform?: "posix" | "windows";
}

/** A compiled policy; {@linkcode compilePolicy} alone makes one. What it was compiled to is not public. */
export interface CompiledPolicy {
  /** The policy that it was made of. */
  readonly policy: Policy;
}

/** The decision when no rule matches (spec 02 §6 step 9). */
function fallbackDecision(verdict: Verdict): Decision {
  return Object.freeze({
    verdict,
    reason_codes: Object.freeze([`default_${verdict}`]),
    violations: Object.freeze([]),
    rule: undefined,
    min_approvals: verdict === "require_approval" ? 1 : 0,
  });
}

/**
 * Compiles a policy.
 *
 * @param policy A normalised policy; it must not change afterwards.
 * @param options File system of the paths to judge.
 */
export function compilePolicy(policy: Policy, options: CompileOptions = {}): CompiledPolicy {
  const paths: PathRules = {
    system: options.platform ?? "posix",
    foldCase: options.fsCase === "insensitive",
  };
  const compiled: Compiled = {
    policy,
    rules: policy.rules.map((rule) => compileRule(rule, paths)),
    index: buildMatchIndex(policy.rules, paths),
    fallback: fallbackDecision(policy.default_verdict),
  };
  return compiled;
}
