/** `--watch-policy` as a real program: an edit of the file is enough, with and without a worker. */

import { assert, assertEquals } from "@std/assert";
import { POLICY, type Program, READ, startProgram, UNDER_NODE } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;
const TIGHTER = POLICY.replaceAll("tool.read", "tool.other");

/** Asks until the answer is another one; changes are told some time after they happened. */
async function settled(program: Program, wanted: (body: Record<string, unknown>) => boolean) {
  const until = Date.now() + 10_000;
  for (;;) {
    const body = await (await program.post(READ)).json();
    if (wanted(body) || Date.now() > until) return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Outcomes and triggers of the records, in order. */
function recorded(program: Program): string[] {
  return program.traces().filter((name) => /^policy_change_.*(?<!\.sig)\.json$/.test(name)).sort()
    .map((name) => JSON.parse(Deno.readTextFileSync(`${program.dir}/traces/${name}`)))
    .map(({ trigger, outcome }) => `${trigger} ${outcome}`);
}

Deno.test("mcp serve --watch-policy decides by the policy that was edited", options, async () => {
  await using program = await startProgram({
    flags: ["--watch-policy", "--on-policy-error", "block"],
  });
  const path = `${program.dir}/pol.yaml`;
  assertEquals((await (await program.post(READ)).json()).verdict, "allow");
  await Deno.writeTextFile(path, TIGHTER);
  assertEquals((await settled(program, ({ verdict }) => verdict !== "allow")).verdict, "block");
  await Deno.writeTextFile(path, `${POLICY}unknown_key: 1\n`);
  const refused = await settled(program, ({ ok }) => ok === false);
  assertEquals([refused.error_code, refused.verdict], ["policy_unavailable", undefined]);
  // Editors replace files instead of writing them.
  await Deno.writeTextFile(`${path}.new`, POLICY);
  await Deno.rename(`${path}.new`, path);
  assertEquals((await settled(program, ({ verdict }) => verdict === "allow")).verdict, "allow");
  const outcomes = recorded(program);
  assert(outcomes.every((each) => each.startsWith("watch ")), outcomes.join());
  assertEquals([outcomes.at(0), outcomes.at(-1)], ["watch applied", "watch applied"]);
  assert(outcomes.includes("watch blocked"));
});

Deno.test("mcp serve without --watch-policy stays with the policy it read", options, async () => {
  await using program = await startProgram();
  await Deno.writeTextFile(`${program.dir}/pol.yaml`, TIGHTER);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assertEquals((await (await program.post(READ)).json()).verdict, "allow");
  assertEquals(recorded(program), []);
});

Deno.test(
  "an isolated service hears from its parent that the policy changed",
  { ...options, ignore: UNDER_NODE },
  async () => {
    await using program = await startProgram({
      runtime: ["-A", "--unstable-worker-options"],
      flags: ["--isolation", "worker", "--watch-policy"],
    });
    await Deno.writeTextFile(`${program.dir}/pol.yaml`, TIGHTER);
    assertEquals((await settled(program, ({ verdict }) => verdict !== "allow")).verdict, "block");
    assertEquals(recorded(program), ["watch applied"]);
  },
);
