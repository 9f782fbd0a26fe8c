import { assertEquals, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { doctor, doctorWorld } from "./_world.ts";

Deno.test("doctor fails on a workdir that is not there or no folder, and says how to make it", async () => {
  const world = doctorWorld();
  world.files.put("file", "");
  const missing = (await doctor(world, "--workdir", "it's here")).check("workdir");
  assertEquals([missing.status, missing.fix_command], ["fail", `mkdir -p 'it'\\''s here'`]);
  assertEquals((await doctor(world, "--workdir", "file")).check("workdir").status, "fail");
  assertEquals((await doctor(world, "--workdir", "none")).exit, 2);
});

Deno.test("doctor only warns about outputs that have no folder yet", async () => {
  const world = doctorWorld();
  const found = await doctor(world, "--output-dir", "out/deep");
  assertEquals(found.exit, 0);
  assertEquals(found.check("output_dir").fix_command, "mkdir -p 'out/deep'");
});

Deno.test("doctor fails on folders that take no file", async () => {
  const world = doctorWorld();
  world.files.create = () =>
    Promise.reject(new GaitError("io_failure", "Cannot write: permission denied"));
  const found = await doctor(world);
  assertEquals(found.exit, 2);
  for (const name of ["workdir", "output_dir", "temp_dir"]) {
    const check = found.check(name);
    assertEquals(check.status, "fail");
    assertStringIncludes(check.fix_command, "chmod u+w ");
  }
});

Deno.test("doctor looks at the folder that TMPDIR names", async () => {
  const world = doctorWorld();
  world.env.set("TMPDIR", "/nowhere");
  const check = (await doctor(world)).check("temp_dir");
  assertEquals([check.status, check.fix_command], ["fail", "mkdir -p '/nowhere'"]);
});
