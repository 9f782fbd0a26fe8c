/**
 * The use case behind `mcp proxy` and `mcp serve`: one call through the same enforcement path as
 * `gate eval` (divergence G8), with the evidence that the driver asks for.
 *
 * @module
 */

import { printableList } from "../base/printable.ts";
import { enforce, type EnforcePorts } from "../enforce/enforce.ts";
import type { LoadedIntent } from "../enforce/loaded_intent.ts";
import type { EnforceOutcome, EnforceRequest } from "../enforce/request.ts";
import { callerContext } from "../credential/request.ts";
import type { DecisionEvent, DecisionSink } from "../export/decision_event.ts";
import { rawCallDigest } from "../intent/digests.ts";
import type { NormalizedIntent } from "../intent/intent.ts";
import { normalizeIntent } from "../intent/normalize.ts";
import { recordNames } from "./artifact_names.ts";
import { callIntent, type CallIntentOptions } from "./call_intent.ts";
import type {
  CallOutcome,
  CallRecord,
  CallRequest,
  CallWarning,
  RecordedEvidence,
  ToolCall,
} from "./call_request.ts";
import { derivedRunId, normalizeRunId } from "./run_id.ts";

/** What evaluating a call needs of the world. */
export type EvaluatePorts = EnforcePorts;

/** A call as it is decided on. */
interface PreparedCall extends LoadedCall {
  /** Run id that somebody named; "" when it follows from the digest. */
  readonly namedRunId: string;
  /** Session for journal and answer; "" for none. */
  readonly sessionId: string;
}

/** An intent that is ready to be judged. */
export interface LoadedCall {
  readonly intent: LoadedIntent;
  readonly warnings: readonly CallWarning[];
}

/**
 * Builds and normalises the intent of a call, bound to how the call was spelled (divergence G15).
 *
 * @throws GaitError `call_invalid`, `intent_invalid`, `profile_refused`
 */
export async function loadCallIntent(
  call: ToolCall,
  options: CallIntentOptions & { readonly source: string },
  ports: Pick<EvaluatePorts, "digester">,
): Promise<LoadedCall> {
  const { value, warnings } = callIntent(call, options);
  const intent: LoadedIntent = {
    source: options.source,
    intent: normalizeIntent(value),
    rawCallDigest: await rawCallDigest({ tool_name: call.name, args: call.args }, ports.digester),
    caller: callerContext(value),
  };
  return { intent, warnings };
}

/** Everything that can be refused before a decision is made. */
async function prepare(request: CallRequest, ports: EvaluatePorts): Promise<PreparedCall> {
  const { call, fallback, inferTargets, source, enforcement, provenContext } = request;
  const { intent, warnings } = await loadCallIntent(call, {
    fallback,
    inferTargets,
    source,
    profile: enforcement.profile,
    ...(provenContext === undefined ? {} : { proven: provenContext }),
  }, ports);
  const sessionId = request.sessionId || intent.intent.context.session_id;
  const explicit = normalizeRunId(request.runId);
  const ofSession = sessionId === "" ? undefined : await request.sessionRunId?.(sessionId);
  // A run that the call names for a session of another run is refused when the event is appended.
  const namedRunId = explicit || normalizeRunId(call.runId) || ofSession || "";
  return { intent, warnings, namedRunId, sessionId };
}

/** Decides and leaves the trace. */
async function decideCall(
  prepared: PreparedCall,
  request: CallRequest,
  ports: EvaluatePorts,
): Promise<EnforceOutcome> {
  const { enforcement, traceDirectory } = request;
  const names = recordNames({ directory: traceDirectory, runId: normalizeRunId(request.runId) });
  const enforced: EnforceRequest = {
    ...enforcement,
    intent: prepared.intent,
    approval: { ...enforcement.approval, quietWithoutTokens: true },
    outputs: { defaultName: names, ...enforcement.outputs },
    // The reference's MCP commands sign neither.
    correlationId: "",
    recordsLatency: false,
  };
  return await enforce(enforced, ports);
}

/** Reference to the delegation: first token reference, else the digest of the chain (spec 04 §6.1). */
function delegationReference(intent: NormalizedIntent, outcome: EnforceOutcome): string {
  const { delegation } = intent;
  if (delegation === undefined) return "";
  return delegation.token_refs[0] ?? outcome.trace.delegation_ref?.chain_digest ?? "";
}

