/**
 * Approvals (spec 02 §9; divergences G3, G5, G13): tokens are read only when the verdict asks for them.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { parseDuration } from "../base/duration.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import {
  consume,
  type Consumption,
  encodeConsumptionStore,
  newConsumptionStore,
  readConsumptionStore,
  storeMarker,
} from "../approval/consumption.ts";
import { type ApprovalTally, countApprovals } from "../approval/count.ts";
import type { ApprovalKeys } from "../approval/keys.ts";
import { parseApprovalToken } from "../approval/token.ts";
import { type ApprovalCheck, verifyApprovalToken } from "../approval/verify.ts";
import type { Decision } from "../gate/decision.ts";
import type { IntentDigests } from "../intent/digests.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Ports } from "../ports/ports.ts";
import { amend, type Draft } from "./draft.ts";
import type { EnforceRequest } from "./request.ts";

type ApprovalPorts = Pick<Ports, "files" | "locks" | "clock" | "digester" | "ed25519">;

/** What the stage needs to know about the call. */
export interface ApprovalFacts {
  readonly request: EnforceRequest;
  readonly decision: Decision;
  readonly digests: IntentDigests;
  /** Keys that may approve. */
  readonly keys: ApprovalKeys;
}

/** The draft after approvals, and what was examined. */
export interface ApprovalStage {
  readonly draft: Draft;
  readonly checks: readonly ApprovalCheck[];
  readonly tally: ApprovalTally | undefined;
  readonly reference: string;
}

/** Reads and verifies every presented token. */
async function verifyAll(facts: ApprovalFacts, ports: ApprovalPorts): Promise<ApprovalCheck[]> {
  const { request, decision, digests } = facts;
  const maxTtl = parseDuration(decision.rule?.approval.max_ttl ?? "");
  const checks: ApprovalCheck[] = [];
  for (const { source, data } of await request.approval.tokens()) {
    const token = parseApprovalToken(data, { source });
    checks.push(
      await verifyApprovalToken(token, {
        keys: facts.keys,
        intent_digest: digests.intent_digest,
        policy_digest: request.policy.digest,
        delegation_binding_digest: digests.delegation_binding_digest,
        tool_name: request.intent.intent.tool_name,
        now: ports.clock.now(),
        ...(maxTtl === undefined ? {} : { maxTtl }),
        refuseFuture: request.profile === "oss-prod",
      }, ports),
    );
  }
  return checks;
}

/** Whether the tokens of this call are spent by it (divergence G13). */
function isSingleUse(facts: ApprovalFacts): boolean {
  const approval = facts.decision.rule?.approval;
  if (approval?.single_use) return true;
  return facts.request.profile === "oss-prod" && approval?.reusable !== true;
}

/** Approvals never lift a verdict above what the matched rule grants by itself (divergence G3). */
function liftedVerdict(decision: Decision): Verdict {
  return decision.rule?.effect === "dry_run" ? "dry_run" : "allow";
}

/** Decides over the presented approvals, without spending them. */
export async function applyApproval(
  draft: Draft,
  facts: ApprovalFacts,
  ports: ApprovalPorts,
): Promise<ApprovalStage> {
  const { request, decision } = facts;
  if (draft.verdict !== "require_approval") {
    return { draft, checks: [], tally: undefined, reference: request.approval.reference };
  }
  const checks = await verifyAll(facts, ports);
  if (checks.length === 0 && request.approval.quietWithoutTokens === true) {
    return { draft, checks, tally: undefined, reference: request.approval.reference };
  }
  const tally = countApprovals(checks, {
    min_approvals: decision.min_approvals,
  });
  const change = { reasons: tally.reason_codes, violations: tally.violations };
  const next = tally.granted
    ? amend(draft, { ...change, verdict: liftedVerdict(decision) })
    : amend(draft, change);
  const reference = tally.granted ? tally.approval_ref : request.approval.reference;
  return { draft: next, checks, tally, reference };
}

