/**
 * From a decoded request to a decision. Everything that a client may get wrong is checked before any work
 * (divergence W4), so that a refused request leaves nothing behind.
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json_value.ts";
import { trim } from "../../base/text_rules.ts";
import type { EnforceRequest, PresentedToken } from "../../enforce/request.ts";
import type { DecisionEvent, DecisionSink } from "../../export/decision_event.ts";
import { inDirectory } from "../../mcp/artifact_names.ts";
import {
  type CallOutcome,
  type CallRecord,
  type CallRequest,
  FALLBACK_CONTEXT,
  type RecordedEvidence,
} from "../../mcp/call_request.ts";
import { infersByDefault } from "../../mcp/infer_targets.ts";
import { readAdapter } from "../../mcp/read_adapter.ts";
import { readCall } from "../../mcp/read_call.ts";
import { normalizeRunId } from "../../mcp/run_id.ts";
import type { Files } from "../../ports/files.ts";
import type { Signer } from "../../ports/sign.ts";
import type { Caller } from "../access/auth.ts";
import type { EvaluateBody } from "../request/evaluate_body.ts";
import {
  admitPath,
  type AdmittedPath,
  checkJournalPlace,
  clearPlace,
  type ClientPaths,
  orTaken,
  type ServiceDirectory,
} from "./path_policy.ts";
import type { PolicyHolder } from "../policy/policy_holder.ts";
import { callHooks, holdRecords, type Paths } from "./call_hooks.ts";
import { sessionBaseName } from "./session_name.ts";
import { serviceRecordNames } from "./record_names.ts";
import type { HeldFiles } from "../evidence/held_files.ts";
import type { SessionPlace, Sessions } from "./sessions.ts";

/** Directories of a service. */
export interface ServiceDirectories {
  readonly trace: ServiceDirectory;
  readonly session: ServiceDirectory;
  /** `undefined` when no runpacks are written. */
  readonly runpack: ServiceDirectory | undefined;
}

/** What deciding needs; made once when the service starts. */
export interface Decider {
  readonly policy: PolicyHolder;
  /** The enforcement request without what differs from call to call. */
  readonly enforcement: Omit<EnforceRequest, "intent" | "policy" | "outputs">;
  readonly adapter: string;
  readonly clientPaths: ClientPaths;
  readonly directories: ServiceDirectories;
  readonly sessions: Sessions;
  readonly sinks: readonly DecisionSink[];
  /** Refuses work whose evidence could not be written. @throws GaitError `evidence_…` */
  checkEvidence(): void;
  /** Hears of every decision that is delivered; must not wait. */
  delivered(event: DecisionEvent): void;
  /** Signs checkpoints; `undefined` leaves them unsigned. */
  readonly packSigner: Signer | undefined;
  readonly files: Files;
  /**
   * The use case.
   *
   * @param files Through what the decision's records are written; the service's own way when absent.
   * @throws GaitError
   */
  evaluate(request: CallRequest, files?: Files): Promise<CallOutcome>;
  /** Holds the records of a call back until the event of its session, where that is possible. */
  hold?(): HeldFiles;
  /** Writes a runpack. */
  recordRunpack(record: CallRecord, path: string): Promise<RecordedEvidence>;
}

/** A decision and how its paths are spelled in the answer. */
export interface DecidedRequest {
  readonly outcome: CallOutcome;
  readonly spelledTrace: string | undefined;
  readonly spelledRunpack: string | undefined;
}

/** Checks all path fields, needed or not. */
async function admitPaths(body: EvaluateBody, decider: Decider): Promise<Paths> {
  const { clientPaths, directories, files } = decider;
  const admit = (field: string, value: string, directory: ServiceDirectory | undefined) =>
    admitPath(value, { field, clientPaths, directory }, files);
  return {
    trace: await admit("trace_path", body.trace_path, directories.trace),
    runpack: await admit("runpack_out", body.runpack_out, directories.runpack),
    journal: await admit("session_journal", body.session_journal, directories.session),
  };
}

/** Refuses to stay silent about a runpack that nobody will write. */
function checkRunpack(body: EvaluateBody, decider: Decider): void {
  if (body.emit_runpack && decider.directories.runpack === undefined) {
    throw new GaitError("invalid_input", "request.emit_runpack needs a service with --runpack-dir");
  }
}

