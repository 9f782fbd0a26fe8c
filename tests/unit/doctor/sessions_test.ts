import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../commands/_run.ts";
import { doctor, doctorWorld } from "./_world.ts";

const JOURNAL = "gait-out/sessions/s.journal.jsonl";

/** A world with a session of one event. */
async function sessionWorld(journal = JOURNAL) {
  const world = doctorWorld();
  const named = ["--journal", journal];
  await run(world, "run", "session", "start", ...named, "--session-id", "s", "--run-id", "run_s");
  const event = ["--tool", "t", "--verdict", "allow"];
  assertEquals((await run(world, "run", "session", "append", ...named, ...event)).exit, 0);
  return world;
}

Deno.test("doctor finds nothing to mend in a session that is whole, and writes nothing", async () => {
  const world = await sessionWorld();
  world.files.entries.delete(`/work/${JOURNAL}.state.json`);
  const before = new Map(world.files.entries);
  assertEquals((await doctor(world)).check("session_journals").status, "pass");
  assertEquals(new Map(world.files.entries), before);
});

Deno.test("doctor warns of a torn journal and gives the command (row S1)", async () => {
  for (
    const journal of [JOURNAL, "gait-out/mcp-serve/sessions/s.journal.jsonl", "own/s.journal.jsonl"]
  ) {
    const world = await sessionWorld(journal);
    world.files.put(journal, `${world.files.text(journal)}{"torn`);
    const check = (await doctor(world, "--session-dir", "own")).check("session_journals");
    assertEquals([check.status, check.fix_command], [
      "warn",
      `gait run session repair --journal '${journal}' --apply`,
    ]);
  }
});

Deno.test("doctor fails on a journal that lost acknowledged events (row S1)", async () => {
  const world = await sessionWorld();
  const [header] = (world.files.text(JOURNAL) ?? "").split("\n");
  world.files.put(JOURNAL, `${header}\n`);
  const found = await doctor(world);
  assertEquals([found.exit, found.check("session_journals").status], [2, "fail"]);
  assertStringIncludes(found.check("session_journals").hint, "--dry-run");
});

Deno.test("doctor leaves a session alone that somebody uses", async () => {
  const world = await sessionWorld();
  world.files.put(JOURNAL, "nonsense\n");
  world.files.put(`${JOURNAL}.lock`, "{}");
  assertEquals((await doctor(world)).check("session_journals").status, "pass");
});

Deno.test("doctor reports left-over locks of sessions (row S3)", async () => {
  const world = await sessionWorld();
  world.files.put(`${JOURNAL}.lock`, '{"pid":1}');
  const check = (await doctor(world)).check("session_locks");
  assertEquals([check.status, check.fix_command], ["warn", `rm -f '${JOURNAL}.lock'`]);
});

Deno.test("doctor bounds how many journals it reads, and how large they are", async () => {
  const world = doctorWorld();
  for (let i = 0; i < 300; i++) world.files.put(`gait-out/sessions/${i}.journal.jsonl`, "x\n");
  world.files.put("gait-out/sessions/.journal.jsonl", new Uint8Array(17 * 1024 * 1024));
  world.files.operations = 0;
  const found = await doctor(world);
  assertEquals(found.check("session_journals").status, "fail");
  assertStringIncludes(found.check("session_journals").message, "and 196 more");
  assertEquals(world.files.operations < 3_000, true, String(world.files.operations));
});

Deno.test("doctor takes a link or folder for no journal", async () => {
  const world = doctorWorld();
  world.files.link("gait-out/sessions/a.journal.jsonl", "/etc/passwd");
  world.files.put("gait-out/sessions/b.journal.jsonl/x", "");
  assertEquals((await doctor(world)).check("session_journals").status, "warn");
});
