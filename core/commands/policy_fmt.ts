import { utf8 } from "../base/bytes.ts";
import { formatPolicy } from "../policy/format.ts";
import { loadPolicy } from "../enforce/loaded_policy.ts";
import { LIMITS } from "../base/limits.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Replaces the file, keeping its permission bits. */
async function rewrite(path: string, text: string, context: CommandContext): Promise<void> {
  const { files } = context.ports;
  const mode = (await files.stat(path))?.mode;
  await files.replace(path, utf8(text), mode === undefined ? {} : { mode });
}

/** `gait policy fmt` (spec 02 §15.3, divergence C10). */
export const command: Command = {
  spec: {
    path: ["policy", "fmt"],
    summary: "write a policy with every key explicit",
    explain: "policy fmt prints the normalised policy, keeps its comments, or rewrites the file",
    usage: "<policy>",
    positionals: { min: 1, max: 1 },
    expected: "Expected <policy.yaml>",
    flags: [{ name: "write", kind: "boolean", summary: "rewrite the file instead of printing" }],
    examples: ["gait policy fmt gait.policy.yaml", "gait policy fmt gait.policy.yaml --write"],
    permissions: (args) => args.flag("write") ? [INPUT_NEED, OUTPUT_NEED] : [INPUT_NEED],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const path = args.positionals[0] as string;
    const { parsed: { policy, document }, digest } = await loadPolicy(path, ports);
    const formatted = formatPolicy(policy, document);
    const before = await ports.files.read(path, { maxBytes: LIMITS.policyBytes });
    const changed = new TextDecoder().decode(before) !== formatted;
    const written = args.flag("write") && changed;
    if (written) await rewrite(path, formatted, context);
    const count = policy.rules.length;
    return {
      exit: 0,
      json: {
        ok: true,
        path,
        written,
        changed,
        policy_digest: digest,
        default_verdict: policy.default_verdict,
        rule_count: count,
        formatted: args.flag("write") ? undefined : formatted,
      },
      text: args.flag("write")
        ? [`policy fmt ok: path=${path} changed=${changed} written=${written} rules=${count}`]
        : [formatted.replace(/\n$/, "")],
    };
  },
};
