/**
 * What a call leaves besides its trace: a runpack, and an event in the journal of its session.
 *
 * @module
 */

import { inDirectory } from "../../mcp/artifact_names.ts";
import type { CallRequest } from "../../mcp/call_request.ts";
import { normalizeRunId } from "../../mcp/run_id.ts";
import type { HeldFiles } from "../evidence/held_files.ts";
import type { EvaluateBody } from "../request/evaluate_body.ts";
import type { Decider } from "./decide_request.ts";
import { type AdmittedPath, orTaken } from "./path_policy.ts";
import { serviceRunpackName } from "./record_names.ts";
import type { SessionVisit } from "./sessions.ts";

/** Path fields of a request after the path policy. */
export interface Paths {
  readonly trace: AdmittedPath | undefined;
  readonly runpack: AdmittedPath | undefined;
  readonly journal: AdmittedPath | undefined;
}

/** Whether a runpack is to be written. */
function wantsRunpack(body: EvaluateBody, paths: Paths): boolean {
  return body.emit_runpack || paths.runpack !== undefined;
}

/**
 * Holds the records back when the event of the session comes right behind them. A runpack or an export in
 * between must never tell of a decision whose trace is not on disk.
 */
export function holdRecords(
  body: EvaluateBody,
  paths: Paths,
  decider: Decider,
): HeldFiles | undefined {
  if (wantsRunpack(body, paths) || decider.sinks.length > 0) return undefined;
  return decider.hold?.();
}

/** The call's session, checkpoints and runpack as hooks of the use case. */
export function callHooks(
  body: EvaluateBody,
  visit: SessionVisit | undefined,
  context: {
    readonly paths: Paths;
    readonly decider: Decider;
    readonly held: HeldFiles | undefined;
  },
): Pick<CallRequest, "recordRunpack" | "appendSession" | "sessionRunId"> {
  const { paths, decider, held } = context;
  const plan = {
    interval: body.checkpoint_interval,
    directory: decider.directories.runpack?.path ?? "",
    signer: decider.packSigner,
  };
  return {
    ...(wantsRunpack(body, paths) && {
      recordRunpack: (record) => {
        const name = serviceRunpackName(normalizeRunId(body.run_id), record.outcome.trace);
        const path = paths.runpack?.path ?? inDirectory(plan.directory, name);
        const recorded = decider.recordRunpack(record, path);
        return paths.runpack === undefined ? recorded : orTaken("runpack_out", recorded);
      },
    }),
    ...(visit && {
      sessionRunId: () => visit.runId(),
      appendSession: (record) => visit.append(record, plan, () => held?.take() ?? []),
    }),
  };
}
