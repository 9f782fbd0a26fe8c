import { utf8 } from "../base/bytes.ts";
import { EXIT } from "../base/error_map.ts";
import { GaitError, toGaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { type DiffPrivacy, diffRuns, EMPTY_SUMMARY, type RunDiff } from "../runpack/diff.ts";
import { readRunpack } from "../runpack/read_pack.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";
import { findRunpack, readRunpackFile, runpackNeeds } from "./flags/runpack_source.ts";
import { groupedLines, unifiedLines } from "./render/run_diff.ts";
import { comparedChains } from "./render/session_chain.ts";
import { unusablePack } from "./render/unusable_pack.ts";

/** Reads `--privacy`; empty means full. */
function privacyOf(args: Arguments): DiffPrivacy {
  const privacy = args.text("privacy") || "full";
  if (privacy === "full" || privacy === "metadata") return privacy;
  throw new GaitError(
    "unsupported_value",
    `unsupported --privacy value ${JSON.stringify(privacy)} (expected full or metadata)`,
  );
}

/** Text in front of a failure so that the two sides are told apart. */
function onSide(thrown: unknown, path: string): GaitError {
  const error = toGaitError(thrown);
  return new GaitError(error.code, `${path}: ${error.message}`, {
    hint: error.hint,
    details: error.details,
    cause: error,
    ...(error.place === undefined ? {} : { place: error.place }),
  });
}

/** Reads both packs and compares them. */
async function compare(
  names: readonly string[],
  privacy: DiffPrivacy,
  ports: CommandContext["ports"],
): Promise<RunDiff> {
  const [left = "", right = "", ...more] = names;
  if (left === "" || right === "" || more.length > 0) {
    throw new GaitError("usage", "expected <left> <right>", { hint: "name two runpacks" });
  }
  const packs = [];
  for (const name of [left, right]) {
    const source = await findRunpack(name, ports);
    try {
      packs.push(await readRunpack(await readRunpackFile(source, ports), ports));
    } catch (thrown) {
      throw onSide(thrown, source.path);
    }
  }
  const [a, b] = packs;
  if (a === undefined || b === undefined) throw new RangeError("Cannot compare: a pack is missing");
  return diffRuns(a, b, { privacy });
}

/** The differences of two runs, with their lines for people. */
async function comparedRuns(
  privacy: DiffPrivacy,
  { args, ports }: Pick<CommandContext, "args" | "ports">,
): Promise<RunDiff & { readonly lines: string[] }> {
  const diff = await compare(args.positionals, privacy, ports);
  return { ...diff, lines: args.flag("unified") ? unifiedLines(diff) : groupedLines(diff) };
}

/** `gait run diff` (spec 01 §11.7; chains: spec 03 §12). */
export const command: Command = {
  spec: {
    path: ["run", "diff"],
    summary: "compare two runs: what was asked, what came back, and where",
    explain:
      "run diff compares two runpacks intent by intent and ignores ids and times of the runs",
    usage: "<left> <right>",
    // The answer to a wrong number carries an empty summary, so the command counts itself.
    positionals: { min: 0, max: 99 },
    expected: "expected <left> <right>",
    flags: [
      {
        name: "privacy",
        kind: "string",
        value: "mode",
        summary: "metadata leaves out args and results",
        choices: ["full", "metadata"],
      },
      { name: "output", kind: "string", value: "path", summary: "also write the summary as JSON" },
      { name: "unified", kind: "boolean", summary: "show removed and added values line by line" },
    ],
    examples: ["gait run diff run_a run_b", "gait run diff a.zip b.zip --unified"],
    permissions: (args) => [
      ...runpackNeeds(args.positionals),
      ...(args.text("output") === ""
        ? []
        : [{ kind: "write", values: [args.text("output")], why: "write the summary" } as const]),
    ],
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const form = { name: "run diff", members: { summary: EMPTY_SUMMARY } };
    const output = args.text("output");
    try {
      const privacy = privacyOf(args);
      const chains = await comparedChains(args.positionals, ports);
      const { same, summary, groups, lines } = chains === undefined
        ? await comparedRuns(privacy, { args, ports })
        : { ...chains, groups: [], lines: chains.summary.files_changed ?? [] };
      // The contract of spec 01 §10.2 lets this file be replaced.
      if (output !== "") {
        await ports.files.replace(output, utf8(JSON.stringify({ privacy, summary })));
      }
      const [left = "", right = ""] = args.positionals;
      return {
        exit: same ? EXIT.ok : EXIT.verification,
        json: {
          ok: same,
          privacy,
          summary,
          output,
          groups: groups.slice(0, LIMITS.findings),
          groups_total: groups.length,
        },
        text: [`diff ${same ? "ok" : "changed"}: ${left} vs ${right}`, ...lines],
        tone: same ? "good" : "attention",
      };
    } catch (thrown) {
      return unusablePack(thrown, form);
    }
  },
};
