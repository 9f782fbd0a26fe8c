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
    const blind = await runDeno(["run", "--no-prompt", `${folder}/cli.js`, "version"]);
    assertEquals([blind.success, blind.stdout], [false, ""]);
    assertMatch(blind.stderr, /^gait cannot start: .* --allow-read flag\n$/);
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
  assertEquals(run.stdout, `${target.name}: not built, verified: modules, permissions\n`);
  assertMatch(
    run.stderr,
    /^no runtime for \S+: DENORT_BIN: it is the deno program, not the denort/,
  );
  assertStringIncludes(run.stderr, `denort-${target.triple}.zip`);
  assertEquals(run.stderr.trim().split("\n").length, 1);
});

Deno.test("judgeRuntime() refuses what is no runtime", async () => {
  const own = hostTarget()?.name ?? "linux-x64";
  const other = own === "linux-x64" ? "macos-arm64" : "linux-x64";
  assertEquals(await judgeRuntime(undefined, own), { kind: "download" });
  const cases: [string, string, string][] = [
    [`${ROOT}no-such-file`, own, "it does not exist"],
    [ROOT, own, "it is not a file"],
    [Deno.execPath(), own, "it is the deno program, not the denort runtime"],
    [`${ROOT}README.md`, own, "it is no runtime of ours"],
  ];
  if (Deno.build.os === "linux") cases.push(["/bin/true", other, `it is for ${own}`]);
  for (const [path, system, why] of cases) {
    assertEquals(await judgeRuntime(path, system), { kind: "refused", why }, path);
  }
});

Deno.test("a program that does not answer with its version does not count, and is removed", async () => {
  const target = hostTarget();
  if (target === undefined || Deno.build.os !== "linux") return;
  const run = await runDeno(
    ["task", "--quiet", "compile", "--version", VERSION, "--target", target.name],
    { env: { DENORT_BIN: "/bin/true" } },
  );
  assertEquals([run.success, run.stdout], [
    false,
    `${target.name}: not built, verified: nothing\n`,
  ]);
  assertEquals(
    run.stderr,
    `the program for ${target.name} does not count: it does not answer version --json with ${VERSION}\n`,
  );
  const left = `${ROOT}dist/release/gait-${VERSION}-${target.name}`;
  assertEquals(await Deno.stat(left).then(() => true, () => false), false);
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
  const suites = ["socket", "target", "crash", "isolation", "evidence_directory", "open_files"].map(
    (name) => `tests/service/${name}_test.ts`,
  );
  const run = await runDeno(["task", "--quiet", "test:flags", ...suites], {
    env: { GAIT_SERVICE_PROGRAM: JSON.stringify([Deno.execPath(), ...leading]), NO_COLOR: "1" },
  });
  assertEquals(run.success, true, (run.stdout + run.stderr).slice(-6000));
});
