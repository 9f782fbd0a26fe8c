import { GaitError } from "../base/errors.ts";
import { enforce } from "../enforce/enforce.ts";
import { loadIntent } from "../enforce/loaded_intent.ts";
import { GATE_FLAGS } from "./flags/gate_flags.ts";
import { gateNeeds } from "./flags/gate_needs.ts";
import { gateRequest } from "./flags/gate_request.ts";
import { warnMissingApprovalKey } from "./flags/weak_defaults.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { exitOf, outcomeJson, outcomeText, outcomeTone } from "./render/outcome.ts";

/** `gait gate eval` (spec 02 §14). */
export const command: Command = {
  spec: {
    path: ["gate", "eval"],
    summary: "decide about one tool call and write its signed trace",
    explain:
      "gate eval decides whether a tool call may run and leaves a signed trace of the decision",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      { name: "intent", kind: "string", value: "path", summary: "intent of the call, - for stdin" },
      ...GATE_FLAGS,
    ],
    decides: true,
    explainsDecision: true,
    examples: ["gait gate eval --policy gait.policy.yaml --intent intent.json --json"],
    permissions: gateNeeds,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const path = args.text("intent").trim() === "" ? "" : args.text("intent");
    if (path === "") {
      throw new GaitError("usage", "Both --policy and --intent are required", {
        hint: "name the intent with --intent, or - for standard input",
      });
    }
    const { request, exitMode } = await gateRequest(context, () => loadIntent(path, ports));
    const outcome = await enforce(request, ports);
    warnMissingApprovalKey(outcome, request, context);
    const explanation = args.flag("explain") ? await explain(request) : undefined;
    return {
      exit: exitOf(outcome, exitMode, context),
      json: {
        ...outcomeJson(outcome, request),
        ...(explanation && { explanation: explanation.json }),
      },
      text: [...outcomeText(outcome, "gate eval"), ...explanation?.text ?? []],
      tone: outcomeTone(outcome),
    };
  },
};

/** Explains the decision of the policy; loaded only when asked for. */
async function explain(request: Parameters<typeof enforce>[0]) {
  const { explainForOutput } = await import("./render/explanation.ts");
  return explainForOutput(request.policy.compiled, request.intent.intent);
}
