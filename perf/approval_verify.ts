/**
 * What an approval adds to a decision: reading the token, checking every claim and its signature, counting it.
 * Measured against one bare signature verification with the same library.
 *
 * @module
 */

import { countApprovals } from "../core/approval/count.ts";
import { verifyKey } from "../core/approval/keys.ts";
import { mintApprovalToken } from "../core/approval/mint.ts";
import { encodeApprovalToken, parseApprovalToken } from "../core/approval/token.ts";
import { verifyApprovalToken } from "../core/approval/verify.ts";
import { utf8 } from "../core/base/bytes.ts";
import { signerFromSeed } from "../core/sign/signer.ts";
import { loadNativeCrypto } from "../host/native_crypto.ts";
import { medianOf, sampleCases } from "./async_cases.ts";
import type { Bench, BenchOptions, BenchResult } from "./harness.ts";

const NOW = 1_770_336_000_000_000_000n;
const HOUR = 3_600_000_000_000n;
const CALL = {
  intent_digest: "1".repeat(64),
  policy_digest: "2".repeat(64),
  delegation_binding_digest: "",
};

/** Everything that is prepared once. */
async function prepare() {
  const ports = await loadNativeCrypto();
  const signer = await signerFromSeed(new Uint8Array(32).fill(7), ports);
  const minted = await mintApprovalToken(
    {
      ...CALL,
      approver_identity: "alice",
      reason_code: "reviewed",
      ttl: HOUR,
      scope: ["tool:tool.pay"],
    },
    { signer, digester: ports.digester, now: NOW, version: "0.0.0-bench" },
  );
  const message = new Uint8Array(32).fill(1);
  return {
    ports,
    data: utf8(encodeApprovalToken(minted)),
    keys: { kind: "shared", keys: [await verifyKey(signer.publicKey, ports.digester)] } as const,
    bare: { publicKey: signer.publicKey, message, signature: await signer.sign(message) },
  };
}

/** Measures both in the same rounds. */
async function run({ effort }: BenchOptions): Promise<BenchResult> {
  const { ports, data, keys, bare } = await prepare();
  const samples = await sampleCases({
    async approval() {
      const check = await verifyApprovalToken(parseApprovalToken(data, { source: "token" }), {
        keys,
        ...CALL,
        delegation_binding_digest: undefined,
        tool_name: "tool.pay",
        now: NOW + 1n,
      }, ports);
      const tally = countApprovals([check], { min_approvals: 1 });
      if (!tally.granted) throw new Error("the approval of the bench does not hold");
      return tally;
    },
    bare: async () => await ports.ed25519.verify(bare),
  }, effort);
  const [approvalNs, bareNs] = [medianOf(samples, "approval"), medianOf(samples, "bare")];
  return {
    figures: { approval_ns: approvalNs, bare_verification_ns: bareNs },
    ratios: { approval_to_bare_verification: approvalNs / bareNs },
  };
}

/** The bench. */
export const bench: Bench = { name: "approval_verify", run };
