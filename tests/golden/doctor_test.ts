/** Every recorded case of `gait doctor` and `gait doctor adoption`, run in process over memory ports. */

import { assertEquals } from "@std/assert";
import { judgeDoctorCase, operationsCases, runOperationsCase } from "./operations_cases.ts";

const byFeature = new Map<string, ReturnType<typeof operationsCases>>();
for (const c of operationsCases("doctor")) {
  byFeature.set(c.feature, [...byFeature.get(c.feature) ?? [], c]);
}

for (const [feature, cases] of byFeature) {
  Deno.test(`operations vectors: ${feature} (${cases.length} cases)`, async () => {
    const failures: string[] = [];
    for (const c of cases) {
      const differences = judgeDoctorCase(c, await runOperationsCase("doctor", c));
      failures.push(...differences.map((each) => `${c.id} ${JSON.stringify(each)}`));
    }
    assertEquals(failures, []);
  });
}
