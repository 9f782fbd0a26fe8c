import { assertEquals } from "@std/assert";
import { run } from "../commands/_run.ts";
import { doctor, doctorWorld } from "./_world.ts";

const PRIVATE = ["--key-mode", "prod", "--private-key", "keys/a_private.key"];

/** A world with the key pairs `a` and `b`. */
async function keyWorld() {
  const world = doctorWorld();
  for (const prefix of ["a", "b"]) {
    await run(world, "keys", "init", "--out-dir", "keys", "--prefix", prefix);
  }
  return world;
}

Deno.test("doctor loads the key that the flags name, and compares its public half", async () => {
  const world = await keyWorld();
  const good = await doctor(world, ...PRIVATE, "--public-key", "keys/a_public.key");
  assertEquals([good.exit, good.check("key_config").status], [0, "pass"], good.stdout);
  const other = await doctor(world, ...PRIVATE, "--public-key", "keys/b_public.key");
  assertEquals([other.exit, other.check("key_config").status], [2, "fail"]);
  world.env.set("KEY", "bm8ga2V5");
  const bad = await doctor(world, "--key-mode", "prod", "--private-key-env", "KEY");
  assertEquals([bad.exit, bad.check("key_config").status], [2, "fail"]);
  assertEquals(bad.stdout.includes("bm8ga2V5"), false);
});

Deno.test("doctor fails on a key with two sources", async () => {
  const world = await keyWorld();
  world.env.set("KEY", "x");
  const found = await doctor(world, ...PRIVATE, "--private-key-env", "KEY");
  assertEquals(found.check("key_source_ambiguity").status, "fail");
  assertEquals(found.check("key_config").status, "fail");
});

Deno.test("doctor warns of keys that others may read or write, and gives the command", async () => {
  const cases = [
    [0o600, 0o644, "pass", undefined],
    [0o640, 0o644, "warn", "chmod go-rwx 'keys/a_private.key'"],
    [0o604, 0o644, "warn", "chmod go-rwx 'keys/a_private.key'"],
    [0o660, 0o644, "warn", "chmod go-rwx 'keys/a_private.key'"],
    [0o600, 0o664, "warn", "chmod go-w 'keys/a_public.key'"],
  ] as const;
  for (const [own, open, status, fix] of cases) {
    const world = await keyWorld();
    world.files.put("keys/a_private.key", world.files.text("keys/a_private.key") ?? "", own);
    world.files.put("keys/a_public.key", world.files.text("keys/a_public.key") ?? "", open);
    const found = await doctor(world, ...PRIVATE, "--public-key", "keys/a_public.key");
    const check = found.check("key_permissions");
    assertEquals([check.status, check.fix_command, found.exit], [status, fix, 0]);
  }
});

Deno.test("doctor warns of key paths that are no files, and cannot load them", async () => {
  const world = await keyWorld();
  for (const path of ["keys", "none.key", "/dev/stdin"]) {
    const found = await doctor(world, "--key-mode", "prod", "--private-key", path);
    const statuses = [found.check("key_permissions").status, found.check("key_config").status];
    assertEquals(statuses, ["warn", "fail"], path);
  }
});

Deno.test("doctor warns of key sources that dev mode ignores", async () => {
  const found = await doctor(await keyWorld(), "--private-key", "keys/a_private.key");
  assertEquals([found.exit, found.check("key_config").status], [0, "warn"]);
  const upper = await doctor(doctorWorld(), "--key-mode", " DEV ");
  assertEquals(upper.check("key_config").status, "pass");
});
