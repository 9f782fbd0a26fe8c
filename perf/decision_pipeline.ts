/**
 * The way of one call in a long-lived process, without disk: normalise, digest, decide, build and sign the trace.
 * Measured against Cedar's bare decision over the same rules, and against a bare signature.
 *
 * @module
 */

import { compilePolicy } from "../core/gate/compile_policy.ts";
import { decide } from "../core/gate/decide.ts";
import type { JsonValue } from "../core/base/json_value.ts";
import { intentDigests } from "../core/intent/digests.ts";
import type { NormalizedIntent } from "../core/intent/intent.ts";
import { normalizeIntent } from "../core/intent/normalize.ts";
import { policyDigest } from "../core/policy/digest.ts";
import type { Signer } from "../core/ports/sign.ts";
import { signerFromSeed } from "../core/sign/signer.ts";
import { buildTrace } from "../core/trace/build_trace.ts";
import { signTrace } from "../core/trace/sign_trace.ts";
import { loadNativeCrypto } from "../host/native_crypto.ts";
import { askCedar, loadCedar, toRequest } from "./cedar_peer.ts";
import { typicalSet } from "./gate_sets.ts";
import { medianOf, percentile, sampleCases } from "./async_cases.ts";
import type { Bench, BenchOptions, BenchResult } from "./harness.ts";

/** An intent as a caller sends it. */
function asSent(intent: NormalizedIntent): JsonValue {
  return JSON.parse(JSON.stringify({
    tool_name: intent.tool_name,
    args: intent.args,
    targets: intent.targets.map(({ kind, value, operation }) => ({ kind, value, operation })),
    arg_provenance: [{ arg_path: "$.path", source: "user" }],
    context: {
      identity: intent.context.identity,
      workspace: intent.context.workspace,
      risk_class: intent.context.risk_class,
    },
  }));
}

/** Takes elements of a list in turn. */
function inTurn<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => list[next++ % list.length] as T;
}

/** Everything that is prepared once. */
async function prepare() {
  const { policy, intents } = typicalSet(100);
  const ports = await loadNativeCrypto();
  loadCedar(policy);
  return {
    compiled: compilePolicy(policy),
    digest: await policyDigest(policy, ports.digester),
    sent: inTurn(intents.map(asSent)),
    requests: inTurn(intents.map(toRequest)),
    signer: await signerFromSeed(new Uint8Array(32).fill(7), ports) as Signer,
    digester: ports.digester,
  };
}

/** Measures all cases in the same rounds. */
async function run({ effort }: BenchOptions): Promise<BenchResult> {
  const { compiled, digest, sent, requests, signer, digester } = await prepare();
  const message = new Uint8Array(32).fill(1);
  let clock = 1_770_336_000_000_000_000n;
  async function decided() {
    const intent = normalizeIntent(sent());
    const digests = await intentDigests(intent, digester);
    return { intent, digests, decision: decide(compiled, intent) };
  }
  const samples = await sampleCases({
    decided,
    async signed() {
      const { intent, digests, decision } = await decided();
      const trace = await buildTrace({
        createdAt: intent.created_at,
        observedAt: clock++,
        producerVersion: "bench",
        toolName: intent.tool_name,
        argsDigest: digests.args_digest,
        intentDigest: digests.intent_digest,
        policyDigest: digest,
        verdict: decision.verdict,
        violations: decision.violations,
      }, digester);
      return await signTrace(trace, { signer, digester });
    },
    cedar: () => Promise.resolve(askCedar(requests())),
    signature: async () => await signer.sign(message),
  }, { ...effort, warmMs: Math.max(effort.warmMs, 1_500) });
  const [decidedNs, cedarNs, signedNs, signatureNs] = ["decided", "cedar", "signed", "signature"]
    .map((name) => medianOf(samples, name)) as [number, number, number, number];
  const signedP99 = percentile(samples.signed ?? [], 0.99);
  return {
    figures: {
      decided_ns: decidedNs,
      cedar_ns: cedarNs,
      signed_p50_ns: signedNs,
      signed_p99_ns: signedP99,
      signature_p50_ns: signatureNs,
    },
    ratios: {
      normalise_digest_decide_to_cedar: decidedNs / cedarNs,
      signed_p50_to_signature_p50: signedNs / signatureNs,
      signed_p99_to_signature_p50: signedP99 / signatureNs,
    },
  };
}

/** The bench. */
export const bench: Bench = { name: "decision_pipeline", run };
