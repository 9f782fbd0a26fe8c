/**
 * Sessions under real processes: killed, stopped, starved, and many at once. The quick sizes run with every
 * test; `deno task soak:session` runs the long ones.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../core/base/errors.ts";
import { sessionAppender } from "../../core/journal/append_events.ts";
import { logAppender } from "../../core/journal/append_log.ts";
import { sessionStatus } from "../../core/journal/session_status.ts";
import { startSession } from "../../core/journal/start_session.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { acknowledged, signal, startWorker, waits } from "../support/processes.ts";

const SOAK = Deno.env.get("GAIT_SOAK") === "1";
const ports = denoPorts("0.0.0-dev");
const SWARM = { GAIT_SESSION_LOCK_PROFILE: "swarm" };

/** A started session in a folder of its own. */
async function withSession(test: (journal: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const journal = `${folder}/s.journal.jsonl`;
    await startSession(journal, { session_id: "s", run_id: "run_s" }, ports);
    await test(journal);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Events of a journal: sequences and tools, in order; fails when a line is malformed. */
async function eventsOf(journal: string): Promise<{ sequence: number; tool: string }[]> {
  const lines = (await Deno.readTextFile(journal)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line)).filter((record) => record.record_type === "event")
    .map(({ event }) => ({ sequence: event.sequence, tool: event.tool_name }));
}

/** Nothing acknowledged is lost, nothing doubled, and the numbers have no gap. */
async function checkJournal(journal: string, acked: readonly number[]): Promise<number> {
  await sessionStatus(journal, ports);
  await sessionAppender(journal, ports).append({ tool_name: "last", verdict: "allow" });
  const events = await eventsOf(journal);
  assertEquals(events.map(({ sequence }) => sequence), events.map((_, i) => i + 1));
  assertEquals(new Set(acked).size, acked.length, "a sequence was acknowledged twice");
  const present = new Set(events.map(({ sequence }) => sequence));
  assertEquals(acked.filter((sequence) => !present.has(sequence)), []);
  return events.length;
}

Deno.test("appends of many processes are all there, once", async () => {
  const [processes, each] = SOAK ? [64, 20] : [12, 10];
  await withSession(async (journal) => {
    const args = (i: number) => ["session", journal, String(each), `w${i}`];
    const workers = Array.from({ length: processes }, (_, i) => startWorker(args(i), SWARM));
    await Promise.all(workers.map(({ ended }) => ended));
    const acked = workers.flatMap(acknowledged);
    assertEquals(acked.length, processes * each, workers.flatMap((w) => w.lines).join("\n"));
    assertEquals(await checkJournal(journal, acked), processes * each + 1);
    const folder = journal.slice(0, journal.lastIndexOf("/"));
    const leftovers = (await ports.files.list(folder)).map(({ name }) => name);
    assertEquals(leftovers, ["s.journal.jsonl", "s.journal.jsonl.state.json"]);
  });
});

Deno.test("a session survives kill -9 at random moments", async () => {
  const kills = SOAK ? 500 : 15;
  await withSession(async (journal) => {
    const acked: number[] = [];
    for (let done = 0; done < kills;) {
      const workers = Array.from(
        { length: 5 },
        (_, i) => startWorker(["session", journal, "100000", `k${done}-${i}`], SWARM),
      );
      await Promise.all(workers.map((worker) => worker.waitFor("ready")));
      for (const worker of workers) {
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40));
        signal(worker, "SIGKILL");
      }
      await Promise.all(workers.map(({ ended }) => ended));
      acked.push(...workers.flatMap(acknowledged));
      const { tip } = await sessionStatus(journal, ports);
      assert(tip.lastSequence >= Math.max(0, ...acked));
      done += workers.length;
    }
    await checkJournal(journal, acked);
  });
});

Deno.test("stale locks are taken over by exactly one of many waiters", async () => {
  const [takeovers, processes] = SOAK ? [300, 12] : [12, 6];
  await withSession(async (journal) => {
    const workers = Array.from(
      { length: processes },
      (_, i) => startWorker(["session", journal, "1000000", `t${i}`], SWARM),
    );
    await Promise.all(workers.map((worker) => worker.waitFor("ready")));
    const lock = `${journal}.lock`;
    let planted = 0;
    while (planted < takeovers) {
      // A lock that the reference left behind long ago; it appears only when nobody holds one.
      const text = '{"created_at":"2020-01-01T00:00:00Z","pid":2147483646,' +
        '"schema_id":"gait.runpack.session_lock","schema_version":"1.0.0"}\n';
      try {
        const file = `${journal}.planted`;
        await Deno.writeTextFile(file, text);
        await Deno.link(file, lock);
        planted++;
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
      await Deno.remove(`${journal}.planted`);
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 4));
    }
    for (const worker of workers) signal(worker, "SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
    const refused = workers.flatMap((worker) =>
      worker.lines.filter((line) => /^[a-z]+_/.test(line))
    );
    assertEquals(refused, []);
    await checkJournal(journal, workers.flatMap(acknowledged));
  });
});

