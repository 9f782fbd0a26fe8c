/** The build of a release as far as every machine can go. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bundleStage, makeBundle, zipBundle } from "../../scripts/release/bundle.ts";
import { artifactOf } from "../../scripts/release/files.ts";
import { judgeRuntime } from "../../scripts/release/runtime.ts";
import { hostTarget } from "../../scripts/release/targets.ts";
import { runDeno } from "../../scripts/run_deno.ts";
import { ROOT } from "../../scripts/sources.ts";

const VERSION = "1.2.3-test.2";

Deno.test("a release bundle carries its version, is made the same way twice, and serves", async () => {
  const dir = await Deno.makeTempDir({ prefix: "gait-release-" });
  try {
    const { folder, flags, size } = await makeBundle(VERSION);
    assert(size < 2 * 1024 * 1024, `${size} bytes`);
    assertEquals(flags.some((flag) => /all$|ffi|import|=/.test(flag)), false);
    await zipBundle(folder, `${dir}/first.zip`);
    const ask = ["run", "--no-prompt", "--allow-read", `${folder}/cli.js`, "version", "--json"];
    assertEquals(JSON.parse((await runDeno(ask, { cwd: dir })).stdout).version, VERSION);
    const help = ["run", "--no-prompt", ...flags, `${folder}/cli.js`, "mcp", "serve", "--json"];
    const refused = await runDeno(help, { cwd: dir });
    assertEquals(JSON.parse(refused.stdout).ok, false);
    assertEquals(refused.stderr.includes("Requires"), false, refused.stderr);

    await bundleStage(`${ROOT}dist/stage/`);
    await zipBundle(folder, `${dir}/second.zip`);
    const [first, second] = await Promise.all(
      ["first.zip", "second.zip"].map((name) => artifactOf(dir, name)),
    );
    assertEquals(first?.sha256, second?.sha256);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("compile refuses a plain deno as runtime, says what to do, and checks the packing", async () => {
  const target = hostTarget();
  if (target === undefined) return;
  const run = await runDeno(
    ["task", "--quiet", "compile", "--version", VERSION, "--target", target.name],
    { env: { DENORT_BIN: Deno.execPath() } },
  );
  assertEquals(run.success, false);
  assertEquals(run.stdout, `${target.name}: not built, verified: packing and permissions\n`);
  assertMatch(
    run.stderr,
    /^no runtime for \S+: DENORT_BIN: it is the deno program, not the denort/,
  );
  assertStringIncludes(run.stderr, `denort-${target.triple}.zip`);
  assertEquals(run.stderr.trim().split("\n").length, 1);
});

Deno.test("judgeRuntime() refuses what is no runtime", async () => {
  assertEquals(await judgeRuntime(undefined), { kind: "download" });
  assertEquals((await judgeRuntime(`${ROOT}no-such-file`)).kind, "refused");
  assertEquals((await judgeRuntime(ROOT)).kind, "refused");
  assertEquals((await judgeRuntime(Deno.execPath())).kind, "refused");
});

Deno.test("compile names the targets when one is unknown, and the version when it is none", async () => {
  for (
    const [args, words] of [
      [["--target", "plan9"], 'Cannot build for "plan9": the targets are'],
      [["--version", "latest"], 'Cannot build version "latest"'],
    ] as const
  ) {
    const run = await runDeno(["task", "--quiet", "compile", ...args]);
    assertEquals([run.success, run.stdout], [false, ""]);
    assertStringIncludes(run.stderr, words);
    assertEquals(run.stderr.includes("    at "), false);
  }
});

Deno.test("the bundled service withstands what the service withstands, with both layers", async () => {
  const { folder, flags } = await makeBundle(VERSION);
  const leading = ["run", "--no-prompt", "--unstable-worker-options", ...flags, `${folder}/cli.js`];
  const suites = ["socket", "crash", "isolation"].map((name) => `tests/service/${name}_test.ts`);
  const run = await runDeno(["task", "--quiet", "test:flags", ...suites], {
    env: { GAIT_SERVICE_PROGRAM: JSON.stringify([Deno.execPath(), ...leading]), NO_COLOR: "1" },
  });
  assertEquals(run.success, true, (run.stdout + run.stderr).slice(-6000));
});
