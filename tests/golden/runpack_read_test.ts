/**
 * Every recorded case of the commands that read runpacks, run in process over memory ports. What a row of
 * the divergence table overrules without a marker in the vectors stands in `OVERRULED`.
 */

import { assertEquals } from "@std/assert";
import { toHex } from "../../core/base/bytes.ts";
import { runCli } from "../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";
import { compare, isObject } from "./compare.ts";

const DATA = new URL("./data/runpack/", import.meta.url);

const FEATURES = new Set([
  "diff",
  "inspect",
  "receipt",
  "replay",
  "verify-chain",
  "verify-container",
  "verify-good",
  "verify-signature-tampered",
  "verify-signed",
  "verify-tampered",
  "verify-usage",
]);

/** Cases that a row of docs/divergences.md overrules, and the exit code that we give instead. */
const OVERRULED: Readonly<Record<string, { readonly row: string; readonly exit: number }>> = {
  "verify-chain-003": { row: "E12: a given key asks for a signature of the run too", exit: 2 },
  "verify-signature-tampered-011": { row: "E4: every signature by a known key", exit: 2 },
  "verify-signature-tampered-034": { row: "E6: strict refuses unknown signed members", exit: 2 },
  "verify-signature-tampered-041": { row: "E6: members that nothing covers", exit: 2 },
};

interface RunpackCase {
  readonly id: string;
  readonly title: string;
  readonly feature: string;
  readonly argv: string[];
  readonly env?: Record<string, string>;
  readonly files: Record<string, string | { readonly dir?: boolean }>;
  readonly setup?: unknown[];
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: Record<string, unknown> | null;
    readonly files_out: { path: string; sha256?: string; size?: number; absent?: boolean }[];
    readonly volatile: string[];
    readonly informative: string[];
  };
  readonly divergence: {
    readonly strength: "must" | "should";
    readonly wanted: {
      readonly exit_codes: number[];
      readonly stdout?: Record<string, unknown>;
      readonly warning?: boolean;
    };
  } | null;
}

const CASES: RunpackCase[] = JSON.parse(Deno.readTextFileSync(new URL("cases.json", DATA)));

function worldOf(c: RunpackCase): MemoryWorld {
  const world = memoryWorld("/work");
  world.env.set("HOME", "/home/user");
  for (const [name, value] of Object.entries(c.env ?? {})) world.env.set(name, value);
  for (const [name, source] of Object.entries(c.files)) {
    if (typeof source === "string") world.files.put(name, Deno.readFileSync(new URL(source, DATA)));
    else world.files.put(`${name}/.keep`, "");
  }
  return world;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Differences between an answer and what the case wants. */
function judge(c: RunpackCase, exit: number, world: MemoryWorld): string[] {
  const { expect, divergence } = c;
  const stdout = world.stdout.join("");
  const json = parsed(stdout);
  const overruled = OVERRULED[c.id];
  if (overruled !== undefined) return exit === overruled.exit ? [] : [`exit ${exit}`];
  const wanted = divergence?.wanted;
  const exits = wanted?.exit_codes ?? [expect.exit_code];
  if (!exits.includes(exit)) return [`exit ${exit}, wanted ${exits.join(" or ")}`];
  const expected = divergence === null ? expect.stdout : wanted?.stdout;
  const tolerance = {
    skip: new Set([...expect.volatile, ...expect.informative.map((at) => `/stdout${at}`)]),
    alternatives: new Map(),
  };
  const out = isObject(expected)
    ? compare(expected, json, "/stdout", tolerance).map((d) =>
      `${d.at}: ${JSON.stringify(d.expected)} != ${JSON.stringify(d.actual)}`.slice(0, 300)
    )
    : [];
  if (wanted?.warning && !Array.isArray(json?.warnings)) out.push("no warning");
  if (expect.stdout === null && `${stdout}${world.stderr.join("")}` === "") out.push("no text");
  return out;
}

/** Differences in what was written. */
async function judgeFiles(c: RunpackCase, before: Map<string, string>, world: MemoryWorld) {
  const out: string[] = [];
  const after = world.files.files();
  const listed = new Set(c.expect.files_out.map(({ path }) => `/work/${path}`));
  for (const { path, sha256 } of c.expect.files_out) {
    const entry = world.files.entries.get(`/work/${path}`);
    if (entry?.kind !== "file") out.push(`${path} is not written`);
    else if (sha256 !== undefined) {
      const digest = await world.ports.digester.sha256(entry.data);
      if (toHex(digest) !== sha256) out.push(`${path} has other bytes`);
    }
  }
  for (const [path, text] of after) {
    if (before.get(path) !== text && !listed.has(path)) out.push(`${path} is written`);
  }
  return out;
}

for (const feature of FEATURES) {
  const cases = CASES.filter((c) => c.feature === feature);
  Deno.test(`runpack vectors: ${feature} (${cases.length} cases)`, async () => {
    const failures: string[] = [];
    for (const c of cases) {
      assertEquals(c.setup ?? [], []);
      const world = worldOf(c);
      const before = world.files.files();
      const exit = await runCli(c.argv, world.ports);
      const found = [...judge(c, exit, world), ...await judgeFiles(c, before, world)];
      failures.push(...found.map((text) => `${c.id} (${c.title}): ${text}`));
    }
    assertEquals(failures, []);
  });
}
