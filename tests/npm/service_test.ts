/** The suites of the service against the npm package under Node, where only our own layer of rules holds. */

import { assertEquals } from "@std/assert";
import { runDeno } from "../../scripts/run_deno.ts";
import { hasNode, installed, nodes, run as runNode } from "./_node.ts";

/** Suites that talk to a real program. */
const SUITES = ["socket", "target", "layer_one", "crash", "tls", "watch", "evidence_directory"].map(
  (name) => `tests/service/${name}_test.ts`,
);

Deno.test({
  name: "the service of the npm package withstands what the service withstands",
  ignore: !await hasNode(),
  async fn(t) {
    const dir = await Deno.makeTempDir({ prefix: "gait-npm-service-" });
    try {
      const { bin } = await installed(dir);
      for (const [version, node] of await nodes()) {
        await t.step(version, async () => {
          const run = await runDeno(["task", "--quiet", "test:flags", ...SUITES], {
            env: {
              GAIT_SERVICE_PROGRAM: JSON.stringify([node, bin]),
              GAIT_SERVICE_RUNTIME: "node",
              NO_COLOR: "1",
            },
          });
          assertEquals(run.success, true, (run.stdout + run.stderr).slice(-6000));
          const isolated = ["mcp", "serve", "--isolation", "worker", "--policy", "none", "--json"];
          const refused = await runNode(node, [bin, ...isolated], { cwd: dir });
          assertEquals(JSON.parse(refused.stdout).ok, false);
          assertEquals(refused.code === 0, false);
        });
      }
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
