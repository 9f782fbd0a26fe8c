/** Sessions over memory ports: what the vectors do not show. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { sessionAppender } from "../../../core/journal/append_events.ts";
import { parseThreshold } from "../../../core/journal/auto_compact.ts";
import { checkpointSession } from "../../../core/journal/checkpoint_session.ts";
import { compactSession } from "../../../core/journal/compact_session.ts";
import { eachRound, GroupCommit } from "../../../core/journal/group_commit.ts";
import { sessionLockOptions } from "../../../core/journal/lock_settings.ts";
import { repairSession } from "../../../core/journal/repair_session.ts";
import { sessionStatus } from "../../../core/journal/session_status.ts";
import { startSession } from "../../../core/journal/start_session.ts";
import { verifyChain } from "../../../core/journal/verify_chain.ts";
import type { MemoryLocks } from "../../support/memory_locks.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";
import { rootedWorld } from "../../support/rooted_ports.ts";

const JOURNAL = "s.jsonl";
const IDENTITY = { session_id: "s", run_id: "run_s" };

async function worldWith(events: number): Promise<MemoryWorld> {
  const world = memoryWorld();
  await startSession(JOURNAL, IDENTITY, world.ports);
  await append(world, events);
  return world;
}

async function append(world: MemoryWorld, count = 1): Promise<void> {
  const appender = sessionAppender(JOURNAL, world.ports);
  for (let i = 0; i < count; i++) await appender.append({ tool_name: "t", verdict: "allow" });
}

async function codeOf(step: () => Promise<unknown>): Promise<string> {
  return ((await assertRejects(step, GaitError)) as GaitError).code;
}

function edit(world: MemoryWorld, change: (text: string) => string): void {
  world.files.put(JOURNAL, change(world.files.text(JOURNAL) ?? ""));
}

Deno.test("appends that come together share one sync and get numbers in order", async () => {
  const world = await worldWith(0);
  const appender = sessionAppender(JOURNAL, world.ports);
  world.files.operations = 0;
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => appender.append({ tool_name: `t${i}`, verdict: "allow" })),
  );
  assertEquals(all.map(({ event }) => event.sequence), all.map((_, i) => i + 1));
  const reads = 20 * 4 + 20;
  assert(world.files.operations < reads, `${world.files.operations} operations`);
});

Deno.test("an event that cannot be synced is cut off, and those before it stay", async () => {
  const world = await worldWith(2);
  const { appends } = world.ports;
  let isBroken = true;
  const open: typeof appends.open = async (path, how) => {
    const file = await appends.open(path, how);
    const broken = new GaitError("io_failure", "Cannot write: bad disk");
    return { ...file, sync: () => isBroken ? Promise.reject(broken) : file.sync() };
  };
  Object.assign(world.ports, { appends: { ...appends, open } });
  const before = world.files.text(JOURNAL);
  assertEquals(await codeOf(() => append(world)), "io_failure");
  assertEquals(world.files.text(JOURNAL), before);
  isBroken = false;
  await append(world);
  assertEquals((await sessionStatus(JOURNAL, world.ports)).tip.lastSequence, 3);
});

/** A world that counts how often its locks are taken. */
async function countingWorld(): Promise<{ world: MemoryWorld; taken: () => number }> {
  const world = await worldWith(0);
  const { locks } = world.ports;
  let taken = 0;
  Object.assign(world.ports, {
    locks: {
      withLock: (...args: Parameters<typeof locks.withLock>) => {
        taken++;
        return locks.withLock(...args);
      },
    },
  });
  return { world, taken: () => taken };
}

