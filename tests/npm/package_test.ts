/** The npm package as users get it: packed, installed into an empty project, run, imported, type-checked. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../../scripts/sources.ts";
import { hasNode, installed, must, nodeOf, nodes, type Project, run, VERSION } from "./_node.ts";
import { judgeWithPrograms } from "./_recorded.ts";

const QUICKSTART = `${ROOT}examples/quickstart`;
const LONG = Deno.env.get("GAIT_NPM_LONG") === "1";

/** A module that names every export of the package. */
const IMPORT_ALL = `
import manifest from "@gait/gait/package.json" with { type: "json" };
const names = [];
for (const subpath of Object.keys(manifest.exports).filter((key) => !key.endsWith(".json"))) {
  names.push(...Object.keys(await import(manifest.name + subpath.slice(1))));
}
console.log(JSON.stringify(names));
`;

/** A consumer whose types must hold. */
const CONSUMER = `
import { compilePolicy, type Decision, decide, normalizeIntent, parsePolicy } from "@gait/gait";

const { policy } = await parsePolicy("default_verdict: block", { source: "policy.yaml" });
const decision: Decision = decide(
  compilePolicy(policy),
  normalizeIntent({
    tool_name: "file.read",
    context: { identity: "assistant", workspace: "/srv", risk_class: "low" },
  }),
);
const verdict: "allow" | "block" | "dry_run" | "require_approval" = decision.verdict;
console.log(verdict);
// @ts-expect-error the verdict is no number
const wrong: number = decision.verdict;
console.log(typeof wrong);
`;

/** Checks a consumer in both ways of resolving modules, and runs it. */
async function checkTypes({ dir }: Project, node: string): Promise<void> {
  await Deno.writeTextFile(`${dir}/consumer.ts`, CONSUMER);
  const compiler = ["--yes", "--package", "typescript@5.9.3", "tsc", "--strict", "--noEmit"];
  const common = ["--target", "es2022", "--lib", "esnext,dom", "consumer.ts"];
  for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
    const how = ["--module", module ?? "", "--moduleResolution", resolution ?? ""];
    await must("npx", [...compiler, ...how, ...common], { cwd: dir });
  }
  const script = CONSUMER.replace(/type Decision, |: Decision\b|: "allow".*?(?= =)|: number/g, "");
  await Deno.writeTextFile(`${dir}/consumer.mjs`, script);
  assertEquals(await must(node, ["consumer.mjs"], { cwd: dir }), "block\nstring\n");
}

/** Runs the program in the ways that users do. */
async function checkProgram({ dir, bin }: Project, node: string): Promise<void> {
  const version = JSON.parse(await must(node, [bin, "version", "--json"], { cwd: dir }));
  assertEquals([version.version, version.ok], [VERSION, true]);
  assertStringIncludes(await must(node, [bin, "--help"], { cwd: dir }), "gait");
  const unknown = await run(node, [bin, "no-such-command"], { cwd: dir });
  assertEquals(unknown.code, 6);
  const wrong = await run(node, [bin, "gate", "eval", "--policy", "none", "--json"], { cwd: dir });
  assertEquals(JSON.parse(wrong.stdout).verdict, "block");
  assertEquals(wrong.stderr.includes("    at "), false);

  await must(node, [bin, "keys", "init"], { cwd: dir });
  const line = ["--policy", `${QUICKSTART}/policy.yaml`, "--trace-out", "trace.json", "--json"];
  const keys = ["--key-mode", "prod", "--private-key", "gait-out/keys/gait_private.key"];
  const intent = ["--intent", `${QUICKSTART}/intents/write_report.json`];
  const decided = JSON.parse(
    await must(node, [bin, "gate", "eval", ...line, ...keys, ...intent], { cwd: dir }),
  );
  assertEquals([decided.verdict, decided.ok], ["allow", true]);
  const trace = JSON.parse(await Deno.readTextFile(`${dir}/trace.json`));
  assertEquals(trace.producer_version, VERSION);
  const verify = ["trace", "verify", "trace.json", "--public-key", "gait-out/keys/gait_public.key"];
  await must(node, [bin, ...verify], { cwd: dir });
  for (const name of ["trace.json", "gait-out/keys"]) {
    await Deno.remove(`${dir}/${name}`, { recursive: true });
  }
}