Deno.test("a suspended holder keeps its lock; a killed one loses it at once", async () => {
  await withSession(async (journal) => {
    const holder = startWorker(["hold", journal, "0"]);
    await holder.waitFor("held");
    signal(holder, "SIGSTOP");
    const env = { get: (name: string) => name.endsWith("TIMEOUT") ? "150ms" : undefined };
    const hasty = { ...ports, env: { ...env, names: () => [] } };
    const call = () => sessionAppender(journal, hasty).append({ tool_name: "t", verdict: "allow" });
    const error = await assertRejects(call, GaitError);
    assertEquals(error.code, "state_contention");
    const found = error.details.holder as { pid: number; alive: boolean };
    assertEquals([found.pid, found.alive], [holder.process.pid, true]);
    signal(holder, "SIGKILL");
    await holder.ended;
    assertEquals((await call()).event.sequence, 1);
  });
});

Deno.test("a suspended appender that wakes up does not write behind a taker's back", async () => {
  await withSession(async (journal) => {
    const worker = startWorker(["session", journal, "1000000", "s"], SWARM);
    await worker.waitFor("1");
    const acked: number[] = [];
    for (let i = 0; i < 5; i++) {
      signal(worker, "SIGSTOP");
      // The reference judges by age alone and takes the lock from under a sleeping owner.
      await Deno.remove(`${journal}.lock`).catch(() => {});
      const appender = sessionAppender(journal, ports);
      const one = await appender.append({ tool_name: "taker", verdict: "allow" }).catch((error) => {
        if (!(error instanceof GaitError) || error.category !== "state_contention") throw error;
      });
      if (one !== undefined) acked.push(one.event.sequence);
      signal(worker, "SIGCONT");
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    signal(worker, "SIGKILL");
    await worker.ended;
    await checkJournal(journal, [...acked, ...acknowledged(worker)]);
  });
});

Deno.test("records of many processes in one log are all there, whole", async () => {
  const [processes, each] = SOAK ? [64, 500] : [8, 40];
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/deep/log.jsonl`;
    const workers = Array.from(
      { length: processes },
      (_, i) => startWorker(["log", path, String(each), `w${i}`]),
    );
    await Promise.all(workers.map(({ ended }) => ended));
    const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
    const seen = new Set(
      lines.map((line) => JSON.parse(line)).map(({ name, i }) => `${name}/${i}`),
    );
    assertEquals([lines.length, seen.size], [processes * each, processes * each]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("waiting for a session is fair", async () => {
  const [processes, each] = SOAK ? [16, 100] : [6, 40];
  await withSession(async (journal) => {
    const workers = Array.from(
      { length: processes },
      (_, i) => startWorker(["session", journal, String(each), `f${i}`], SWARM),
    );
    await Promise.all(workers.map(({ ended }) => ended));
    // While all of them are at work: the tail, where some are done, flatters.
    const means = workers.map((worker) => waits(worker).reduce((a, b) => a + b, 0) / each);
    const sum = means.reduce((a, b) => a + b, 0);
    const squares = means.reduce((a, b) => a + b * b, 0);
    const jain = sum * sum / (processes * squares);
    assert(jain >= 0.8, `Jain index ${jain}`);
  });
});

Deno.test("a full disk loses nothing that was acknowledged", async () => {
  await withSession(async (journal) => {
    // A file size limit stands for the disk: writes fail with EFBIG half way through a record.
    const script = `ulimit -f 8; trap '' XFSZ; exec "$0" run --no-check --no-prompt -A "$@"`;
    const worker = new URL("../support/session_worker.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", script, Deno.execPath(), worker, "session", journal, "60", "x".repeat(40)],
      stderr: "null",
      env: { V8_FLAGS: "", DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    const lines = new TextDecoder().decode(stdout).split("\n");
    const acked = lines.filter((line) => /^\d/.test(line)).map((line) => parseInt(line, 10));
    assert(
      acked.length > 3 && lines.some((line) => line.startsWith("io_failure")),
      lines.join("\n"),
    );
    const count = await checkJournal(journal, acked);
    assertEquals(count, acked.length + 1, "a refused event is there nevertheless");
  });
});

Deno.test("a torn last line of a log is cut, a whole one gets its line end", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/log.jsonl`;
    await Deno.writeTextFile(path, '{"a":1}\n{"a":2');
    await logAppender(path, ports).append({ a: 3 });
    assertEquals(await Deno.readTextFile(path), '{"a":1}\n{"a":3}\n');
    await Deno.writeTextFile(path, '{"a":1}\n{"a":2}');
    await logAppender(path, ports).append({ a: 3 });
    assertEquals(await Deno.readTextFile(path), '{"a":1}\n{"a":2}\n{"a":3}\n');
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
