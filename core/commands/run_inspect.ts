import { EXIT } from "../base/error_map.ts";
import { printable } from "../base/printable.ts";
import { type ReadPack, readRunpack } from "../runpack/read_pack.ts";
import { type Timeline, type TimelineEntry, timelineOf } from "../runpack/timeline.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import {
  findRunpack,
  FROM_FLAG,
  namedRunpack,
  readRunpackFile,
  runpackNeeds,
} from "./flags/runpack_source.ts";
import { inspectedChain, readNamedChain } from "./render/session_chain.ts";
import { unusablePack } from "./render/unusable_pack.ts";

/** Text from a pack, safe on a terminal. */
function shown(text: string): string {
  return printable(text, 200);
}

/** A record without its empty members. */
function compact(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) =>
      name === "intent_id" || name === "tool_name" ||
      !(value === "" || (Array.isArray(value) && value.length === 0))
    ),
  );
}

/** Lines about one intent. */
function entryLines(entry: TimelineEntry): string[] {
  const { index, intent_id, tool_name, status, verdict = "" } = entry;
  const head = `${index}. intent=${shown(intent_id)} tool=${shown(tool_name)} ` +
    `status=${status === undefined ? "missing_result" : shown(status)}` +
    (verdict === "" ? "" : ` verdict=${shown(verdict)}`);
  const lists = [["reason_codes", entry.reason_codes], ["violations", entry.violations]] as const;
  return [
    head,
    ...lists.flatMap(([name, list = []]) =>
      list.length === 0 ? [] : [`   ${name}=${shown(list.join(","))}`]
    ),
  ];
}

/** Lines of the run's own timeline. */
function eventLines(pack: ReadPack): string[] {
  const events = pack.run.timeline ?? [];
  if (events.length === 0) return [];
  return [
    "timeline:",
    ...events.map(({ ts, event, ref }) =>
      `   ${shown(ts)} ${shown(event)}${ref === undefined ? "" : ` (${shown(ref)})`}`
    ),
  ];
}

/** The whole text form. */
function textOf(pack: ReadPack, timeline: Timeline, path: string): string[] {
  const { intents, results, run, manifest } = pack;
  const { entries, unmatched, warnings } = timeline;
  return [
    `run inspect: run_id=${shown(run.run_id)} intents=${intents.length} ` +
    `results=${results.length} capture_mode=${shown(manifest.captureMode)}`,
    `path: ${path}`,
    ...eventLines(pack),
    ...entries.flatMap(entryLines),
    ...(unmatched.length === 0 ? [] : [`unmatched_results=${unmatched.length}`]),
    ...unmatched.map(({ intent_id, status }) =>
      `   intent=${shown(intent_id)} status=${shown(status) || "unknown"}`
    ),
    ...(warnings.length === 0 ? [] : [`warnings: ${shown(warnings.join("; "))}`]),
  ];
}

/** `gait run inspect` (spec 01 §11.5; chains: spec 03 §12). */
export const command: Command = {
  spec: {
    path: ["run", "inspect"],
    summary: "show what happened in a run, intent by intent",
    explain: "run inspect checks a runpack and lists its intents with results and decisions",
    usage: "<run_id|path>",
    positionals: { min: 0, max: 1 },
    expected: "expected <run_id|path>",
    flags: [FROM_FLAG],
    examples: ["gait run inspect run_demo"],
    permissions: (args) => runpackNeeds([...args.positionals, args.text("from")]),
  },
  async run({ args, ports, warn }: CommandContext): Promise<CommandResult> {
    const name = namedRunpack(args, "from");
    const chain = await readNamedChain(name, ports);
    if (chain !== undefined) return inspectedChain(chain, name);
    const source = await findRunpack(name, ports);
    const bytes = await readRunpackFile(source, ports);
    let pack: ReadPack;
    try {
      pack = await readRunpack(bytes, ports);
    } catch (thrown) {
      return unusablePack(thrown, { name: "run inspect" });
    }
    const timeline = timelineOf(pack);
    for (const message of timeline.warnings) {
      warn({ code: "several_results", message, severity: "notice" });
    }
    return {
      exit: EXIT.ok,
      json: {
        ok: true,
        artifact_type: "runpack",
        run_id: pack.run.run_id,
        path: source.path,
        capture_mode: pack.manifest.captureMode,
        intents_total: pack.intents.length,
        results_total: pack.results.length,
        entries: timeline.entries.map(compact),
        unmatched_results: timeline.unmatched.map(compact),
        timeline: pack.run.timeline,
      },
      text: textOf(pack, timeline, source.path),
    };
  },
};