/** Inline tokens as presented tokens. */
function inlineTokens(
  kind: string,
  tokens: readonly JsonObject[],
): () => Promise<readonly PresentedToken[]> {
  return () =>
    Promise.resolve(tokens.map((token, index) => ({
      source: `request.${kind}[${index}]`,
      data: utf8(JSON.stringify(token)),
    })));
}

/** A text member of the call's context. */
function contextText(context: JsonObject, key: string): string {
  const value = context[key];
  return typeof value === "string" ? trim(value) : "";
}

/** Where the session of a request is kept; `undefined` without a session. */
function sessionPlace(
  sessionId: string,
  journal: AdmittedPath | undefined,
  decider: Decider,
): SessionPlace | undefined {
  if (sessionId === "") return undefined;
  const base = sessionBaseName(sessionId);
  const own = inDirectory(decider.directories.session.path, `${base}.journal.jsonl`);
  return { sessionId, base, journal: journal?.path ?? own };
}

/** Context members that the token proves (divergence W10). */
function provenContext(caller: Caller): JsonObject | undefined {
  const { identity, workspace } = caller;
  if (identity === undefined && workspace === undefined) return undefined;
  return {
    ...(identity === undefined ? {} : { identity }),
    ...(workspace === undefined ? {} : { workspace }),
  };
}

/** The enforcement request of one call. */
function enforcementOf(
  body: EvaluateBody,
  paths: Paths,
  decider: Decider,
): Omit<EnforceRequest, "intent"> {
  const { approval, delegation } = decider.enforcement;
  return {
    ...decider.enforcement,
    policy: decider.policy.current(),
    approval: { ...approval, tokens: inlineTokens("approval_tokens", body.approval_tokens) },
    delegation: {
      ...delegation,
      tokens: inlineTokens("delegation_tokens", body.delegation_tokens),
    },
    outputs: {
      trace: paths.trace?.path ?? "",
      defaultName: serviceRecordNames({
        directory: decider.directories.trace.path,
        runId: normalizeRunId(body.run_id),
      }),
      approvalAudit: "",
      delegationAudit: "",
      credentialEvidence: "",
      // Looking at the place beforehand is not enough: two requests can look at the same time.
      keepsExisting: true,
    },
  };
}

/**
 * Decides about a request.
 *
 * @param caller Who the token stands for.
 * @throws GaitError; then nothing was decided, and no evidence is left
 */
export async function decideRequest(
  body: EvaluateBody,
  caller: Caller,
  decider: Decider,
): Promise<DecidedRequest> {
  decider.checkEvidence();
  const paths = await admitPaths(body, decider);
  checkRunpack(body, decider);
  const adapter = readAdapter(trim(body.adapter) === "" ? decider.adapter : body.adapter);
  const call = readCall(body.call, { adapter: adapter.name, supplement: body.supplement });
  const sessionId = trim(body.session_id) || contextText(call.context, "session_id");
  const place = sessionPlace(sessionId, paths.journal, decider);
  const visit = place && decider.sessions.enter(place);
  const held = visit && holdRecords(body, paths, decider);
  const proven = provenContext(caller);
  const enforcement = enforcementOf(body, paths, decider);
  try {
    await checkJournalPlace(paths.journal, decider.files);
    await clearPlace(paths.trace, "trace_path", decider.files);
    await clearPlace(paths.runpack, "runpack_out", decider.files);
    const evaluated = decider.evaluate({
      call,
      enforcement,
      traceDirectory: decider.directories.trace.path,
      source: "request",
      adapterLabel: adapter.label,
      runId: body.run_id,
      sessionId,
      fallback: FALLBACK_CONTEXT,
      ...(proven === undefined ? {} : { provenContext: proven }),
      inferTargets: infersByDefault(adapter.name),
      ...callHooks(body, visit, { paths, decider, held }),
      sinks: decider.sinks,
    }, held?.view);
    const outcome =
      await (paths.trace === undefined ? evaluated : orTaken("trace_path", evaluated));
    // INVARIANT: nothing is acknowledged whose evidence is not written.
    if (held?.isEmpty === false) throw new TypeError("Cannot answer: evidence is still held back");
    decider.delivered(outcome.record.event);
    return {
      outcome,
      spelledTrace: paths.trace?.spelled,
      spelledRunpack: paths.runpack?.spelled,
    };
  } finally {
    visit?.release();
  }
}
