/**
 * Evaluation without enforcement: what a policy says about an intent, and nothing else. No quota, token,
 * broker or file is touched (spec 02 §15.4).
 *
 * @module
 */

import type { Decision } from "../gate/decision.ts";
import { decide } from "../gate/decide.ts";
import { intentDigest } from "../intent/digests.ts";
import type { Ports } from "../ports/ports.ts";
import { loadIntent } from "./loaded_intent.ts";
import type { LoadedPolicy } from "./loaded_policy.ts";

/** What the policy says about one fixture. */
export interface Evaluation {
  /** Path of the intent. */
  readonly path: string;
  readonly decision: Decision;
  readonly intentDigest: string;
  /** `created_at` of the intent, or the fixed time of intents without one. */
  readonly createdAt: string;
}

/**
 * Evaluates one intent file.
 *
 * @throws GaitError `intent_invalid` and what reading throws
 */
export async function evaluateOnly(
  policy: LoadedPolicy,
  path: string,
  ports: Pick<Ports, "files" | "terminal" | "digester">,
): Promise<Evaluation> {
  const { intent } = await loadIntent(path, ports);
  return {
    path,
    decision: decide(policy.compiled, intent),
    intentDigest: await intentDigest(intent, ports.digester),
    createdAt: intent.created_at,
  };
}
