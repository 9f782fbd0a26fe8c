import { loadIntent } from "../enforce/loaded_intent.ts";
import { loadPolicy } from "../enforce/loaded_policy.ts";
import { intentDigest } from "../intent/digests.ts";
import { INPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { explainForOutput } from "./render/explanation.ts";

/** `gait policy explain`: every rule considered and why it did or did not decide. */
export const command: Command = {
  spec: {
    path: ["policy", "explain"],
    summary: "show why a policy decides as it does about an intent",
    explain: "policy explain lists every rule with the first condition that failed, and the winner",
    usage: "<policy> <intent.json>",
    positionals: { min: 2, max: 2 },
    expected: "Expected <policy.yaml> <intent_fixture.json>",
    flags: [],
    examples: ["gait policy explain gait.policy.yaml intent.json"],
    permissions: () => [INPUT_NEED],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const [policyPath, intentPath] = args.positionals as [string, string];
    const policy = await loadPolicy(policyPath, ports);
    const { intent } = await loadIntent(intentPath, ports);
    const { json, text } = explainForOutput(policy.compiled, intent);
    return {
      exit: 0,
      json: {
        ok: true,
        policy_digest: policy.digest,
        intent_digest: await intentDigest(intent, ports.digester),
        ...json,
      },
      text,
    };
  },
};
