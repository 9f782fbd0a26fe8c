/**
 * A runpack of one decided call (spec 04 §7).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import { digestOfJson } from "../digest/digest.ts";
import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import {
  type CaptureMode,
  type CommonMembers,
  RUNPACK_SCHEMA_VERSION,
  SCHEMA_ID,
} from "../runpack/model.ts";
import { buildRunpack, type BuiltPack } from "../runpack/pack_writer.ts";
import type { CallRecord, CallWarning, RecordedEvidence } from "./call_request.ts";

type RunpackPorts = Pick<Ports, "files" | "digester" | "platform" | "architecture">;

const INTENT_ID = "intent_1";

/** How a pack is made. */
export interface CallRunpackOptions {
  readonly path: string;
  /** Whether arguments and result are kept, or their digests alone (divergence E7). */
  readonly keepsContent: boolean;
  /** `capture_mode` of the manifest. */
  readonly captureMode: CaptureMode;
  /** Whether a file that is there is replaced: for paths that the caller named. */
  readonly replaces: boolean;
  /** Absent packs are unsigned, as the reference's are (divergence E5). */
  readonly signer?: Signer;
}

/** What happened to the call. */
function resultOf({ outcome }: CallRecord): JsonObject {
  return {
    reason_codes: [...outcome.reason_codes],
    trace_id: outcome.trace.trace_id,
    verdict: outcome.verdict,
    violations: [...outcome.violations],
  };
}

/** Whether the call was stopped. */
function isStopped({ outcome }: CallRecord): boolean {
  return outcome.verdict === "block" || outcome.verdict === "require_approval";
}

/** Builds the pack. @throws GaitError `signer_failed` */
export async function buildCallRunpack(
  record: CallRecord,
  options: Omit<CallRunpackOptions, "path" | "replaces">,
  ports: Pick<RunpackPorts, "digester" | "platform" | "architecture">,
): Promise<BuiltPack> {
  const { event, intent, outcome, runId } = record;
  const { keepsContent } = options;
  const common = (schema_id: string): CommonMembers => ({
    created_at: event.created_at,
    producer_version: event.producer_version,
    run_id: runId,
    schema_id,
    schema_version: RUNPACK_SCHEMA_VERSION,
  });
  const result = resultOf(record);
  const keepsArgs = keepsContent && Object.keys(intent.args).length > 0;
  return await buildRunpack({
    captureMode: options.captureMode,
    run: {
      ...common(SCHEMA_ID.run),
      env: { arch: ports.architecture ?? "unknown", os: ports.platform, runtime: "deno" },
      timeline: ["proxy_eval_start", "proxy_eval_finish"]
        .map((name) => ({ event: name, ts: event.created_at })),
    },
    intents: [{
      ...(keepsArgs && { args: intent.args }),
      args_digest: outcome.trace.args_digest,
      intent_id: INTENT_ID,
      tool_name: intent.tool_name,
      ...common(SCHEMA_ID.intent),
    }],
    results: [{
      intent_id: INTENT_ID,
      ...(keepsContent && { result }),
      result_digest: await digestOfJson(ports.digester, result),
      status: isStopped(record) ? "error" : "ok",
      ...common(SCHEMA_ID.result),
    }],
    refs: { ...common(SCHEMA_ID.refs), receipts: [] },
  }, { digester: ports.digester, signer: options.signer });
}

const RAW_WARNING: CallWarning = {
  code: "raw_in_reference_mode",
  message: "capture mode reference keeps arguments as they are; " +
    "--capture-mode digest-only drops them",
  severity: "warning",
};

/**
 * Writes the pack of a decided call.
 *
 * @throws GaitError `already_exists`, `path_is_symlink`, `io_failure`, `signer_failed`
 */
export async function recordCallRunpack(
  record: CallRecord,
  options: CallRunpackOptions,
  ports: RunpackPorts,
): Promise<RecordedEvidence> {
  const { path, replaces, keepsContent, captureMode } = options;
  const { chunks } = await buildCallRunpack(record, options, ports);
  if (replaces) await ports.files.replace(path, chunks);
  else await ports.files.create(path, chunks);
  const isRaw = keepsContent && captureMode === "reference" &&
    Object.keys(record.intent.args).length > 0;
  return {
    path,
    warnings: isRaw ? [RAW_WARNING] : [],
    undo: () => ports.files.remove(path),
  };
}
