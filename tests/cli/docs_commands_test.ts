/** Every command that the documentation shows does what the documentation says. */

import { assertEquals } from "@std/assert";
import { scenariosOf } from "../../scripts/docs/commands.ts";
import { runScenario } from "../../scripts/docs/run_scenario.ts";
import { exists, listFiles, readText } from "../../scripts/sources.ts";

const DOCUMENTS = ["README.md", "CONTRIBUTING.md", ...listFiles("docs"), ...listFiles("examples")]
  .filter((path) => path.endsWith(".md") && exists(path));

for (const path of DOCUMENTS) {
  for (const scenario of scenariosOf(readText(path))) {
    Deno.test({
      name: `${path}:${scenario.line} shows commands that work`,
      ignore: Deno.build.os === "windows", // the lines of a document are for a POSIX shell
      async fn() {
        assertEquals(await runScenario(scenario), []);
      },
    });
  }
}

Deno.test("the documentation shows commands that can be tested", () => {
  if (!exists("README.md")) return;
  const shown = DOCUMENTS.flatMap((path) => scenariosOf(readText(path)));
  assertEquals(shown.length > 0, true);
});
