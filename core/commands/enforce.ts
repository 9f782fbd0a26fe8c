import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { checkUnchanged, commandIntent, type Executable } from "../enforce/command_intent.ts";
import { enforce } from "../enforce/enforce.ts";
import type { LoadedIntent } from "../enforce/loaded_intent.ts";
import type { EnforceOutcome, EnforceRequest } from "../enforce/request.ts";
import { hiddenVariables } from "./flags/hidden_variables.ts";
import { GATE_FLAGS } from "./flags/gate_flags.ts";
import { gateRequest } from "./flags/gate_request.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import { warnMissingApprovalKey } from "./flags/weak_defaults.ts";
import type { Command, CommandContext, CommandResult, FlagSpec } from "./frame/command.ts";
import { exitOf, outcomeJson, outcomeText, outcomeTone } from "./render/outcome.ts";

/** Flags that describe the caller. */
const CALLER_FLAGS: readonly FlagSpec[] = [
  { name: "intent", kind: "string", value: "path", summary: "intent of exactly this command" },
  { name: "tool-name", kind: "string", value: "name", summary: "tool name, proc.exec by default" },
  { name: "identity", kind: "string", value: "name", summary: "who runs it, local by default" },
  { name: "risk-class", kind: "string", value: "class", summary: "risk class, high by default" },
  { name: "session-id", kind: "string", value: "id", summary: "session that it belongs to" },
];

/** Makes the intent and remembers the executable. */
async function describe(
  context: CommandContext,
): Promise<{ intent: LoadedIntent; executable: Executable }> {
  const { args, ports } = context;
  const facts = {
    toolName: args.text("tool-name") || "proc.exec",
    identity: args.text("identity") || "local",
    riskClass: args.text("risk-class") || "high",
    sessionId: args.text("session-id"),
  };
  return await commandIntent(args.rest, { intentPath: args.text("intent"), facts }, ports);
}

/** Runs the allowed command. */
async function execute(
  executable: Executable,
  request: EnforceRequest,
  context: CommandContext,
): Promise<number> {
  const { args, ports } = context;
  await checkUnchanged(executable, ports);
  return await ports.processes.inherit({
    command: executable.command,
    args: args.rest.slice(1),
    cwd: ports.files.workingDirectory(),
    withoutVariables: hiddenVariables(request, context),
    outputToError: args.flag("json"),
  });
}

/** The result of a command that was not allowed to run. */
function refused(
  outcome: EnforceOutcome,
  request: EnforceRequest,
  context: CommandContext,
): CommandResult {
  return {
    exit: exitOf(outcome, "strict", context),
    json: { ...outcomeJson(outcome, request), executed: false },
    text: outcomeText(outcome, "enforce"),
    tone: outcomeTone(outcome),
  };
}

/** The result of a command that ran. */
function ran(
  outcome: EnforceOutcome,
  request: EnforceRequest,
  child: { readonly executable: Executable; readonly exitCode: number },
): CommandResult {
  const { executable, exitCode } = child;
  const failed = exitCode !== 0;
  return {
    exit: failed ? EXIT.internal : EXIT.ok,
    json: {
      ...outcomeJson(outcome, request),
      ok: !failed,
      executed: true,
      executable: { path: executable.path, sha256: executable.sha256 },
      child_exit_code: String(exitCode),
      ...(failed ? { error_code: "child_failed" } : {}),
    },
    text: failed ? [`enforce: allowed, executed, child exit code ${exitCode}`] : [],
    ...(failed ? { tone: "bad" } as const : {}),
  };
}

/** `gait enforce -- <command>`: runs a command if and only if the policy allows it (divergence C2). */
export const command: Command = {
  spec: {
    path: ["enforce"],
    summary: "run a command only if the policy allows it",
    explain: "enforce decides about exactly the command behind --, and runs it only on allow",
    usage: "[flags] -- <command> [args]",
    positionals: { min: 0, max: 0 },
    flags: [...CALLER_FLAGS, ...GATE_FLAGS.filter((flag) => flag.name !== "simulate")],
    decides: true,
    passThrough: true,
    examples: ["gait enforce --policy gait.policy.yaml -- echo hello"],
    permissions: () => [
      INPUT_NEED,
      OUTPUT_NEED,
      { kind: "env", why: "the environment that the command will see" },
      { kind: "run", why: "the command itself" },
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    if (args.rest.length === 0) {
      throw new GaitError("usage", "Expected a command behind --", {
        hint: "for example: gait enforce --policy gait.policy.yaml -- echo hello",
      });
    }
    const { intent, executable } = await describe(context);
    const { request } = await gateRequest(context, () => Promise.resolve(intent));
    const outcome = await enforce(request, ports);
    warnMissingApprovalKey(outcome, request, context);
    if (outcome.verdict !== "allow") return refused(outcome, request, context);
    const exitCode = await execute(executable, request, context);
    return ran(outcome, request, { executable, exitCode });
  },
};