Deno.test({
  name: "the npm package works in an empty project under every Node",
  ignore: !await hasNode(),
  async fn(t) {
    const dir = await Deno.makeTempDir({ prefix: "gait-npm-" });
    try {
      const project = await installed(dir);
      const programs = await nodes();
      const newest = [...programs.values()].at(-1) ?? "node";
      for (const [version, node] of programs) {
        await t.step(`${version}: program`, () => checkProgram(project, node));
        await t.step(`${version}: exports`, async () => {
          await Deno.writeTextFile(`${project.dir}/all.mjs`, IMPORT_ALL);
          const names: string[] = JSON.parse(
            await must(node, ["--no-warnings", "all.mjs"], {
              cwd: project.dir,
            }),
          );
          assert(
            names.includes("decide") && names.includes("verifyTraceText") && names.length > 40,
          );
        });
        await t.step(`${version}: recorded cases`, async () => {
          const { judged, failures } = await judgeWithPrograms(
            [node, project.bin],
            LONG ? 1 : 40,
          );
          assertEquals(failures, []);
          assert(judged >= (LONG ? 1500 : 30), `${judged} cases`);
        });
      }
      await t.step("types in strict mode", () => checkTypes(project, newest));
      await t.step("nothing is installed but the package", async () => {
        const manifest = await Deno.readTextFile(
          `${project.dir}/node_modules/@gait/gait/package.json`,
        );
        assertEquals(JSON.parse(manifest).dependencies, undefined);
        const entries = await Array.fromAsync(Deno.readDir(`${project.dir}/node_modules`));
        const names = entries.map(({ name }) => name).filter((name) => !name.startsWith("."));
        assertEquals(names, ["@gait"]);
      });
      await t.step("publint and attw have no complaint", async () => {
        const lint = ["--yes", "publint@0.3.25", "--strict", project.tarball];
        assertMatch(await must("npx", lint, { cwd: dir }), /All good/);
        const wrong = ["--yes", "@arethetypeswrong/cli@0.18.5", "--profile", "esm-only"];
        await must("npx", [...wrong, project.tarball], { cwd: dir });
      });
      await t.step("an old Node gets one sentence", async () => {
        const starter = await Deno.readTextFile(await Deno.realPath(project.bin));
        const faked = starter.replace("process.versions.node.split", '"18.1.0".split');
        await Deno.writeTextFile(`${project.dir}/old.mjs`, faked);
        const lines: [string, string][] = [[newest, "old.mjs"]];
        // The oldest that read modules at all must get as far, too.
        for (const old of LONG ? ["18", "14"] : ["18"]) {
          lines.push([await nodeOf(old), project.bin]);
        }
        for (const [node, program] of lines) {
          for (const argv of [["version"], ["gate", "eval", "--json"], []]) {
            const { code, stderr, stdout } = await run(node, [program, ...argv], {
              cwd: project.dir,
            });
            assertEquals([code, stdout], [7, ""]);
            assertMatch(stderr, /^gait needs Node 22 or later; this is Node \S+\n$/);
          }
        }
      });
      await t.step("a package that lacks a file says so without a trace", async () => {
        const folder = `${project.dir}/node_modules/@gait/gait/bin`;
        await Deno.rename(`${folder}/version.js`, `${folder}/away.js`);
        const { code, stderr, stdout } = await run(newest, [project.bin, "version"]);
        await Deno.rename(`${folder}/away.js`, `${folder}/version.js`);
        assertEquals([code, stdout], [7, ""]);
        assertMatch(stderr, /^gait cannot start: .*version\.js[^\n]*\n$/);
      });
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
