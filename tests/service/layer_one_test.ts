/** Our own rules for paths over a real program, where no permission layer helps (design §5). */

import { assert, assertEquals } from "@std/assert";
import { READ, startProgram } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

/** A call with a path field. */
function withPath(trace_path: string): string {
  return JSON.stringify({ ...JSON.parse(READ), trace_path });
}

Deno.test("layer 1 alone refuses every escape, symbolic links included", options, async () => {
  const outside = await Deno.makeTempDir();
  try {
    await using program = await startProgram({ flags: ["--allow-client-artifact-paths"] });
    const traces = `${program.dir}/traces`;
    await Deno.mkdir(traces, { recursive: true });
    if (Deno.build.os !== "windows") {
      await Deno.symlink(outside, `${traces}/link`);
      await Deno.symlink(`${outside}/new.json`, `${traces}/dangling.json`);
    }
    const paths = [
      `${outside}/x.json`,
      "../escape.json",
      "traces/../escape.json",
      "traces/link/x.json",
      "traces/link/../../escape.json",
      "traces/.hidden.json",
      "elsewhere/x.json",
    ];
    for (const path of paths) {
      const answer = await program.post(withPath(path));
      const body = await answer.json();
      assert(answer.status >= 400, `${path}: ${answer.status}`);
      assertEquals([body.ok, body.verdict], [false, undefined], path);
    }
    await (await program.post(withPath("traces/dangling.json"))).body?.cancel();
    assertEquals(await Array.fromAsync(Deno.readDir(outside)), []);
    assertEquals(program.tree().filter((path) => /escape|elsewhere|hidden/.test(path)), []);
    assertEquals((await program.post(withPath("traces/inside.json"))).status, 200);
  } finally {
    await Deno.remove(outside, { recursive: true });
  }
});