/** The decision as exporters see it. */
function decisionEvent(
  intent: NormalizedIntent,
  outcome: EnforceOutcome,
  runId: string,
): DecisionEvent {
  const { trace } = outcome;
  return {
    created_at: trace.created_at,
    observed_at: trace.observed_at,
    event_id: trace.event_id ?? "",
    producer_version: trace.producer_version,
    run_id: runId,
    session_id: intent.context.session_id,
    trace_id: trace.trace_id,
    trace_path: outcome.tracePath,
    tool_name: intent.tool_name,
    verdict: outcome.verdict,
    reason_codes: outcome.reason_codes,
    policy_digest: trace.policy_digest,
    intent_digest: outcome.intentDigest,
    delegation_ref: delegationReference(intent, outcome),
    delegation_depth: intent.delegation?.chain.length ?? 0,
  };
}

/** Steps that were taken, so that they can be taken back. */
type Undo = () => Promise<void>;

/** What the steps after the decision produced. */
interface Recorded {
  readonly runpack: RecordedEvidence | undefined;
  readonly session: RecordedEvidence | undefined;
}

/** Remembers how a piece of evidence is taken back. */
function remember(evidence: RecordedEvidence | undefined, undo: Undo[]): void {
  const take = evidence?.undo?.bind(evidence);
  if (take !== undefined) undo.push(take);
}

/** Writes everything that follows the trace, in the order of spec 04 §1.5 and §8. */
async function recordAll(
  record: CallRecord,
  request: CallRequest,
  undo: Undo[],
): Promise<Recorded> {
  const runpack = await request.recordRunpack?.(record);
  remember(runpack, undo);
  for (const sink of request.sinks) {
    await sink.tell(record.event);
    undo.push(() => sink.withdraw(record.event));
  }
  const session = record.sessionId === "" ? undefined : await request.appendSession?.(record);
  remember(session, undo);
  return { runpack, session };
}

/** Removes the records of a decision that is not delivered. */
function removeEvidence(outcome: EnforceOutcome, ports: EvaluatePorts): Undo {
  return async () => {
    for (const path of outcome.evidencePaths.toReversed()) {
      await ports.files.remove(path).catch(() => {});
    }
  };
}

/** Takes steps back, the last one first. What cannot be taken back does not hide why. */
async function takeBack(undo: readonly Undo[]): Promise<void> {
  for (const step of undo.toReversed()) await step().catch(() => {});
}

/** Destinations by member name. */
function destinations(sinks: readonly DecisionSink[]): CallOutcome["exports"] {
  return Object.fromEntries(sinks.map((sink) => [sink.member, sink.destination]));
}

/** Warnings about the call itself. */
function callWarnings(request: CallRequest, intent: NormalizedIntent): CallWarning[] {
  const { unknownContextKeys } = intent;
  const { ignoredMembers } = request.call;
  const out: CallWarning[] = [];
  if (unknownContextKeys.length > 0) {
    const message = "the call's context has keys that no rule knows: " +
      printableList(unknownContextKeys);
    out.push({ code: "unknown_context_keys", message, severity: "notice" });
  }
  const covered = ignoredMembers.filter((name) => BESIDE.has(name));
  if (covered.length > 0) {
    const message = `members of the ${request.call.adapter} envelope are ignored: ` +
      `${covered.join(", ")}; give them beside the call`;
    out.push({ code: "envelope_members_ignored", message, severity: "warning" });
  }
  return out;
}

/** Members that callers may believe to be read from a foreign envelope. */
const BESIDE = new Set([
  "arg_provenance",
  "context",
  "delegation",
  "skill_provenance",
  "target",
  "targets",
]);

/**
 * Decides about one call and leaves all its evidence, or fails and takes back what it wrote: there is either
 * a decision with its evidence, or an error without (divergence W6).
 *
 * @throws GaitError for calls that cannot be decided on, and when evidence cannot be written; either way the
 *   call is blocked (divergence G12)
 */
export async function evaluateCall(
  request: CallRequest,
  ports: EvaluatePorts,
): Promise<CallOutcome> {
  const prepared = await prepare(request, ports);
  const { intent } = prepared.intent;
  const outcome = await decideCall(prepared, request, ports);
  const runId = prepared.namedRunId || derivedRunId(outcome.intentDigest);
  const event = decisionEvent(intent, outcome, runId);
  const { sessionId } = prepared;
  const record = { call: request.call, intent, outcome, event, runId, sessionId };
  const undo: Undo[] = [removeEvidence(outcome, ports)];
  try {
    const { runpack, session } = await recordAll(record, request, undo);
    return {
      record,
      policyDigest: request.enforcement.policy.digest,
      rawCallDigest: prepared.intent.rawCallDigest,
      adapterLabel: request.adapterLabel,
      runpackPath: runpack?.path ?? "",
      exports: destinations(request.sinks),
      warnings: [
        ...prepared.warnings,
        ...callWarnings(request, intent),
        ...runpack?.warnings ?? [],
        ...session?.warnings ?? [],
      ],
    };
  } catch (error) {
    await takeBack(undo);
    throw error;
  }
}
