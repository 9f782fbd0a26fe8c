import { LIMITS } from "../base/limits.ts";
import type { LoadedPolicy } from "../enforce/loaded_policy.ts";
import { checkDistinctFiles, checkOutputPath } from "../enforce/output_path.ts";
import { readInput } from "../enforce/read_input.ts";
import type { EnforceRequest } from "../enforce/request.ts";
import { fileSinks } from "../export/file_sinks.ts";
import { recordCallRunpack } from "../mcp/call_runpack.ts";
import { type CallOutcome, FALLBACK_CONTEXT, type ToolCall } from "../mcp/call_request.ts";
import { evaluateCall, loadCallIntent } from "../mcp/evaluate_call.ts";
import { outcomeMembers } from "../mcp/outcome_members.ts";
import { readCall } from "../mcp/read_call.ts";
import { readSupplement } from "../mcp/read_supplement.ts";
import type { Ports } from "../ports/ports.ts";
import { parseJson } from "../text/json.ts";
import { gateNeeds } from "./flags/gate_needs.ts";
import { gateRequest } from "./flags/gate_request.ts";
import { EXPECTED, MCP_FLAGS, type McpOptions, readMcpOptions } from "./flags/mcp_flags.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";
import { exitOf, outcomeTone } from "./render/outcome.ts";

/** Reads the call and what stands beside it. */
async function loadCall(options: McpOptions, ports: Ports): Promise<ToolCall> {
  const read = async (path: string) => {
    const data = await readInput(path, LIMITS.intentBytes, ports);
    return parseJson(data, { source: path, refuseUnsafeIntegers: true });
  };
  const envelope = await read(options.call);
  const supplement = options.contextPath === ""
    ? {}
    : readSupplement(await read(options.contextPath));
  return readCall(envelope, { adapter: options.adapter.name, supplement });
}

/** The arguments as the gate's flags read them: the call stands for the intent. */
function gateArguments(args: Arguments, options: McpOptions): Arguments {
  const replaced = new Map([
    ["policy", options.policy],
    ["intent", options.call],
    ["trace-out", options.tracePath],
  ]);
  return {
    text: (name) => replaced.get(name) ?? args.text(name),
    all: (name) => args.all(name),
    flag: (name) => args.flag(name),
    given: (name) => (replaced.get(name) ?? "") !== "" || args.given(name),
    positionals: [],
    rest: [],
  };
}

/** Checks the paths that only this command writes, before anything is written (divergence W4). */
async function checkPaths(
  options: McpOptions,
  request: EnforceRequest,
  ports: Ports,
): Promise<void> {
  const outputs = {
    trace: request.outputs.trace,
    runpack: options.runpackPath,
    "log export": options.exportLog,
    "otel export": options.exportOtel,
  };
  for (const [what, path] of Object.entries(outputs)) {
    if (path !== "") checkOutputPath(path, what);
  }
  const inputs = [request.policy.source, options.call, options.contextPath];
  await checkDistinctFiles(outputs, inputs, ports.files);
}

/** Loads something when it is first asked for, and once. */
function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => loading ??= load();
}

/** Decides about the call. */
async function decideCall(
  options: McpOptions,
  context: CommandContext,
): Promise<{
  readonly outcome: CallOutcome;
  readonly policy: LoadedPolicy;
  readonly exit: number;
}> {
  const { args, ports } = context;
  const { inferTargets } = options;
  const fallback = FALLBACK_CONTEXT;
  const source = options.call;
  const call = once(() => loadCall(options, ports));
  const gateContext = { ...context, args: gateArguments(args, options) };
  const { request, exitMode } = await gateRequest(gateContext, async () => {
    const how = { fallback, inferTargets, source, profile: "standard" } as const;
    return (await loadCallIntent(await call(), how, ports)).intent;
  }, { expected: EXPECTED });
  await checkPaths(options, request, ports);
  // One key for trace and runpack, and one warning about it.
  const signing = once(request.signing);
  const hardened = request.profile === "oss-prod";
  const outcome = await evaluateCall({
    call: await call(),
    enforcement: { ...request, signing },
    traceDirectory: "",
    source,
    adapterLabel: options.adapter.label,
    runId: options.runId,
    sessionId: "",
    fallback,
    inferTargets,
    ...(options.runpackPath !== "" && {
      recordRunpack: async (record) => {
        const { signer } = await signing();
        return await recordCallRunpack(record, {
          path: options.runpackPath,
          keepsContent: (options.captureMode ?? (hardened ? "digest-only" : "reference")) !==
            "digest-only",
          captureMode: options.captureMode ?? "reference",
          replaces: true,
          ...(options.signRunpack && { signer }),
        }, ports);
      },
    }),
    sinks: fileSinks({ log: options.exportLog, otel: options.exportOtel }, ports),
  }, ports);
  const exit = exitOf(outcome.record.outcome, exitMode, context);
  return { outcome, policy: request.policy, exit };
}

/** Explains the decision of the policy; loaded only when asked for (divergence C3). */
async function explain({ compiled }: LoadedPolicy, { record }: CallOutcome) {
  const { explainForOutput } = await import("./render/explanation.ts");
  return explainForOutput(compiled, record.intent);
}

/** Lines for people (spec 04 §1.4). */
function outcomeText(
  { record, runpackPath }: CallOutcome,
  spelled: McpOptions["spelled"],
): string[] {
  const { outcome } = record;
  return [
    `mcp proxy: verdict=${outcome.verdict}`,
    `trace: ${spelled.trace_path ?? outcome.tracePath}`,
    ...(runpackPath === "" ? [] : [`runpack: ${spelled.runpack_path ?? runpackPath}`]),
    ...(outcome.reason_codes.length === 0 ? [] : [`reasons: ${outcome.reason_codes.join(",")}`]),
  ];
}

/** The command under one of its names. */
export function proxyCommand(name: "proxy" | "bridge"): Command {
  return {
    spec: {
      path: ["mcp", name],
      summary: name === "proxy"
        ? "decide about a tool call in the envelope of its framework"
        : "the same as mcp proxy",
      explain: "mcp proxy reads a tool call as an agent framework sends it, decides about it as " +
        "gate eval does, and executes nothing",
      usage: "[<policy> <call>]",
      positionals: { min: 0, max: 2 },
      expected: EXPECTED,
      flags: MCP_FLAGS,
      decides: true,
      explainsDecision: true,
      codeIsCategory: true,
      failureMembers: { executed: false },
      examples: [`gait mcp ${name} --policy gait.policy.yaml --call call.json --json`],
      permissions: gateNeeds,
    },
    async run(context: CommandContext): Promise<CommandResult> {
      const options = readMcpOptions(context.args);
      const { outcome, policy, exit } = await decideCall(options, context);
      for (const warning of outcome.warnings) {
        // The flags have already told about the context.
        if (warning.code !== "unknown_context_keys") context.warn(warning);
      }
      const explanation = context.args.flag("explain") ? await explain(policy, outcome) : undefined;
      return {
        exit,
        json: {
          ...outcomeMembers(outcome),
          ...options.spelled,
          ...(explanation && { explanation: explanation.json }),
        },
        text: [...outcomeText(outcome, options.spelled), ...explanation?.text ?? []],
        tone: outcomeTone(outcome.record.outcome),
      };
    },
  };
}

/** `gait mcp proxy` (spec 04 §1). */
export const command: Command = proxyCommand("proxy");
