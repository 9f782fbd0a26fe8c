/** The recorded gate cases that need real processes: broker programs, locks, calls at the same time. */

import { assert, assertEquals } from "@std/assert";
import {
  type GateCase,
  gateCases,
  gateFile,
  judgeStep,
  needsProcess,
  type Step,
  type StepResult,
} from "../golden/gate_cases.ts";
import { ROOT } from "../../scripts/sources.ts";
import { denoDir, filesBelow, type Finished, gait, inFolder, put, WIDE } from "./_process.ts";

/** Members that a row of the divergence table overrules: C1 lets the real `retryable` reach JSON. */
const OVERRULED: Readonly<Record<string, string>> = {
  "rate-limit/fresh-lock": "/stdout/retryable",
};

const POSIX = Deno.build.os !== "windows";

/** Puts the input files of a case in place. */
async function prepare(dir: string, group: string, c: GateCase): Promise<void> {
  for (const name of c.files) await put(dir, name, gateFile(group, name));
  for (const name of c.mkdirs ?? []) await Deno.mkdir(`${dir}/work/${name}`, { recursive: true });
}

/** Waits until the hour has long enough to go that its counters do not start anew meanwhile. */
async function insideHour(): Promise<void> {
  const left = 3_600_000 - Date.now() % 3_600_000;
  if (left < 20_000) await new Promise((resolve) => setTimeout(resolve, left + 100));
}

/** One step as the judge sees it. */
async function runStep(dir: string, step: Step): Promise<StepResult> {
  const before = await filesBelow(`${dir}/work`);
  const ran: Finished = await gait(dir, step.argv, { env: step.env ?? {} });
  const after = await filesBelow(`${dir}/work`);
  const changed = new Map([...after].filter(([path, text]) => before.get(path) !== text));
  return { exit: ran.code, stdout: ran.stdout, stderr: ran.stderr, json: ran.json, changed, after };
}

for (const group of ["brokers", "rate-limit"]) {
  for (const c of gateCases(group)) {
    if (!needsProcess(c.id, c.argv ?? []) || c.parallel !== undefined) continue;
    Deno.test({
      name: `gate vectors in processes: ${c.id}`,
      ignore: !POSIX,
      fn: () =>
        inFolder(async (dir) => {
          await prepare(dir, group, c);
          await insideHour();
          for (const [index, step] of (c.steps ?? [c]).entries()) {
            const found = judgeStep(c, index, await runStep(dir, step));
            assertEquals(found.filter(({ at }) => at !== OVERRULED[c.id]), [], c.title);
          }
        }),
    });
  }
}

Deno.test({
  name: "gate vectors in processes: rate-limit/parallel admits exactly the limit",
  ignore: !POSIX,
  fn: () =>
    inFolder(async (dir) => {
      const c = gateCases("rate-limit").find(({ id }) => id === "rate-limit/parallel");
      assert(c?.parallel !== undefined);
      await prepare(dir, "rate-limit", c);
      await insideHour();
      const calls = Array.from({ length: c.parallel }, (_, n) =>
        gait(dir, c.argv.map((word) => word.replace("${n}", String(n)))));
      const verdicts = (await Promise.all(calls)).map(({ code, json }) =>
        `${json.verdict}/${code}`
      );
      const wanted = ["allow/0", "block/3"].map((verdict) =>
        verdicts.filter((each) => each === verdict).length
      );
      assertEquals(wanted, [8, 12]);
    }),
});

/** A module of a graph, as `deno info` tells it; `code` is missing where only types are imported. */
interface GraphModule {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly specifier: string; readonly code?: unknown }[];
}

/** The modules that a script loads, dynamic imports with literal names included. */
async function graphOf(script: string): Promise<readonly GraphModule[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `${ROOT}${script}`],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

Deno.test("no module of the command line imports the node: library, not even lazily", async () => {
  const modules = await graphOf("cli.ts");
  const dependencies = modules.flatMap((module) => module.dependencies ?? []);
  assert(modules.some(({ specifier }) => specifier.endsWith("/core/commands/gate_eval.ts")));
  assert(modules.some(({ specifier }) => specifier.endsWith("/core/enforce/enforce.ts")));
  assert(dependencies.some(({ code }) => code !== undefined));
  const foreign = dependencies.filter(({ specifier, code }) =>
    code !== undefined && /^(node|npm):/.test(specifier)
  );
  assertEquals(foreign, []);
});

Deno.test({
  name: "gate eval loads no node: module when it runs",
  ignore: !POSIX,
  fn: () =>
    inFolder(async (dir) => {
      for (const name of ["tool.yaml", "intents/t1u1.json"]) {
        await put(dir, name, gateFile("rate-limit", name));
      }
      const line = ["gate", "eval", "--policy", "tool.yaml", "--intent", "intents/t1u1.json"];
      // The runtime logs every module of its library and of the program while it loads it.
      const loaded = (log: string) => log.match(/\bnode:[a-z_/]+/g) ?? [];
      const ran = await gait(dir, line, { flags: [...WIDE, "--log-level=debug"] });
      assertEquals(ran.code, 0);
      assert(ran.stderr.includes("core/commands/gate_eval.ts"));
      assertEquals(loaded(ran.stderr), []);
      await put(dir, "control.ts", 'import "node:crypto";');
      const { stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-config", "--log-level=debug", `${dir}/work/control.ts`],
        env: { DENO_DIR: await denoDir() },
      }).output();
      assert(loaded(new TextDecoder().decode(stderr)).length > 0, "the log would have shown it");
    }),
});
