/** Every recorded case of the commands that write runpacks, run in process over memory ports. */

import { assertEquals } from "@std/assert";
import { judgeCase, runCase, runpackCases } from "./runpack_write_cases.ts";

for (const feature of ["demo", "record", "record-error", "record-runid", "reduce", "migrate"]) {
  const cases = runpackCases([feature]);
  Deno.test(`runpack vectors: ${feature} (${cases.length} cases)`, async () => {
    const failures: string[] = [];
    for (const c of cases) {
      for (const { at, expected, actual } of await judgeCase(c, await runCase(c))) {
        const [want, got] = [expected, actual].map((v) => JSON.stringify(v)?.slice(0, 300));
        failures.push(`${c.id} ${at}: expected ${want}, got ${got}`);
      }
    }
    assertEquals(failures, []);
  });
}
