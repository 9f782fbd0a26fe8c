/**
 * Every recorded case of the gate area, run in process over memory ports. What a row of the divergence table
 * overrules without a marker in the vectors stands in `OVERRULED`.
 */

import { assertEquals } from "@std/assert";
import { gateCases, gateGroups, judgeStep, needsProcess, runStep, worldOf } from "./gate_cases.ts";

/** Cases that a row of docs/divergences.md overrules, and the exit code that we give instead. */
const OVERRULED: Readonly<Record<string, { readonly row: string; readonly exit: number }>> = {
  "cli-config/cfg-unknown": { row: "C7: unknown configuration keys are errors", exit: 6 },
  "cli-config/cfg-ossprod": { row: "G14: oss-prod refuses default_verdict: allow", exit: 6 },
  "endpoint-hazards/destr-default": { row: "G4: destructive_action acts by itself", exit: 4 },
  "endpoint-hazards/pt-destr-default": { row: "G4: destructive_action acts by itself", exit: 4 },
  "intent-normalize/rich": { row: "P6: an integer beyond 2^53 is refused", exit: 6 },
  "intent-normalize/pt-rich": { row: "P6: an integer beyond 2^53 is refused", exit: 6 },
  "matrix/ge-p07-domains-i12-queue-class": { row: "G2: network target without domain", exit: 3 },
  "matrix/pt-p07-domains-i12-queue-class": { row: "G2: network target without domain", exit: 3 },
  "simulate/sim-p07-domains-i12-queue-class": { row: "G2: network target without domain", exit: 0 },
  "policy-accept/fmt-comment": { row: "C10: comments are kept", exit: 0 },
  "policy-accept/fmt-rule-sort-alt": { row: "C10: comments are kept", exit: 0 },
};

for (const group of gateGroups()) {
  const cases = gateCases(group);
  Deno.test(`gate vectors: ${group} (${cases.length} cases)`, async () => {
    const failures: string[] = [];
    for (const c of cases) {
      if (needsProcess(c.id, c.argv ?? [])) continue;
      const world = worldOf(group, c);
      for (const [index, step] of (c.steps ?? [c]).entries()) {
        for (const [name, value] of Object.entries(step.env ?? {})) world.env.set(name, value);
        for (const [name, text] of Object.entries(step.write_before ?? {})) {
          world.files.put(name, text);
        }
        world.now += BigInt(Math.round((step.sleep_before_s ?? 0) * 1e9));
        const result = await runStep(world, step.argv);
        const overruled = OVERRULED[c.id];
        if (overruled !== undefined) {
          if (result.exit !== overruled.exit) failures.push(`${c.id}: exit ${result.exit}`);
          continue;
        }
        for (const { at, expected, actual } of judgeStep(c, index, result)) {
          failures.push(
            `${c.id} step ${index + 1} ${at}: expected ${
              JSON.stringify(expected)?.slice(0, 200)
            }, ` +
              `got ${JSON.stringify(actual)?.slice(0, 200)}`,
          );
        }
      }
    }
    assertEquals(failures, []);
  });
}
