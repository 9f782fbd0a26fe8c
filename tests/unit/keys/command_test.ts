import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

/** Runs a command line and gives exit code and output, which it takes out of the world. */
async function run(world: MemoryWorld, ...argv: string[]) {
  const exit = await runCli(argv, world.ports);
  const stdout = world.stdout.splice(0).join("");
  const stderr = world.stderr.splice(0).join("");
  const json = stdout.startsWith("{") ? JSON.parse(stdout) : undefined;
  return { exit, json, stdout, stderr };
}

Deno.test("keys init creates a pair that keys verify and keys show accept", async () => {
  const world = memoryWorld();
  const made = await run(world, "keys", "init", "--json");
  assertEquals(made.exit, 0);
  assertEquals(made.json.prefix, "gait");
  assertEquals(made.json.private_key_path, "gait-out/keys/gait_private.key");
  const sources = [
    "--private-key",
    made.json.private_key_path,
    "--public-key",
    made.json.public_key_path,
  ];
  const verified = await run(world, "keys", "verify", ...sources, "--json");
  assertEquals([verified.exit, verified.json.key_id], [0, made.json.key_id]);
  const shown = await run(
    world,
    "keys",
    "show",
    "--private-key",
    made.json.private_key_path,
    "--json",
  );
  assertEquals(shown.json.public_key, world.files.text(made.json.public_key_path)?.trim());
  assertEquals(shown.json.key_id, made.json.key_id);
  const secret = world.files.text(made.json.private_key_path)?.slice(0, 40) ?? "?";
  for (const { stdout, stderr } of [made, verified, shown]) {
    assert(!(stdout + stderr).includes(secret));
  }
});

Deno.test("keys init refuses an existing pair and a blank place", async () => {
  const world = memoryWorld();
  assertMatch(
    (await run(world, "keys", "init")).stdout,
    /^keys init ok: key_id=[0-9a-f]{64} public=/,
  );
  const again = await run(world, "keys", "init", "--json");
  assertEquals([again.exit, again.json.error_code], [6, "already_exists"]);
  assertEquals((await run(world, "keys", "init", "--force")).exit, 0);
  for (
    const blank of [["--out-dir", ""], ["--out-dir", " "], ["--prefix", ""], ["--prefix", " "]]
  ) {
    assertEquals((await run(world, "keys", "init", ...blank)).exit, 6, blank.join(" "));
  }
});

Deno.test("keys rotate stamps the prefix, accepts a blank one and leaves old pairs alone", async () => {
  const world = memoryWorld();
  await run(world, "keys", "init");
  const before = world.files.text("gait-out/keys/gait_private.key");
  const rotated = await run(world, "keys", "rotate");
  assertStringIncludes(rotated.stdout, "keys rotate ok: ");
  assertStringIncludes(rotated.stdout, "gait-out/keys/gait_20260206T000000Z_private.key");
  assertEquals(world.files.text("gait-out/keys/gait_private.key"), before);
  assertEquals((await run(world, "keys", "rotate")).exit, 6);
  const blank = await run(world, "keys", "rotate", "--prefix", "", "--json");
  assertEquals([blank.exit, blank.json.prefix], [0, "_20260206T000000Z"]);
});

Deno.test("keys verify needs a private source and refuses a mismatch", async () => {
  const world = memoryWorld();
  await run(world, "keys", "init");
  await run(world, "keys", "init", "--prefix", "other");
  const at = (name: string) => `gait-out/keys/${name}.key`;
  const none = await run(world, "keys", "verify", "--public-key", at("gait_public"), "--json");
  assertEquals([none.exit, none.json.error_code], [6, "key_invalid"]);
  const pair = ["--private-key", at("gait_private"), "--public-key", at("other_public")];
  const mismatch = await run(world, "keys", "verify", ...pair, "--json");
  assertEquals([mismatch.exit, mismatch.json.ok, mismatch.json.error_code], [
    6,
    false,
    "key_invalid",
  ]);
});

Deno.test("keys verify refuses a private key with a foreign public half", async () => {
  const world = memoryWorld();
  const path = "tests/golden/data/runpack/data/keys/mixed_halves.key";
  world.files.put("priv.key", await Deno.readFile(path));
  const { exit, json } = await run(world, "keys", "verify", "--private-key", "priv.key", "--json");
  assertEquals([exit, json.error_code], [6, "key_invalid"]);
});

Deno.test("keys verify warns about a key file that others may read", async () => {
  const world = memoryWorld();
  await run(world, "keys", "init");
  world.files.put("open.key", world.files.text("gait-out/keys/gait_private.key") ?? "", 0o644);
  const { exit, json } = await run(world, "keys", "verify", "--private-key", "open.key", "--json");
  assertEquals([exit, json.warning_details[0].code], [0, "key_file_permissions"]);
});

Deno.test("keys verify and keys show report a signer that fails", async () => {
  const world = memoryWorld();
  world.onCommand = () => ({ stdout: utf8('{"error":"locked"}') });
  for (const command of ["verify", "show"]) {
    const { exit, json } = await run(
      world,
      "keys",
      command,
      "--signer-command",
      "signer",
      "--json",
    );
    assertEquals([exit, json.error_code], [1, "signer_failed"]);
  }
});

Deno.test("keys show needs a source", async () => {
  const { exit, json } = await run(memoryWorld(), "keys", "show", "--json");
  assertEquals([exit, json.error_code], [6, "key_invalid"]);
});
