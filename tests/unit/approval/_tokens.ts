/** Tokens and facts for the tests of approvals. */

import { type ApprovalRequest, mintApprovalToken } from "../../../core/approval/mint.ts";
import { verifyKey } from "../../../core/approval/keys.ts";
import {
  type ApprovalToken,
  encodeApprovalToken,
  parseApprovalToken,
} from "../../../core/approval/token.ts";
import type { ApprovalExpectation } from "../../../core/approval/verify.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import type { Signer } from "../../../core/ports/sign.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { PORTS } from "./_golden.ts";

export const HOUR = 3_600_000_000_000n;
export const SECOND = 1_000_000_000n;
export const NOW = parseTimestamp("2026-11-24T10:00:00Z")?.instant ?? 0n;
export const INTENT = "1".repeat(64);
export const POLICY = "2".repeat(64);
export const BINDING = "3".repeat(64);

/** A signer whose seed repeats one byte. */
export function testSigner(byte: number): Promise<Signer> {
  return signerFromSeed(new Uint8Array(32).fill(byte), PORTS);
}

/** A request that everything of the tests fits; parts can be replaced. */
export function request(change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    intent_digest: INTENT,
    policy_digest: POLICY,
    delegation_binding_digest: "",
    approver_identity: "alice",
    reason_code: "reviewed",
    ttl: HOUR,
    scope: ["tool:pay.send"],
    ...change,
  };
}

/** Text of a token. */
export async function tokenText(
  change: Partial<ApprovalRequest> = {},
  options: { readonly by?: number; readonly at?: bigint } = {},
): Promise<string> {
  const minted = await mintApprovalToken(request(change), {
    signer: await testSigner(options.by ?? 1),
    digester: PORTS.digester,
    now: options.at ?? NOW,
    version: "0.0.0-test",
  });
  return encodeApprovalToken(minted);
}

/** A token as read back from its text. */
export async function token(
  change: Partial<ApprovalRequest> = {},
  options: { readonly by?: number; readonly at?: bigint } = {},
): Promise<ApprovalToken> {
  return parseApprovalToken(await tokenText(change, options), { source: "t.json" });
}

/** What the tokens of {@linkcode request} fit; parts can be replaced. */
export async function expectation(
  change: Partial<ApprovalExpectation> = {},
): Promise<ApprovalExpectation> {
  const signer = await testSigner(1);
  return {
    keys: { kind: "shared", keys: [await verifyKey(signer.publicKey, PORTS.digester)] },
    intent_digest: INTENT,
    policy_digest: POLICY,
    delegation_binding_digest: undefined,
    tool_name: "pay.send",
    now: NOW + SECOND,
    ...change,
  };
}