/** Reads the store, or starts one; a store that existed once and is gone was lost. */
async function openStore(path: string, ports: ApprovalPorts) {
  const now = ports.clock.now();
  if (await ports.files.stat(path) !== undefined) {
    const data = await ports.files.read(path, { maxBytes: LIMITS.stateBytes });
    return readConsumptionStore(data, { source: path });
  }
  const marker = storeMarker(path);
  const afterLoss = await ports.files.stat(marker) !== undefined;
  if (!afterLoss) await ports.files.replace(marker, utf8("gait approval store was created here\n"));
  const store = newConsumptionStore(now, { afterLoss });
  // Kept at once, also when nothing is spent now: tokens minted from here on must find it.
  if (afterLoss) await ports.files.replace(path, utf8(encodeConsumptionStore(store)));
  return store;
}

/** Whether the stage has granted an allow by tokens that it spends. */
function wantsToSpend(stage: ApprovalStage, facts: ApprovalFacts): boolean {
  const granted = stage.tally?.granted === true && stage.draft.verdict === "allow";
  return granted && isSingleUse(facts);
}

/**
 * Refuses tokens that were spent before, without spending any: so that no broker is asked on behalf of a
 * replayed token, and a simulation tells the truth. Where neither matters, spending alone looks.
 *
 * @throws GaitError `state_corrupt`
 */
export async function refuseSpent(
  stage: ApprovalStage,
  facts: ApprovalFacts,
  ports: ApprovalPorts,
): Promise<ApprovalStage> {
  const { request, decision } = facts;
  const asksBroker = decision.rule?.require_broker_credential ?? false;
  const path = request.approval.storePath;
  if (!(asksBroker || request.simulate) || path === "" || !wantsToSpend(stage, facts)) return stage;
  if (await ports.files.stat(path) === undefined) return stage;
  const data = await ports.files.read(path, { maxBytes: LIMITS.stateBytes });
  const store = readConsumptionStore(data, { source: path });
  const spent = consume(store, stage.tally?.tokens ?? [], { now: ports.clock.now() });
  return spent.kind === "consumed" ? stage : refused(stage, spent);
}

/** Spends tokens under the store's lock. */
async function spendLocked(
  stage: ApprovalStage,
  path: string,
  ports: ApprovalPorts,
): Promise<ApprovalStage> {
  const store = await openStore(path, ports);
  const spent = consume(store, stage.tally?.tokens ?? [], { now: ports.clock.now() });
  if (spent.kind === "consumed") {
    await ports.files.replace(path, utf8(encodeConsumptionStore(spent.store)));
    return stage;
  }
  return refused(stage, spent);
}

/** The stage after tokens turned out not to be spendable. */
function refused(
  stage: ApprovalStage,
  why: Exclude<Consumption, { readonly kind: "consumed" }>,
): ApprovalStage {
  const codes = why.kind === "refused"
    ? why.refusals.map((refusal) => refusal.code)
    : ["approval_store_full"];
  const draft = amend({
    ...stage.draft,
    reasons: stage.draft.reasons.filter((code) => code !== "approval_granted"),
  }, {
    verdict: "require_approval",
    reasons: [...codes, "approval_chain_insufficient"],
    violations: ["approval_not_granted"],
  });
  const tally = stage.tally && { ...stage.tally, granted: false, approval_ref: "" };
  return { ...stage, draft, tally, reference: "" };
}

/**
 * Spends the approvals of an allow, all together, before its trace is written. Nothing is spent for a
 * verdict that is not `allow`, nor by a simulation.
 *
 * @throws GaitError `state_corrupt`, `state_contention`, `profile_refused` when there is no place to remember
 */
export async function spendApprovals(
  stage: ApprovalStage,
  facts: ApprovalFacts,
  ports: ApprovalPorts,
): Promise<ApprovalStage> {
  const { request } = facts;
  if (request.simulate || !wantsToSpend(stage, facts)) return stage;
  const path = request.approval.storePath;
  if (path === "") {
    throw new GaitError("profile_refused", "Cannot spend a single-use approval: no store", {
      hint: "set HOME or XDG_STATE_HOME, or name a store with --approval-store",
    });
  }
  const lock = { waitMs: LIMITS.approvalLockWaitMs, staleMs: LIMITS.lockStaleMs };
  return await ports.locks.withLock(
    `${path}.lock`,
    lock,
    () => spendLocked(stage, path, ports),
  );
}
