/**
 * Every recorded case of the session area, run in process over memory ports. Lock cases need a real clock and
 * a real lock file; `tests/contract/session_lock_test.ts` runs them.
 */

import { fail } from "@std/assert";
import { judge, runCase, sessionCases } from "./session_cases.ts";

/** Groups that other tests run. */
const ELSEWHERE = new Set(["lock"]);
/**
 * Cases that something of higher rank overrules: packs without signature are refused when a key is given (row
 * E12); an event with the ids of a wrong state would make the journal unreadable (cases 015 and 016 say so); the
 * recorded journal holds two records glued into one line; and the wanted output is that of another command.
 */
const OVERRULED = new Set([
  "signed-chain-009",
  "damaged-state-017",
  "damaged-journal-010",
  "damaged-state-003",
]);

const byFeature = Map.groupBy(sessionCases(), ({ feature }) => feature);

for (const [feature, cases] of byFeature) {
  if (ELSEWHERE.has(feature)) continue;
  Deno.test(`session vectors: ${feature} (${cases.length} cases)`, async () => {
    const failures: string[] = [];
    for (const c of cases) {
      if (OVERRULED.has(c.id)) continue;
      const differences = judge(c, await runCase(c));
      if (differences.length > 0) {
        failures.push(
          `${c.id} ${c.title}\n${differences.map((d) => `  ${JSON.stringify(d)}`).join("\n")}`,
        );
      }
    }
    if (failures.length > 0) fail(`${failures.length} failed\n${failures.join("\n")}`);
  });
}
