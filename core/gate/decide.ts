/**
 * The decision: pure, synchronous, the same for the same policy and intent (spec 02 §6).
 *
 * @module
 */

import type { NormalizedIntent } from "../intent/intent.ts";
import { openCompiled } from "./_compiled.ts";
import { judge } from "./_judge.ts";
import type { CompiledPolicy } from "./compile_policy.ts";
import type { Decision } from "./decision.ts";

/**
 * Decides about an intent: fail-closed checks, then the first rule that matches, tightened by its dataflow
 * and endpoint blocks, else the default. Approvals, credentials and quotas come later and are not known
 * here. The decision is shared between calls and frozen or fresh: do not change it.
 *
 * @param compiled A compiled policy.
 * @param intent A normalised intent.
 */
export function decide(compiled: CompiledPolicy, intent: NormalizedIntent): Decision {
  return judge(openCompiled(compiled), intent).decision;
}