Deno.test("a session that is held takes what follows, and writes its state at the end", async () => {
  const { world, taken } = await countingWorld();
  const appender = sessionAppender(JOURNAL, world.ports, { holdMs: 1_000 });
  const two = () =>
    Promise.all(["a", "b"].map((name) => appender.append({ tool_name: name, verdict: "allow" })));
  const numbers: number[] = [];
  for (let i = 0; i < 5; i++) numbers.push(...(await two()).map(({ event }) => event.sequence));
  assertEquals(numbers, Array.from({ length: 10 }, (_, i) => i + 1));
  assertEquals(taken(), 1);
  // Held still, and durable: the state comes when nobody follows any more.
  assertEquals(world.files.text(JOURNAL)?.trim().split("\n").length, 11);
  const status = await sessionStatus(JOURNAL, world.ports);
  assertEquals([status.tip.eventCount, status.repairs], [10, []]);
});

Deno.test("an append is told when its lock is free, so that its caller may exit", async () => {
  const root = await Deno.makeTempDir();
  try {
    const { ports } = rootedWorld(root);
    await startSession(JOURNAL, IDENTITY, ports);
    const appender = sessionAppender(JOURNAL, ports);
    const locked = () => [...Deno.readDirSync(root)].some(({ name }) => name.includes(".lock"));
    await appender.append({ tool_name: "t", verdict: "allow" });
    assertEquals(locked(), false);
    const held = sessionAppender(JOURNAL, ports, { holdMs: 1_000 });
    await held.append({ tool_name: "alone", verdict: "allow" });
    assertEquals(locked(), false);
    await Promise.all(["a", "b"].map((name) => held.append({ tool_name: name, verdict: "allow" })));
    await held.idle();
    assertEquals(locked(), false);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("a held session acknowledges nothing of a round that failed", async () => {
  const { world, taken } = await countingWorld();
  const appender = sessionAppender(JOURNAL, world.ports, { holdMs: 1_000 });
  const two = () =>
    Promise.allSettled(
      ["a", "b"].map((name) => appender.append({ tool_name: name, verdict: "allow" })),
    );
  assertEquals((await two()).map(({ status }) => status), ["fulfilled", "fulfilled"]);
  world.files.fault.at = world.files.operations + 1;
  assertEquals((await two()).map(({ status }) => status), ["rejected", "rejected"]);
  const again = await two();
  assertEquals(again.map(({ status }) => status), ["fulfilled", "fulfilled"]);
  assertEquals(taken(), 2);
  const lines = world.files.text(JOURNAL)?.trim().split("\n") ?? [];
  assertEquals(lines.slice(1).map((line) => JSON.parse(line).event?.sequence), [1, 2, 3, 4]);
});

Deno.test("append costs the same file operations at any length", async () => {
  const counts: number[] = [];
  for (const events of [1, 300]) {
    const world = await worldWith(events);
    world.files.operations = 0;
    await append(world);
    counts.push(world.files.operations);
  }
  assertEquals(counts[0], counts[1]);
});

Deno.test("an edited journal of equal size is found by the next checkpoint", async () => {
  const world = await worldWith(5);
  edit(
    world,
    (text) => text.replace('"sequence":2,"tool_name":"t"', '"sequence":2,"tool_name":"x"'),
  );
  assertEquals((await sessionStatus(JOURNAL, world.ports)).tip.lastSequence, 5);
  const request = { journal: JOURNAL, out: "cp.zip" };
  assertEquals(await codeOf(() => checkpointSession(request, world.ports)), "journal_altered");
  assertEquals(
    await codeOf(() => compactSession({ journal: JOURNAL, dryRun: true }, world.ports)),
    "journal_altered",
  );
});

Deno.test("a reordered journal that its state vouches for is exit 2 with the first bad sequence", async () => {
  const world = await worldWith(4);
  edit(world, (text) => {
    const lines = text.split("\n");
    return [lines[0], lines[1], lines[3], lines[2], lines[4], ""].join("\n");
  });
  const error = await assertRejects(
    () => checkpointSession({ journal: JOURNAL, out: "cp.zip" }, world.ports),
    GaitError,
  );
  assertEquals([error.code, error.details.first_bad_sequence], ["journal_altered", 2]);
});

Deno.test("lost events are refused until a repair accepts the loss", async () => {
  const world = await worldWith(4);
  edit(world, (text) => text.split("\n").slice(0, 3).join("\n") + "\n");
  const before = world.files.text(JOURNAL);
  assertEquals(await codeOf(() => append(world)), "acknowledged_event_missing");
  assertEquals(
    await codeOf(() => sessionStatus(JOURNAL, world.ports)),
    "acknowledged_event_missing",
  );
  assertEquals(world.files.text(JOURNAL), before);
  const plan = await repairSession({ journal: JOURNAL, apply: false }, world.ports);
  assertEquals(plan.actions.map(({ kind }) => kind), ["accept_missing_events"]);
  assertEquals([plan.actions[0]?.firstBadSequence, plan.actions[0]?.lastBadSequence], [3, 4]);
  await repairSession({ journal: JOURNAL, apply: true }, world.ports);
  await append(world);
  assertEquals((await sessionStatus(JOURNAL, world.ports)).tip.lastSequence, 3);
});

Deno.test("repair renumbers events that restarted behind a checkpoint and keeps a copy", async () => {
  const world = await worldWith(2);
  await checkpointSession({ journal: JOURNAL, out: "cp.zip" }, world.ports);
  const line = world.files.text(JOURNAL)?.split("\n")[1] ?? "";
  edit(world, (text) => `${text}${line}\n${line.replace('"sequence":1', '"sequence":2')}\n`);
  world.files.entries.delete(`/work/${JOURNAL}.state.json`);
  assertEquals(await codeOf(() => sessionStatus(JOURNAL, world.ports)), "journal_invalid");
  const done = await repairSession({ journal: JOURNAL, apply: true }, world.ports);
  assertEquals(done.actions.map(({ kind }) => kind), ["renumber_events", "rebuild_state"]);
  assertEquals([done.lastSequence, done.backupPath !== ""], [4, true]);
  await checkpointSession({ journal: JOURNAL, out: "cp2.zip" }, world.ports);
  const report = await verifyChain({ chain: "s_chain.json", policy: { keys: [] } }, world.ports);
  assertEquals([report.linkageErrors, report.checkpointErrors], [[], []]);
});

Deno.test("repair cuts what follows a damage only with a copy of everything", async () => {
  const world = await worldWith(3);
  edit(world, (text) => text.replace(/\n[^\n]*"sequence":2[^\n]*/, "\ngarbage"));
  world.files.entries.delete(`/work/${JOURNAL}.state.json`);
  const damaged = world.files.text(JOURNAL);
  const done = await repairSession({ journal: JOURNAL, apply: true }, world.ports);
  assertEquals([done.actions[0]?.kind, done.actions[0]?.firstBadSequence], ["cut_damage", 2]);
  assertEquals(world.files.text(done.backupPath), damaged);
  assertEquals((await sessionStatus(JOURNAL, world.ports)).tip.lastSequence, 1);
  const again = await repairSession({ journal: JOURNAL, apply: true }, world.ports);
  assertEquals([again.actions, again.applied], [[], false]);
});

Deno.test("compaction refuses to drop events that no intact runpack holds", async () => {
  for (const damage of ["gone", "bytes"]) {
    const world = await worldWith(3);
    await checkpointSession({ journal: JOURNAL, out: "cp.zip" }, world.ports);
    await append(world);
    if (damage === "gone") await world.ports.files.remove("cp.zip");
    else world.files.put("cp.zip", "no zip");
    const before = world.files.text(JOURNAL);
    const request = { journal: JOURNAL, dryRun: false };
    assertEquals(await codeOf(() => compactSession(request, world.ports)), "verification_failed");
    assertEquals(world.files.text(JOURNAL), before);
  }
});

Deno.test("compaction leaves verification and the next checkpoint as they would be", async () => {
  const verified: unknown[] = [];
  const next: unknown[] = [];
  for (const compacts of [false, true]) {
    const world = await worldWith(3);
    await checkpointSession({ journal: JOURNAL, out: "cp1.zip" }, world.ports);
    if (compacts) await compactSession({ journal: JOURNAL, dryRun: false }, world.ports);
    await append(world, 2);
    await checkpointSession({ journal: JOURNAL, out: "cp2.zip" }, world.ports);
    if (compacts) {
      const { eventsAfter } = await compactSession(
        { journal: JOURNAL, dryRun: false },
        world.ports,
      );
      assertEquals(eventsAfter, 2);
    }
    const report = await verifyChain({ chain: "s_chain.json", policy: { keys: [] } }, world.ports);
    verified.push([report.ok, report.linkageErrors, report.checkpointErrors]);
    await append(world);
    const { checkpoint } = await checkpointSession(
      { journal: JOURNAL, out: "cp3.zip" },
      world.ports,
    );
    next.push([checkpoint.checkpoint_index, checkpoint.sequence_start, checkpoint.sequence_end]);
  }
  assertEquals(verified[0], verified[1]);
  assertEquals(next[0], next[1]);
  assertEquals(next[0], [3, 6, 6]);
});

Deno.test("a checkpoint covers what fits and tells what is left", async () => {
  const world = await worldWith(30);
  const request = { journal: JOURNAL, out: "cp1.zip", memberBytes: 20_000 };
  const first = await checkpointSession(request, world.ports);
  assert(first.remainingEvents > 0 && first.checkpoint.sequence_end < 30);
  await append(world);
  const out = "cp2.zip";
  const rest = await checkpointSession({ journal: JOURNAL, out }, world.ports);
  assertEquals(rest.checkpoint.sequence_start, first.checkpoint.sequence_end + 1);
  assertEquals([rest.checkpoint.sequence_end, rest.remainingEvents], [31, 0]);
  await compactSession({ journal: JOURNAL, dryRun: false }, world.ports);
  assertEquals((await sessionStatus(JOURNAL, world.ports)).tip.lastSequence, 31);
  const report = await verifyChain({ chain: "s_chain.json", policy: { keys: [] } }, world.ports);
  assertEquals(report.ok, true);
});

Deno.test("a checkpoint overwrites no file of its session", async () => {
  const world = await worldWith(2);
  const { ports } = world;
  for (const out of [JOURNAL, `${JOURNAL}.state.json`, `${JOURNAL}.lock`, "s_chain.json"]) {
    const request = { journal: JOURNAL, out };
    assertEquals(await codeOf(() => checkpointSession(request, ports)), "path_not_allowed");
  }
  world.files.link("alias.zip", `/work/${JOURNAL}`);
  const alias = { journal: JOURNAL, out: "alias.zip" };
  assertEquals(await codeOf(() => checkpointSession(alias, ports)), "path_not_allowed");
  const chainOut = { journal: JOURNAL, out: "a.zip", chainOut: "./a.zip" };
  assertEquals(await codeOf(() => checkpointSession(chainOut, ports)), "path_not_allowed");
  assertEquals((await sessionStatus(JOURNAL, ports)).tip.lastSequence, 2);
});

Deno.test("start finishes a journal whose header was cut short, and no other file", async () => {
  for (const remains of ["", "\0\0\0", "{", '{"record_type":"header","header":{"sch']) {
    const world = memoryWorld();
    world.files.put(JOURNAL, remains);
    const { tip } = await startSession(JOURNAL, IDENTITY, world.ports);
    assertEquals(tip.header.session_id, "s", remains);
  }
  for (const foreign of ["hello", "{}", '{"record_type":"event"', "\0x", "hello\n"]) {
    const world = memoryWorld();
    world.files.put(JOURNAL, foreign);
    assertEquals(
      await codeOf(() => startSession(JOURNAL, IDENTITY, world.ports)),
      "journal_invalid",
    );
    assertEquals(world.files.text(JOURNAL), foreign);
  }
});

Deno.test("a symbolic link is no journal", async () => {
  const world = await worldWith(1);
  world.files.link("link.jsonl", `/work/${JOURNAL}`);
  assertEquals(await codeOf(() => sessionStatus("link.jsonl", world.ports)), "path_is_symlink");
});

Deno.test("an appender that lost its lock writes nothing", async () => {
  const world = await worldWith(1);
  (world.ports.locks as MemoryLocks).broken.add(`${JOURNAL}.lock`);
  const before = world.files.text(JOURNAL);
  assertEquals(await codeOf(() => append(world)), "lock_lost");
  assertEquals(world.files.text(JOURNAL), before);
});

Deno.test("an event whose line would be too long is refused, its neighbours are not", async () => {
  const world = await worldWith(0);
  const appender = sessionAppender(JOURNAL, world.ports);
  const huge = "x".repeat(9 * 1024 * 1024);
  const settled = await Promise.allSettled([
    appender.append({ tool_name: "a", verdict: "allow" }),
    appender.append({ tool_name: huge, verdict: "allow" }),
  ]);
  assertEquals(settled.map(({ status }) => status), ["fulfilled", "rejected"]);
  await append(world);
  assertEquals((await sessionStatus(JOURNAL, world.ports)).tip.lastSequence, 2);
});

Deno.test("sessionLockOptions() follows profile and variables", () => {
  const options = (env: Record<string, string>) => {
    const { waitMs, retryMs, staleMs, profile } = sessionLockOptions({
      get: (name) => env[name],
      names: () => [],
    });
    return [waitMs, retryMs, staleMs, profile];
  };
  assertEquals(options({}), [2000, 50, 300_000, "standard"]);
  const swarm = { GAIT_SESSION_LOCK_PROFILE: " SWARM " };
  assertEquals(options(swarm), [10_000, 20, 600_000, "swarm"]);
  assertEquals(options({ ...swarm, GAIT_SESSION_LOCK_TIMEOUT: "-1s" })[0], 2000);
  assertEquals(options({ GAIT_SESSION_LOCK_TIMEOUT: "soon" })[0], 2000);
  assertEquals(options({ GAIT_SESSION_LOCK_TIMEOUT: "10ms" }).slice(0, 2), [10, 10]);
});

Deno.test("parseThreshold() reads events and sizes", () => {
  assertEquals(parseThreshold("100"), { kind: "events", above: 100 });
  assertEquals(parseThreshold("2MiB"), { kind: "bytes", above: 2 * 1024 * 1024 });
  for (const bad of ["", "-1", "1.5", "2MB", "x", "1e3"]) {
    let refused = false;
    try {
      parseThreshold(bad);
    } catch {
      refused = true;
    }
    assert(refused, bad);
  }
});

Deno.test("GroupCommit rejects the batch whose commit fails and goes on", async () => {
  let calls = 0;
  const commit = eachRound<number, number>((items) => {
    calls++;
    if (calls === 1) return Promise.reject(new Error("disk"));
    return Promise.resolve(items.map((value) => ({ ok: true, value })));
  });
  const group = new GroupCommit<number, number>(commit, { maxBatch: 2 });
  const settled = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
  assertEquals(settled.map(({ status }) => status), ["rejected", "rejected", "fulfilled"]);
});

Deno.test("checkpoint --auto-compact-above compacts, and a head is found again", async () => {
  const world = await worldWith(5);
  const run = async (...argv: string[]) => {
    world.stdout.length = 0;
    const exit = await runCli([...argv, "--json"], world.ports);
    return { exit, json: JSON.parse(world.stdout.join("")) };
  };
  const flags = ["--journal", JOURNAL, "--out", "a.zip", "--auto-compact-above", "0"];
  const sealed = await run("run", "session", "checkpoint", ...flags);
  assertEquals([sealed.exit, sealed.json.compaction.dry_run], [0, false]);
  const verify = ["verify", "session-chain", "s_chain.json", "--expect-head"];
  assertEquals((await run(...verify, sealed.json.head)).exit, 0);
  const cut = await run(...verify, "f".repeat(64));
  assertEquals(cut.exit, 2);
  assertStringIncludes(cut.json.linkage_errors[0], "truncated");
  assertEquals((await run(...verify, "short")).exit, 6);
});
