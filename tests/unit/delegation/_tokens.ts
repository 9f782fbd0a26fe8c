/** Tokens and facts for the tests of delegation. */

import { verifyKey } from "../../../core/approval/keys.ts";
import { type DelegationRequest, mintDelegationToken } from "../../../core/delegation/mint.ts";
import {
  type DelegationToken,
  encodeDelegationToken,
  parseDelegationToken,
} from "../../../core/delegation/token.ts";
import type { DelegationExpectation } from "../../../core/delegation/verify.ts";
import type { Delegation } from "../../../core/intent/intent.ts";
import { ZERO_TIME } from "../../../core/base/instant.ts";
import { PORTS } from "../approval/_golden.ts";
import { HOUR, INTENT, NOW, POLICY, SECOND, testSigner } from "../approval/_tokens.ts";

/** Text of a token from lead to worker. */
export async function tokenText(
  change: Partial<DelegationRequest> = {},
  options: { readonly by?: number; readonly at?: bigint } = {},
): Promise<string> {
  const minted = await mintDelegationToken({
    delegator_identity: "lead",
    delegate_identity: "worker",
    scope: ["write"],
    scope_class: "write",
    intent_digest: INTENT,
    policy_digest: POLICY,
    ttl: HOUR,
    ...change,
  }, {
    signer: await testSigner(options.by ?? 1),
    digester: PORTS.digester,
    now: options.at ?? NOW,
    version: "0.0.0-test",
  });
  return encodeDelegationToken(minted);
}

/** A token as read back from its text. */
export async function token(
  change: Partial<DelegationRequest> = {},
  options: { readonly by?: number; readonly at?: bigint } = {},
): Promise<DelegationToken> {
  return parseDelegationToken(await tokenText(change, options), { source: "t.json" });
}

/** What the tokens above fit; parts can be replaced. */
export async function expectation(
  change: Partial<DelegationExpectation> = {},
): Promise<DelegationExpectation> {
  const key = await verifyKey((await testSigner(1)).publicKey, PORTS.digester);
  return {
    keys: [key],
    now: NOW + SECOND,
    delegator_identity: "lead",
    delegate_identity: "worker",
    intent_digest: INTENT,
    policy_digest: POLICY,
    scope: { kind: "intent", scope_class: "write", tool_name: "repo.push" },
    ...change,
  };
}

/** The delegation of an intent: the named identities in a row. */
export function chainOf(...names: string[]): Delegation {
  const chain = names.slice(1).map((delegate, index) => ({
    delegator_identity: names[index] ?? "",
    delegate_identity: delegate,
    scope_class: "write",
    token_ref: "",
    issued_at: ZERO_TIME,
    expires_at: ZERO_TIME,
  }));
  return {
    requester_identity: names.at(-1) ?? "",
    scope_class: "write",
    token_refs: [],
    chain,
    issued_at: ZERO_TIME,
    expires_at: ZERO_TIME,
  };
}
