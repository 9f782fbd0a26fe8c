/**
 * Delegation tokens (spec 02 §10.3, divergence G6). A rule may ask for them; tokens that are shown are
 * verified in any case.
 *
 * @module
 */

import type { VerifyKey } from "../token/token_signature.ts";
import { type DelegationOutcome, verifyDelegation } from "../delegation/decide.ts";
import { parseDelegationToken } from "../delegation/token.ts";
import type { Decision } from "../gate/decision.ts";
import type { IntentDigests } from "../intent/digests.ts";
import type { Ports } from "../ports/ports.ts";
import { amend, type Draft } from "./draft.ts";
import type { EnforceRequest } from "./request.ts";

type DelegationPorts = Pick<Ports, "clock" | "digester" | "ed25519">;

/** What the stage needs to know about the call. */
export interface DelegationFacts {
  readonly request: EnforceRequest;
  readonly decision: Decision;
  readonly digests: IntentDigests;
  /** Keys whose signatures count. */
  readonly keys: readonly VerifyKey[];
}

/** The draft after delegation, and what was examined. */
export interface DelegationStage {
  readonly draft: Draft;
  /** Whether the matched rule asks for a delegation. */
  readonly required: boolean;
  /** `undefined` when neither was a delegation asked for nor a token shown. */
  readonly outcome: DelegationOutcome | undefined;
}

/**
 * Decides over the presented delegation tokens.
 *
 * @throws GaitError what reading a token throws
 */
export async function applyDelegation(
  draft: Draft,
  facts: DelegationFacts,
  ports: DelegationPorts,
): Promise<DelegationStage> {
  const { request, decision, digests } = facts;
  const required = decision.rule?.match.require_delegation ?? false;
  // A call that is blocked anyway needs no look at tokens that nobody asked for.
  if (!required && draft.verdict === "block") return { draft, required, outcome: undefined };
  const presented = await request.delegation.tokens();
  if (!required && presented.length === 0) return { draft, required, outcome: undefined };
  const outcome = await verifyDelegation(
    presented.map(({ source, data }) => parseDelegationToken(data, { source })),
    {
      intent: request.intent.intent,
      intent_digest: digests.intent_digest,
      policy_digest: request.policy.digest,
      required,
      keys: facts.keys,
      now: ports.clock.now(),
    },
    ports,
  );
  const { kind, reason_codes: reasons, violations } = outcome;
  const stopped = kind === "missing" || kind === "insufficient";
  const change = { reasons, violations, ...(stopped ? { verdict: "block" as const } : {}) };
  return { draft: amend(draft, change), required, outcome };
}
