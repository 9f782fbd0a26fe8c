import { assert, assertEquals } from "@std/assert";
import { planRetention } from "../../../core/retention/plan.ts";
import { rotateLog } from "../../../core/retention/rotate_log.ts";
import { type RetentionReport, runRetention } from "../../../core/retention/run_retention.ts";
import type { RetentionBounds } from "../../../core/ports/service.ts";
import { isTraceName } from "../../../core/retention/unit.ts";
import { rootedWorld } from "../../support/rooted_ports.ts";

const NONE: RetentionBounds = { maxAgeMs: 0, maxCount: 0 };
const HOUR = 3_600_000;

/** Puts files of some age in place and runs retention over them. */
async function run(
  files: Record<string, number>,
  bounds: Partial<Record<"trace" | "runpack" | "session", RetentionBounds>>,
  options: { readonly dryRun?: boolean; readonly sessionDir?: string } = {},
) {
  const root = await Deno.makeTempDir();
  try {
    for (const dir of ["t", "s", "r"]) await Deno.mkdir(`${root}/${dir}`);
    for (const [path, ageMs] of Object.entries(files)) {
      await Deno.writeTextFile(`${root}/${path}`, "{}");
      const time = new Date(Date.now() - ageMs);
      await Deno.utime(`${root}/${path}`, time, time);
    }
    const announced: RetentionReport[] = [];
    const gone: string[] = [];
    const before = Object.keys(files).length;
    const reports = await runRetention({
      traceDir: "t",
      sessionDir: options.sessionDir ?? "s",
      runpackDir: "r",
      excluded: new Set(["s/log.jsonl", "t/trace_log.json"]),
      bounds: {
        trace: NONE,
        runpack: NONE,
        session: NONE,
        sessionIdleMs: 15 * 60_000,
        exports: { maxBytes: 0, maxFiles: 0, maxAgeMs: 0 },
        dryRun: options.dryRun ?? false,
        ...bounds,
      },
      announce(report) {
        announced.push(report);
        // Reported before anything is removed.
        const all = ["t", "s", "r"].flatMap((dir) => [...Deno.readDirSync(`${root}/${dir}`)]);
        assert(all.length >= before || announced.length > 1);
      },
      sessionGone: (journal) => void gone.push(journal),
    }, rootedWorld(root).ports);
    const left: string[] = [];
    for (const dir of ["t", "s", "r"]) {
      for await (const { name } of Deno.readDir(`${root}/${dir}`)) left.push(`${dir}/${name}`);
    }
    return { reports, announced, gone, left: left.sort() };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("planRetention() counts a unit that is too old and too many in both", () => {
  const unit = (path: string, modifiedMs: number, isLive = false) => ({
    path,
    files: [{ path, name: path, modifiedMs }],
    modifiedMs,
    isLive,
  });
  const units = [unit("a", 100), unit("b", 900), unit("c", 200, true), unit("d", 950)];
  const plan = planRetention(units, { maxAgeMs: 500, maxCount: 1 }, 1000);
  assertEquals(plan.units.map(({ path }) => path), ["b", "a"]);
  assertEquals([plan.removedAge, plan.removedCount], [1, 2]);
  assertEquals(plan.kept.map(({ path }) => path), ["d", "c"]);
});

Deno.test("isTraceName() leaves files beside traces and other records alone", () => {
  assert(isTraceName("trace_run_x_20260101T000000.000000000.json"));
  assert(!isTraceName("trace_x.sig.json"));
  assert(!isTraceName("note.json"));
  assert(!isTraceName("trace_x.txt"));
});

Deno.test("runRetention() removes a trace with what stands beside it, and no foreign file", async () => {
  const { left, reports } = await run({
    "t/trace_a.json": 2 * HOUR,
    "t/trace_a.public.key": 2 * HOUR,
    "t/trace_b.json": 0,
    "t/approval_audit_1_2.json": 2 * HOUR,
    "t/approval_audit_1_2.sig.json": 2 * HOUR,
    "t/note.json": 9 * HOUR,
    "t/.gait-0123456789abcdef-000000.wal": 9 * HOUR,
  }, { trace: { maxAgeMs: HOUR, maxCount: 0 } });
  assertEquals(left, ["t/.gait-0123456789abcdef-000000.wal", "t/note.json", "t/trace_b.json"]);
  assertEquals(reports.map(({ kind, removedAge, kept }) => [kind, removedAge, kept]), [
    ["trace", 2, 1],
  ]);
});

Deno.test("runRetention() removes sessions as a whole and never a live one", async () => {
  const { left, gone } = await run({
    "s/old.journal.jsonl": 3 * HOUR,
    "s/old.journal.jsonl.state.json": 0,
    "s/old.journal_chain.json": 0,
    "r/old_cp_000002.zip": 3 * HOUR,
    "s/locked.journal.jsonl": 3 * HOUR,
    "s/locked.journal.jsonl.lock": 0,
    "s/left.journal.jsonl": 3 * HOUR,
    "s/left.journal.jsonl.lock": 3 * HOUR,
    "s/log.jsonl": 9 * HOUR,
    "s/live.journal.jsonl": 0,
    "s/live.journal.jsonl.state.json": 3 * HOUR,
    "r/live_cp_000001.zip": 5 * HOUR,
    "r/other.zip": 5 * HOUR,
    "s/keep.txt": 9 * HOUR,
  }, {
    session: { maxAgeMs: HOUR, maxCount: 1 },
    runpack: { maxAgeMs: HOUR, maxCount: 0 },
  });
  assertEquals(left, [
    "r/live_cp_000001.zip",
    "s/keep.txt",
    "s/live.journal.jsonl",
    "s/live.journal.jsonl.state.json",
    "s/locked.journal.jsonl",
    "s/locked.journal.jsonl.lock",
    "s/log.jsonl",
  ]);
  assertEquals(gone.toSorted(), ["s/left.journal.jsonl", "s/old.journal.jsonl"]);
});

Deno.test("runRetention() tells traces and sessions of one directory apart", async () => {
  const files = {
    "t/trace_a.json": 2 * HOUR,
    "t/trace_b.json": 0,
    "t/trace_log.json": 9 * HOUR,
    "t/trace-1.journal.jsonl": 2 * HOUR,
    "t/trace-1.journal.jsonl.state.json": 2 * HOUR,
    "t/trace-1.journal_chain.json": 2 * HOUR,
  };
  const bounds = { maxAgeMs: HOUR, maxCount: 0 };
  const traces = await run(files, { trace: bounds }, { sessionDir: "t" });
  assertEquals(traces.left, Object.keys(files).filter((path) => path !== "t/trace_a.json").sort());
  const sessions = await run(files, { session: bounds }, { sessionDir: "t" });
  assertEquals(sessions.left, ["t/trace_a.json", "t/trace_b.json", "t/trace_log.json"]);
});

Deno.test("runRetention() changes nothing in a dry run and tells what would go", async () => {
  const files = { "t/trace_a.json": 2 * HOUR, "t/trace_b.json": 0 };
  const { left, announced } = await run(files, { trace: { maxAgeMs: HOUR, maxCount: 0 } }, {
    dryRun: true,
  });
  assertEquals(left, ["t/trace_a.json", "t/trace_b.json"]);
  assertEquals(announced.map((report) => report.files), [["t/trace_a.json"]]);
});

Deno.test("rotateLog() renames a long log and removes surplus pieces, and no other file", async () => {
  const root = await Deno.makeTempDir();
  try {
    const { ports } = rootedWorld(root);
    await Deno.mkdir(`${root}/x`);
    const bounds = { maxBytes: 10, maxFiles: 2, maxAgeMs: 0, dryRun: false };
    for (const text of ["1".repeat(20), "2".repeat(20), "3".repeat(20)]) {
      await Deno.writeTextFile(`${root}/x/log.jsonl`, text);
      assert((await rotateLog("x/log.jsonl", bounds, ports)).piece !== "");
    }
    await Deno.writeTextFile(`${root}/x/log.jsonl`, "short");
    await Deno.writeTextFile(`${root}/x/log.jsonl.bak`, "mine");
    assertEquals((await rotateLog("x/log.jsonl", bounds, ports)).piece, "");
    const names = (await Array.fromAsync(Deno.readDir(`${root}/x`))).map(({ name }) => name);
    assertEquals(names.filter((name) => /\d{8}T/.test(name)).length, 2);
    assert(names.includes("log.jsonl.bak"));
    assertEquals(await Deno.readTextFile(`${root}/x/log.jsonl`), "short");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
