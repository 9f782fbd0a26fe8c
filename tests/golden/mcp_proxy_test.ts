/** All recorded cases of `mcp proxy` and `mcp bridge`. */

import { assertEquals } from "@std/assert";
import { judgeMcpCase, mcpCases, runMcpCase } from "./mcp_cases.ts";

for (const folder of ["proxy-adapters", "proxy-errors", "proxy-exports"]) {
  const cases = mcpCases(folder);
  Deno.test(`mcp vectors: ${folder} (${cases.length} cases)`, async () => {
    const failures: string[] = [];
    for (const c of cases) {
      const result = await runMcpCase(folder, c);
      for (const { at, expected, actual } of await judgeMcpCase(c, result)) {
        failures.push(
          `${c.id} ${at}: expected ${JSON.stringify(expected)?.slice(0, 200)}, ` +
            `got ${JSON.stringify(actual)?.slice(0, 300)} ${result.json.error ?? ""}`,
        );
      }
    }
    assertEquals(failures, []);
  });
}
