/**
 * Every file operation of append, checkpoint, compact and repair made to fail, or to be the last one before a
 * kill, one after the other: afterwards the next command works, nothing acknowledged is lost, nothing doubled.
 */

import { assert, assertEquals } from "@std/assert";
import { GaitError } from "../../core/base/errors.ts";
import { sessionAppender } from "../../core/journal/append_events.ts";
import { checkpointSession } from "../../core/journal/checkpoint_session.ts";
import { compactSession } from "../../core/journal/compact_session.ts";
import { repairSession } from "../../core/journal/repair_session.ts";
import { sessionStatus } from "../../core/journal/session_status.ts";
import { startSession } from "../../core/journal/start_session.ts";
import { verifyChain } from "../../core/journal/verify_chain.ts";
import type { Fault } from "../support/memory_files.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";

const JOURNAL = "s.journal.jsonl";
const IDENTITY = { session_id: "s", run_id: "run_s" };
const MODES: readonly NonNullable<Fault["mode"]>[] = ["fail", "stop", "torn"];

/** A world with events, a checkpoint, and more events. */
async function preparedWorld(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await startSession(JOURNAL, IDENTITY, world.ports);
  for (let i = 0; i < 3; i++) await append(world);
  await checkpointSession({ journal: JOURNAL, out: "cp1.zip" }, world.ports);
  for (let i = 0; i < 2; i++) await append(world);
  return world;
}

async function append(world: MemoryWorld): Promise<number> {
  const appender = sessionAppender(JOURNAL, world.ports);
  return (await appender.append({ tool_name: "t", verdict: "allow" })).event.sequence;
}

/** Runs a step with the n-th operation faulty; tells whether it ended well and whether the fault was reached. */
async function withFault(
  world: MemoryWorld,
  fault: Required<Fault>,
  step: () => Promise<unknown>,
): Promise<{ done: boolean; reached: boolean }> {
  world.files.operations = 0;
  Object.assign(world.files.fault, fault);
  let done = true;
  try {
    await step();
  } catch (error) {
    assert(error instanceof GaitError, String(error));
    done = false;
  }
  const reached = world.files.operations >= fault.at;
  delete world.files.fault.at;
  return { done, reached };
}

/** Events of the journal by sequence, in order. */
function sequences(world: MemoryWorld): number[] {
  const text = world.files.text(JOURNAL) ?? "";
  assert(text.endsWith("\n"));
  return text.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter((record) => record.record_type === "event")
    .map((record) => record.event.sequence);
}

/** The session goes on, whole. */
async function checkHealthy(world: MemoryWorld, acknowledged: number): Promise<void> {
  const { tip } = await sessionStatus(JOURNAL, world.ports);
  assert(tip.lastSequence >= acknowledged, `lost: ${tip.lastSequence} < ${acknowledged}`);
  assertEquals(await append(world), tip.lastSequence + 1);
  const all = sequences(world);
  assertEquals(all, all.map((_, i) => (all[0] ?? 1) + i));
  const out = `next-${tip.lastSequence}.zip`;
  await checkpointSession({ journal: JOURNAL, out }, world.ports);
  const report = await verifyChain({
    chain: "s.journal_chain.json",
    policy: { keys: [] },
  }, world.ports);
  assertEquals([report.linkageErrors, report.checkpointErrors], [[], []]);
  assertEquals(report.chain.checkpoints.at(-1)?.sequence_end, tip.lastSequence + 1);
}

/** Loops over all operations of a step. */
async function everyFault(
  mode: NonNullable<Fault["mode"]>,
  options: {
    prepare?(world: MemoryWorld): Promise<void>;
    acknowledged: number;
    step(world: MemoryWorld): Promise<unknown>;
    after?(world: MemoryWorld, done: boolean): Promise<void>;
  },
): Promise<number> {
  for (let at = 1; at < 500; at++) {
    const world = await preparedWorld();
    await options.prepare?.(world);
    const { done, reached } = await withFault(world, { at, mode }, () => options.step(world));
    await options.after?.(world, done);
    await checkHealthy(world, options.acknowledged);
    if (!reached) return at - 1;
  }
  throw new Error("the step never ended");
}

for (const mode of MODES) {
  Deno.test(`append survives a fault (${mode}) at every operation`, async () => {
    let last = 0;
    const count = await everyFault(mode, {
      acknowledged: 5,
      step: async (world) => {
        last = 0;
        last = await append(world);
      },
      after: async (world, done) => {
        const { tip } = await sessionStatus(JOURNAL, world.ports);
        if (done) assertEquals(last, tip.lastSequence);
        assert(tip.lastSequence === 5 || tip.lastSequence === 6);
      },
    });
    assert(count >= 8, `only ${count} operations`);
  });

  Deno.test(`a batch of appends survives a fault (${mode}) at every operation`, async () => {
    await everyFault(mode, {
      acknowledged: 5,
      step: async (world) => {
        const appender = sessionAppender(JOURNAL, world.ports);
        const calls = Array.from(
          { length: 4 },
          () => appender.append({ tool_name: "t", verdict: "allow" }),
        );
        const settled = await Promise.allSettled(calls);
        const acked = settled.filter((one) => one.status === "fulfilled");
        const highest = Math.max(5, ...acked.map((one) => one.value.event.sequence));
        const { operations } = world.files;
        delete world.files.fault.at;
        const { tip } = await sessionStatus(JOURNAL, world.ports);
        assert(tip.lastSequence >= highest, `acknowledged ${highest}, found ${tip.lastSequence}`);
        world.files.operations = operations;
      },
    });
  });

  Deno.test(`checkpoint survives a fault (${mode}) at every operation`, async () => {
    const count = await everyFault(mode, {
      acknowledged: 5,
      step: (world) => checkpointSession({ journal: JOURNAL, out: "cp2.zip" }, world.ports),
    });
    assert(count >= 12, `only ${count} operations`);
  });

  Deno.test(`compact survives a fault (${mode}) at every operation`, async () => {
    const count = await everyFault(mode, {
      acknowledged: 5,
      step: (world) => compactSession({ journal: JOURNAL, dryRun: false }, world.ports),
    });
    assert(count >= 12, `only ${count} operations`);
  });

  Deno.test(`repair survives a fault (${mode}) at every operation`, async () => {
    await everyFault(mode, {
      acknowledged: 4,
      prepare(world) {
        // The last event is gone, although it was acknowledged.
        const text = world.files.text(JOURNAL) ?? "";
        world.files.put(JOURNAL, text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1));
        return Promise.resolve();
      },
      step: (world) => repairSession({ journal: JOURNAL, apply: true }, world.ports),
      async after(world, done) {
        if (!done) await repairSession({ journal: JOURNAL, apply: true }, world.ports);
      },
    });
  });

  Deno.test(`start survives a fault (${mode}) at every operation`, async () => {
    for (let at = 1; at < 100; at++) {
      const world = memoryWorld();
      const step = () => startSession(JOURNAL, IDENTITY, world.ports);
      const { reached } = await withFault(world, { at, mode }, step);
      const { tip } = await step();
      assertEquals(tip.lastSequence, 0);
      assertEquals(await append(world), 1);
      if (!reached) return;
    }
  });
}
