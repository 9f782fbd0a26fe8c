/** Every command works under exactly the permissions that it declares, and asks for no other. */

import { assert, assertEquals } from "@std/assert";
import { COMMANDS, findCommand } from "../../core/commands/frame/table.ts";
import { ROOT } from "../../scripts/sources.ts";
import { KEYS, LINES, prepare } from "./_permission_lines.ts";
import { gait, inFolder } from "./_process.ts";

/** Commands that run until they are stopped, and the test that starts them. */
const SERVERS: ReadonlyMap<string, string> = new Map([
  ["mcp serve", "tests/cli/serve_permissions_test.ts"],
]);

Deno.test("every command has a command line here", async () => {
  const named = new Set(LINES.map(([line]) => findCommand(line)?.path.join(" ")));
  const missing = COMMANDS.map(({ path }) => path.join(" ")).filter((path) => !named.has(path));
  assertEquals(missing, [...SERVERS.keys()]);
  for (const test of SERVERS.values()) await Deno.stat(ROOT + test);
});

Deno.test({
  name: "every command works under exactly the flags that permissions prints for it",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      for (const [line, code] of LINES) {
        const env: Record<string, string> = { GAIT_BROKER_TOKEN_TOOL_READ: "secret" };
        if (line.includes("SIGNING_KEY")) {
          env.SIGNING_KEY = await Deno.readTextFile(`${dir}/work/${KEYS}/gait_private.key`);
        }
        const asked = await gait(dir, ["permissions", "--json", "--", ...line], { flags: [] });
        assertEquals(asked.code, 0, `${line.join(" ")}: ${asked.stderr}${asked.stdout}`);
        const flags: string[] = asked.json.flags ?? [];
        assert(!flags.includes("--allow-all"));
        const ran = await gait(dir, line, { flags, env });
        assertEquals(
          ran.code,
          code,
          `${flags.join(" ")} ${line.join(" ")}\n${ran.stdout}${ran.stderr}`,
        );
      }
    }),
});

Deno.test({
  name: "a command that lacks a permission says which, and a decision is a block",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--json"];
      for (const flags of [[], ["--allow-read"], ["--allow-env"], ["--allow-write"]]) {
        const ran = await gait(dir, line, { flags });
        assertEquals([ran.code, ran.json?.verdict], [7, "block"], flags.join(" "));
        assertEquals(ran.json.error_code, "permission_missing");
      }
    }),
});
