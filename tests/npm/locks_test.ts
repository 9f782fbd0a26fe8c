/** Locks between real Node processes, some of which are killed while they hold one (divergence S3). */

import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../scripts/sources.ts";
import { hasNode, must, nodes } from "./_node.ts";

const WORKERS = 6;
const ROUNDS = 40;

Deno.test({
  name: "locks under Node lose no update and no time when owners are killed",
  ignore: !await hasNode() || Deno.build.os === "windows",
  async fn() {
    const dir = await Deno.makeTempDir({ prefix: "gait-locks-" });
    try {
      const program = `${dir}/worker.mjs`;
      const bundle = ["bundle", "--quiet", "--platform", "deno", "--output", program];
      await must(Deno.execPath(), [...bundle, "tests/npm/_lock_worker.ts"], { cwd: ROOT });
      const node = [...(await nodes()).values()].at(-1) ?? "node";
      await Deno.writeTextFile(`${dir}/counter`, "0");
      const children = Array.from({ length: WORKERS }, (_, i) =>
        new Deno.Command(node, {
          // The first two would never end by themselves.
          args: [program, dir, String(i < 2 ? 1e9 : ROUNDS)],
          stdin: "null",
          stdout: "piped",
          stderr: "null",
        }).spawn());
      const outputs = children.map((child) => child.output());
      await new Promise((resolve) => setTimeout(resolve, 250));
      for (const child of children.slice(0, 2)) child.kill("SIGKILL");
      const done = await Promise.all(outputs);
      const said = done.map(({ stdout }) => stdout.length);
      assertEquals(done.slice(2).map(({ code }) => code), [0, 0, 0, 0]);
      assertEquals(said.slice(2), [ROUNDS, ROUNDS, ROUNDS, ROUNDS]);
      const acknowledged = said.reduce((sum, count) => sum + count, 0);
      const counted = Number(await Deno.readTextFile(`${dir}/counter`));
      // A process may die between its update and its word.
      assert(counted >= acknowledged && counted <= acknowledged + 2, `${counted} ${acknowledged}`);
      const left = await Array.fromAsync(Deno.readDir(dir));
      assertEquals(left.filter(({ name }) => /l\.lock(\.takeover)?$/.test(name)), []);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
