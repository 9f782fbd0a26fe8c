import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../commands/_run.ts";
import { doctor, doctorWorld } from "./_world.ts";

const PATH = ".gait/config.yaml";

Deno.test("doctor says whether a project's file is trusted, and how to trust it (row C7)", async () => {
  const world = doctorWorld();
  assertEquals((await doctor(world)).check("project_config").message, "no project configuration");
  world.files.put(PATH, "gate:\n  policy: p.yaml\n");
  const check = (await doctor(world)).check("project_config");
  assertEquals([check.status, check.fix_command], ["warn", `gait config trust '${PATH}'`]);
  assertStringIncludes(check.message, "gate.policy");
  await run(world, "config", "trust");
  assertEquals((await doctor(world)).check("project_config").status, "pass");
  world.files.put(PATH, "gate:\n  policy: other.yaml\n");
  assertEquals((await doctor(world)).check("project_config").status, "warn");
});

Deno.test("doctor warns of an untrusted file that commands refuse (row C7)", async () => {
  const world = doctorWorld();
  world.files.put(PATH, "gate:\n  signer_command: /bin/evil\n");
  const check = (await doctor(world)).check("project_config");
  assertEquals(check.status, "warn");
  assertStringIncludes(check.message, "commands refuse the file");
  const strict = doctorWorld();
  strict.files.put(PATH, "gate:\n  policy: p.yaml\n");
  strict.env.set("GAIT_PROFILE", "oss-prod");
  assertStringIncludes((await doctor(strict)).check("project_config").message, "oss-prod");
});

Deno.test("doctor warns when a variable makes commands read another file", async () => {
  const world = doctorWorld();
  world.env.set("GAIT_CONFIG", "/etc/other.yaml");
  const check = (await doctor(world)).check("project_config");
  assertEquals([check.status, check.fix_command], ["warn", "unset GAIT_CONFIG"]);
  world.env.set("GAIT_CONFIG", PATH);
  assertEquals((await doctor(world)).check("project_config").status, "pass");
});

Deno.test("doctor fails on files that no command can use", async () => {
  for (const text of ["gate: [oops", "gate:\n  polcy: x\n", "\u0000", "x".repeat(300_000)]) {
    const world = doctorWorld();
    world.files.put(PATH, text);
    const found = await doctor(world);
    assertEquals([found.exit, found.check("project_config").status], [2, "fail"]);
  }
  const folder = doctorWorld();
  folder.files.put(`${PATH}/x`, "");
  assertEquals((await doctor(folder)).exit, 2);
  const user = doctorWorld();
  user.files.put("/home/user/.config/gait/config.yaml", "oops: [");
  assertStringIncludes((await doctor(user)).check("project_config").message, "refuse the settings");
});
