import { assertEquals } from "@std/assert";
import { denoLocks } from "../../../host/deno_locks.ts";

const OPTIONS = { waitMs: 2_000, staleMs: 60_000, style: "session" } as const;
const OLD_LOCK = '{"created_at":"2020-01-01T00:00:00Z","pid":2147483646}\n';
const UNNAMED = "l.lock.0123456789ab";

/** Names in a folder after the old lock in it has been taken over beside a lock file without its name. */
async function namesAfterTakeover(content: string, ageMs: number): Promise<string[]> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/l.lock`, OLD_LOCK);
    await Deno.writeTextFile(`${dir}/${UNNAMED}`, content);
    const time = new Date(Date.now() - ageMs);
    await Deno.utime(`${dir}/${UNNAMED}`, time, time);
    await denoLocks.withLock(`${dir}/l.lock`, OPTIONS, () => Promise.resolve());
    return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("withLock() leaves a young lock file that a program without OS locks is about to name", async () => {
  assertEquals(await namesAfterTakeover("", 0), [UNNAMED]);
  assertEquals(await namesAfterTakeover(OLD_LOCK, 1_000), [UNNAMED]);
});

Deno.test("withLock() removes lock files that killed owners never named", async () => {
  assertEquals(await namesAfterTakeover("", 60_000), []);
  assertEquals(await namesAfterTakeover(OLD_LOCK, 60_000), []);
  assertEquals(await namesAfterTakeover(OLD_LOCK.replace("}", ',"os_lock":true}'), 0), []);
});

Deno.test("withLock() leaves an old lock to a taker whose mark lies beside it, and drops an old mark", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/l.lock`, OLD_LOCK);
    await Deno.writeTextFile(`${dir}/l.lock.takeover`, "");
    const short = { ...OPTIONS, waitMs: 50 };
    const taken = await denoLocks.withLock(`${dir}/l.lock`, short, () => Promise.resolve(true))
      .catch(() => false);
    assertEquals([taken, await Deno.readTextFile(`${dir}/l.lock`)], [false, OLD_LOCK]);
    const old = new Date(Date.now() - 60_000);
    await Deno.utime(`${dir}/l.lock.takeover`, old, old);
    await denoLocks.withLock(`${dir}/l.lock`, short, () => Promise.resolve());
    assertEquals(await Array.fromAsync(Deno.readDir(dir)), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("withLock() gives the result of its work, also when its lock cannot be removed", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const result = await denoLocks.withLock(`${dir}/below/l.lock`, OPTIONS, async () => {
      await Deno.rename(`${dir}/below`, `${dir}/moved`);
      // A path below a file can neither be looked at nor removed.
      await Deno.writeTextFile(`${dir}/below`, "");
      return "done";
    });
    assertEquals(result, "done");
    // The lock that was left is nobody's.
    assertEquals(
      await denoLocks.withLock(`${dir}/moved/l.lock`, OPTIONS, () => Promise.resolve("next")),
      "next",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(`${dir}/moved`)), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
