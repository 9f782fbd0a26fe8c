/** The code of the npm build on Node's own engine and library, in process. */

import { assertEquals } from "@std/assert";
import { ROOT } from "../../scripts/sources.ts";
import { hasNode, must, nodes, run } from "./_node.ts";

Deno.test({
  name: "recorded vectors and host cases hold under every Node",
  ignore: !await hasNode(),
  async fn(t) {
    const dir = `${ROOT}dist/npm_suites`;
    const bundle = ["bundle", "--quiet", "--platform", "deno", "--output", `${dir}/suites.js`];
    await Deno.mkdir(dir, { recursive: true });
    try {
      await must(Deno.execPath(), [...bundle, "tests/npm/_suites.ts"], { cwd: ROOT });
      await Deno.writeTextFile(`${dir}/package.json`, '{ "type": "module" }\n');
      await Deno.symlink("../../tests/golden/data", `${dir}/data`, { type: "dir" });
      for (const [version, node] of await nodes()) {
        await t.step(version, async () => {
          const { code, stdout, stderr } = await run(node, [`${dir}/suites.js`]);
          assertEquals([code, stderr.slice(0, 2000)], [0, ""], stdout.slice(0, 6000));
        });
      }
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
