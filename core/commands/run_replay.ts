import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { trim } from "../base/text_rules.ts";
import { readRunpack } from "../runpack/read_pack.ts";
import { type Replay, replayRun } from "../runpack/replay.ts";
import type { Env } from "../ports/env.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";
import { csv } from "./flags/csv.ts";
import {
  findRunpack,
  namedRunpack,
  readRunpackFile,
  runpackNeeds,
} from "./flags/runpack_source.ts";
import { failureResult, unusablePack } from "./render/unusable_pack.ts";

const NAME = "run replay";
/** Variable that must be `1` before real tools may be asked for. */
const GATE_VARIABLE = "GAIT_ALLOW_REAL_REPLAY";

/** Which gate for real tools is closed; `undefined` when all are open or none was asked for. */
function closedGate(args: Arguments, env: Env): string | undefined {
  if (!args.flag("real-tools")) return undefined;
  if (!args.flag("unsafe-real-tools")) return "--real-tools needs --unsafe-real-tools";
  if (csv(args.text("allow-tools")).length === 0) return "--real-tools needs --allow-tools";
  const variable = gateVariable(args);
  const exists = !/[=\0]/.test(variable);
  const value = exists ? env.get(variable) : undefined;
  return trim(value ?? "") === "1" ? undefined : `${printable(variable)} is not 1`;
}

function gateVariable(args: Arguments): string {
  return trim(args.text("unsafe-real-tools-env")) || GATE_VARIABLE;
}

function textOf(replay: Replay, warnings: readonly string[]): string[] {
  const run = printable(replay.runId, 200);
  if (replay.missing.length > 0) {
    const missing = replay.missing.map((id) => printable(id)).join(", ");
    return [`replay failed: ${run}`, `missing results: ${missing}`];
  }
  return [
    `replay ok: ${run} (stub)`,
    ...(warnings.length === 0 ? [] : [`warnings: ${printable(warnings.join("; "), 300)}`]),
  ];
}

/** `gait run replay` (spec 01 §11.6): stubs only, nothing is executed whatever the flags say. */
export const command: Command = {
  spec: {
    path: ["run", "replay"],
    summary: "replay a run from its recorded results; executes nothing",
    explain: "run replay walks through a runpack with recorded results and stubs, and runs no tool",
    usage: "<run_id|path>",
    positionals: { min: 1, max: 1 },
    expected: "expected <run_id|path>",
    flags: [
      { name: "real-tools", kind: "boolean", summary: "ask for real tools; they are never run" },
      { name: "unsafe-real-tools", kind: "boolean", summary: "first gate of --real-tools" },
      {
        name: "allow-tools",
        kind: "string",
        value: "a,b",
        summary: "second gate of --real-tools: tool names, separated by commas",
      },
      {
        name: "unsafe-real-tools-env",
        kind: "string",
        value: "VAR",
        summary: `third gate: a variable that must be 1 (${GATE_VARIABLE})`,
      },
    ],
    examples: ["gait run replay run_demo"],
    permissions: (args) => [
      ...runpackNeeds(args.positionals),
      ...(args.flag("real-tools")
        ? [{ kind: "env", values: [gateVariable(args)], why: "read the gate variable" } as const]
        : []),
    ],
  },
  async run({ args, ports, warn }: CommandContext): Promise<CommandResult> {
    const closed = closedGate(args, ports.env);
    if (closed !== undefined) {
      const error = new GaitError("unsafe_operation", `Cannot replay real tools: ${closed}`);
      const members = { requested_unsafe: args.flag("unsafe-real-tools") };
      return failureResult(error, { name: NAME, members, exit: EXIT.unsafe });
    }
    const source = await findRunpack(namedRunpack(args), ports);
    const bytes = await readRunpackFile(source, ports);
    let replay: Replay;
    try {
      replay = replayRun(await readRunpack(bytes, ports));
    } catch (thrown) {
      return unusablePack(thrown, { name: NAME });
    }
    const tools = csv(args.text("allow-tools")).join(",");
    const warnings = args.flag("real-tools")
      ? ["real tools not implemented; replaying stubs", `allow_tools=${tools}`]
      : [];
    for (const message of warnings) warn({ code: "stub_only", message, severity: "notice" });
    const ok = replay.missing.length === 0;
    return {
      exit: ok ? EXIT.ok : EXIT.verification,
      json: {
        ok,
        run_id: replay.runId,
        mode: "stub",
        steps: replay.steps,
        missing_results: replay.missing,
        requested_unsafe: args.flag("unsafe-real-tools"),
      },
      text: textOf(replay, warnings),
      tone: ok ? "good" : "bad",
    };
  },
};
