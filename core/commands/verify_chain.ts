import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { PLAIN_FAILURE } from "../sign/verify_signature.ts";
import type { IntentRecord } from "../runpack/model.ts";
import { MEMBER } from "../runpack/model.ts";
import type { VerifyReport } from "../runpack/verify_report.ts";
import { verifyRunpack } from "../runpack/verify_runpack.ts";
import type { TraceDocument } from "../trace/parse_trace.ts";
import { type TraceCheck, verifyTraceWithKeys } from "../trace/verify_with_keys.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { findRunpack, readRunpackFile, runpackNeeds } from "./flags/runpack_source.ts";
import {
  readVerifyPolicy,
  strictnessFlags,
  trustAnchorLines,
  trustAnchors,
  trustFlags,
  trustNeeds,
  type VerifyPolicy,
} from "./flags/trust_flags.ts";
import { failureResult } from "./render/unusable_pack.ts";
import { failureLines, reportFailure, reportJson, reportWarnings } from "./render/verify_report.ts";

const NAME = "verify chain";

/** What was found about the run. */
interface RunPart {
  readonly path: string;
  readonly report: VerifyReport;
  readonly intents: readonly Pick<IntentRecord, "tool_name" | "args_digest">[];
}

/** Verifies the runpack and keeps what links it to traces. */
async function verifyRun(
  { args, ports }: CommandContext,
  policy: VerifyPolicy,
): Promise<RunPart> {
  const source = await findRunpack(args.text("run"), ports);
  const intents: Pick<IntentRecord, "tool_name" | "args_digest">[] = [];
  const report = await verifyRunpack(await readRunpackFile(source, ports), {
    ...policy,
    ...(source.runId === undefined ? {} : { expectedRunId: source.runId }),
    // With a trace in the chain a key is needed: signatures are then skipped, not waived.
    keyNeeded: args.text("trace") !== "",
    refuseFalseDigests: true,
    onRecord: (path, record) => {
      // The checker of this member hands over intents only.
      if (path === MEMBER.intents) intents.push(record as IntentRecord);
    },
  }, ports);
  return { path: source.path, report, intents };
}

/** Whether the run holds the call that the trace decided. */
function isLinked(run: RunPart, document: TraceDocument | undefined): boolean {
  const trace = document?.record;
  return trace !== undefined &&
    run.intents.some(({ tool_name, args_digest }) =>
      tool_name === trace.tool_name && args_digest.toLowerCase() === trace.args_digest
    );
}

/** Members of the nested trace object. */
function traceJson(path: string, { report, reason }: TraceCheck, linked: boolean) {
  const plain = report.findings.find(({ message }) => message !== PLAIN_FAILURE)?.message;
  const error = reason ?? plain;
  return {
    ok: report.ok && reason === undefined,
    path,
    trace_id: report.traceId,
    verdict: report.verdict,
    signature_status: reason === undefined ? report.signatureStatus : "failed",
    ...(report.keyId === "" ? {} : { key_id: report.keyId }),
    ...(error === undefined ? {} : { error }),
    linked,
  };
}

/** `gait verify chain` (spec 01 §11.3; divergences E9, C7). Evidence packs belong to their own reader. */
export const command: Command = {
  spec: {
    path: ["verify", "chain"],
    summary: "check a runpack and a trace together",
    explain: "verify chain checks a runpack and a trace and tells whether they belong together",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      { name: "run", kind: "string", value: "run", summary: "run id or path of the runpack" },
      { name: "trace", kind: "string", value: "path", summary: "a trace; needs a key" },
      { name: "pack", kind: "string", value: "path", summary: "an evidence pack" },
      ...strictnessFlags,
      ...trustFlags,
    ],
    examples: ["gait verify chain --run run_demo"],
    permissions: (args) => [
      ...runpackNeeds([args.text("run")]),
      ...[args.text("trace"), args.text("pack")].filter((path) => path !== "")
        .map((path) => ({ kind: "read", values: [path], why: "read the artifact" }) as const),
      ...trustNeeds(args),
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports, warn } = context;
    if (args.text("run") === "") {
      const error = new GaitError("usage", "missing required --run");
      return failureResult(error, { name: NAME, members: { run: { ok: false } } });
    }
    const policy = await readVerifyPolicy(args, ports);
    const run = await verifyRun(context, policy);
    for (const warning of reportWarnings(run.report)) warn(warning);
    const members: Record<string, unknown> = { run: reportJson(run.report, run.path) };
    const tracePath = args.text("trace");
    const lines = [`runpack: ${run.path}`, ...(run.report.ok ? [] : failureLines(run.report))];
    let traceOk = true;
    try {
      if (tracePath !== "") {
        const bytes = await ports.files.read(tracePath, { maxBytes: LIMITS.recordBytes });
        const request = { bytes, source: tracePath, keys: policy.keys, strict: policy.strict };
        const check = await verifyTraceWithKeys(request, ports);
        const linked = isLinked(run, check.document);
        const trace = traceJson(tracePath, check, linked);
        members.trace = trace;
        traceOk = trace.ok;
        lines.push(`trace: ${tracePath} (${trace.signature_status})`);
        if (!linked) {
          const message =
            "the run holds no call with the tool and arguments that the trace decided";
          warn({ code: "trace_not_linked", message, severity: "warning" });
        }
      }
      if (args.text("pack") !== "") {
        throw new GaitError(
          "unsupported_value",
          "Cannot verify an evidence pack here: not built in",
        );
      }
    } catch (thrown) {
      const error = thrown instanceof GaitError
        ? thrown
        : new GaitError("internal_failure", "Cannot verify the chain", { cause: thrown });
      return failureResult(error, { name: NAME, members });
    }
    const ok = run.report.ok && traceOk;
    return {
      exit: ok ? EXIT.ok : EXIT.verification,
      json: {
        ...(run.report.ok ? {} : reportFailure(run.report)),
        ok,
        ...members,
        trust_anchors: trustAnchors(policy.keys),
      },
      text: [
        ok ? "verify chain: ok" : "verify chain failed",
        ...lines,
        ...trustAnchorLines(policy.keys),
      ],
      tone: ok ? "good" : "bad",
    };
  },
};
