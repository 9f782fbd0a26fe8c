/** Each declared permission is needed: without it a command says which one is missing, and changes nothing. */

import { assert, assertEquals } from "@std/assert";
import { KEYS, LINES, prepare } from "./_permission_lines.ts";
import { filesBelow, gait, inFolder } from "./_process.ts";

/**
 * Needs that a command declares for what these lines do not reach, by the start of the line and the kind. A
 * configuration may name a signer; a refusal comes before the write; colours are a convenience.
 */
const NOT_REACHED: readonly (readonly [start: string, kind: string])[] = [
  ["approve --show", "env"],
  ["approve --show", "write"],
  ["demo", "env"],
  ["doctor adoption", "env"],
  ["gate eval", "run"],
  ["migrate", "env"],
  ["run reduce", "write"],
  ["telemetry status", "read"],
  ["telemetry status", "write"],
  ["trace recover", "env"],
  ["trace recover", "write"],
];

/** Kind of a flag. */
function kindOf(flag: string): string {
  return flag.replace(/^--allow-/, "").replace(/=.*$/, "");
}

Deno.test({
  name: "without any one of its permissions a command fails clearly",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      const findings: string[] = [];
      const used = new Set<unknown>();
      for (const [line, code] of LINES) {
        const env: Record<string, string> = { GAIT_BROKER_TOKEN_TOOL_READ: "secret" };
        if (line.includes("SIGNING_KEY")) {
          env.SIGNING_KEY = await Deno.readTextFile(`${dir}/work/${KEYS}/gait_private.key`);
        }
        const asked = await gait(dir, ["permissions", "--json", "--", ...line], { flags: [] });
        const flags: string[] = asked.json.flags ?? [];
        for (const left of flags) {
          const before = await filesBelow(`${dir}/work`);
          const kept = flags.filter((flag) => flag !== left);
          const ran = await gait(dir, [...line.slice(0, 1), "--json", ...line.slice(1)], {
            flags: kept,
            env,
          });
          assertEquals(/\n\s+at /.test(ran.stderr), false, ran.stderr);
          const name = `${line.slice(0, 3).join(" ")} without ${left}`;
          const isClear = ran.code === 7 &&
            `${ran.json?.error} ${ran.json?.hint}`.includes(left.replace(/=.*$/, ""));
          const known = NOT_REACHED.find(([start, kind]) =>
            name.startsWith(start) && kind === kindOf(left) &&
            !(kind === "run" && line.includes("--credential-command"))
          );
          if (!isClear && known !== undefined) used.add(known);
          if (!isClear && known === undefined) {
            const { error_code = "", error = "", hint = "" } = ran.json ?? {};
            findings.push(`${name}: exit ${ran.code} ${error_code} ${error} ${hint}`);
          }
          if (kindOf(left) === "write") {
            assertEquals(await filesBelow(`${dir}/work`), before, name);
          }
        }
        const ran = await gait(dir, line, { flags, env });
        assertEquals(ran.code, code, `${line.join(" ")}: ${ran.stdout}${ran.stderr}`);
      }
      assert(findings.length === 0, `\n${findings.join("\n")}`);
      // An exception that nobody needs any more would hide the next fault.
      assertEquals(NOT_REACHED.filter((exception) => !used.has(exception)), []);
    }),
});
