/** The trace directory of a running service vanishes, or another one takes its place. */

import { assert, assertEquals } from "@std/assert";
import { type Program, READ, startProgram, UNDER_NODE } from "../support/serve_program.ts";

/** Ways to serve; each writes traces by another path. */
const WAYS: readonly (readonly [name: string, flags: readonly string[]])[] = UNDER_NODE
  ? [["node", []]]
  : [["thread", []], ["single", ["--trace-sync", "file"]]];

async function readiness({ port }: Program): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  const { reasons } = await answer.json();
  return answer.status === 200 ? "ready" : reasons;
}

/** Waits until the service says so. */
async function until(program: Program, wanted: unknown): Promise<void> {
  const text = JSON.stringify(wanted);
  for (let i = 0; JSON.stringify(await readiness(program)) !== text; i++) {
    assert(i < 60, `${JSON.stringify(await readiness(program))} instead of ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Status and code of several requests that come together. */
async function askMany(program: Program): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const answer = await program.post(READ);
      const { error_code = "", verdict } = await answer.json();
      assertEquals(verdict !== undefined, answer.status === 200);
      return `${answer.status} ${error_code}`;
    }),
  );
  return [...new Set(answers)];
}

function filesIn(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name);
}

const LOST = ["evidence_directory_lost"];

for (const [name, flags] of WAYS) {
  Deno.test(`service (${name}) whose trace directory vanished says so while idle, and decides nothing`, async () => {
    await using program = await startProgram({ flags });
    assertEquals(await askMany(program), ["200 "]);
    await Deno.remove(`${program.dir}/traces`, { recursive: true });
    await until(program, LOST);
    assertEquals(await askMany(program), ["503 evidence_directory_lost"]);
    // Nobody makes it anew behind the operator's back, and a new one is not the old one.
    assert(!filesIn(program.dir).includes("traces"));
    await Deno.mkdir(`${program.dir}/traces`);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assertEquals(await readiness(program), LOST);
    assertEquals(await askMany(program), ["503 evidence_directory_lost"]);
    assertEquals(filesIn(`${program.dir}/traces`), []);
  });

  Deno.test(`service (${name}) whose trace directory vanished acknowledges nothing at the next write`, async () => {
    await using program = await startProgram({ flags });
    assertEquals(await askMany(program), ["200 "]);
    await Deno.remove(`${program.dir}/traces`, { recursive: true });
    assertEquals(await askMany(program), ["503 evidence_directory_lost"]);
    assertEquals(await readiness(program), LOST);
  });

  Deno.test(`service (${name}) follows no link that took the place of its trace directory`, async () => {
    await using program = await startProgram({ flags });
    assertEquals(await askMany(program), ["200 "]);
    await Deno.mkdir(`${program.dir}/elsewhere`);
    await Deno.rename(`${program.dir}/traces`, `${program.dir}/kept`);
    const kept = filesIn(`${program.dir}/kept`).toSorted();
    await Deno.symlink(`${program.dir}/elsewhere`, `${program.dir}/traces`);
    assertEquals(await askMany(program), ["503 evidence_directory_lost"]);
    await until(program, LOST);
    assertEquals(filesIn(`${program.dir}/elsewhere`), []);
    // Put back, it goes on by itself.
    await Deno.remove(`${program.dir}/traces`);
    await Deno.rename(`${program.dir}/kept`, `${program.dir}/traces`);
    await until(program, "ready");
    assertEquals(filesIn(`${program.dir}/traces`).toSorted(), kept);
    assertEquals(await askMany(program), ["200 "]);
  });
}

Deno.test("service may be given a link to its trace directory, and takes no other one", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/real`);
    await Deno.mkdir(`${dir}/other`);
    await Deno.symlink(`${dir}/real`, `${dir}/link`);
    await using program = await startProgram({ flags: ["--trace-dir", `${dir}/link`] });
    assertEquals(await askMany(program), ["200 "]);
    await Deno.remove(`${dir}/link`);
    await Deno.symlink(`${dir}/other`, `${dir}/link`);
    assertEquals(await askMany(program), ["503 evidence_directory_lost"]);
    assertEquals(filesIn(`${dir}/other`), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
