import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { recoverSegments, type Recovery } from "../wal/recover_segments.ts";
import { COLOUR_NEED, INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Lines for people. */
function lines(found: Recovery, dryRun: boolean): string[] {
  const { segments, restored, present, held, damaged } = found;
  return [
    `trace recover: segments=${segments.length} restored=${restored.length} present=${present}` +
    (dryRun ? " (dry run)" : ""),
    ...restored.map((path) => `restored: ${path}`),
    ...held.map((path) => `held by a running service: ${path}`),
    ...damaged.map(({ segment, error_code }) => `damaged: ${segment} [${error_code}]`),
  ];
}

/** `gait trace recover`: puts the traces of a killed service in place. */
export const command: Command = {
  spec: {
    path: ["trace", "recover"],
    summary: "put in place what a killed service had made durable",
    explain: "trace recover writes the traces that are in write-ahead segments but not in files, " +
      "and removes the segments; those of a running service are left alone",
    usage: "<directory>",
    positionals: { min: 1, max: 1 },
    expected: "expected <directory of traces>",
    flags: [{
      name: "dry-run",
      kind: "boolean",
      summary: "tell what would happen, change nothing",
    }],
    examples: ["gait trace recover gait-out/mcp-serve/traces --dry-run --help"],
    permissions: () => [INPUT_NEED, OUTPUT_NEED, COLOUR_NEED],
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const [directory = ""] = args.positionals;
    const { segments } = ports;
    if (segments === undefined) {
      throw new GaitError("dependency_missing", "Cannot recover: this build writes no segments");
    }
    const dryRun = args.flag("dry-run");
    const found = await recoverSegments(
      directory.replace(/(?<=.)\/+$/, ""),
      { dryRun },
      { ...ports, segments },
    );
    const ok = found.damaged.length === 0;
    return {
      exit: ok ? EXIT.ok : EXIT.verification,
      json: { ok, dry_run: dryRun, ...found },
      text: lines(found, dryRun),
      tone: ok ? "good" : "bad",
    };
  },
};
