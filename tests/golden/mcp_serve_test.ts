/** All recorded cases of `mcp serve`, answered without a socket. */

import { assertEquals } from "@std/assert";
import { rootedWorld } from "../support/rooted_ports.ts";
import { startWithoutSocket } from "../support/start_service.ts";
import { type McpCase, mcpCases } from "./mcp_cases.ts";
import { judgeServeCase, runServeCase, serveCases } from "./mcp_serve_cases.ts";

/** A URL of the platform cannot spell these; tests/service/socket_test.ts sends them. */
const NEEDS_SOCKET = new Set(["serve-http-dot-path"]);

const cases = serveCases().filter(({ id }) => !NEEDS_SOCKET.has(id));

Deno.test(`mcp vectors: serve-http (${cases.length} cases)`, async () => {
  const failures: string[] = [];
  for (const c of cases) {
    const result = await runServeCase(c);
    for (const { at, expected, actual } of await judgeServeCase(c, result)) {
      failures.push(
        `${c.id} ${at}: expected ${JSON.stringify(expected)?.slice(0, 200)}, ` +
          `got ${JSON.stringify(actual)?.slice(0, 300)}`,
      );
    }
  }
  assertEquals(failures, []);
});

/** Runs a refused start; nothing may be written. */
async function refusedStart(c: McpCase): Promise<string[]> {
  const root = await Deno.makeTempDir();
  try {
    for (const file of c.files) {
      const data = new URL(`./data/mcp/serve-startup/files/${file.from}`, import.meta.url);
      await Deno.copyFile(data, `${root}/${file.path}`);
    }
    const world = rootedWorld(root);
    for (const [name, value] of Object.entries(c.env ?? {})) world.env.set(name, value);
    const { exit, service } = await startWithoutSocket(world, c.argv);
    const json = JSON.parse(world.stdout.join(""));
    const out: string[] = [];
    if (service !== undefined) out.push("it started");
    if (exit !== c.expect.exit_code) out.push(`exit ${exit}`);
    const wanted = c.expect.stdout === "" ? {} : c.expect.stdout;
    for (const [key, value] of Object.entries(wanted)) {
      const same = value === "<text>" ? json[key] !== "" : json[key] === value;
      if (!same) out.push(`${key} is ${JSON.stringify(json[key])}, not ${JSON.stringify(value)}`);
    }
    const files = (await Array.fromAsync(Deno.readDir(root))).map((entry) => entry.name);
    if (files.length !== c.files.length) out.push(`files ${files}`);
    return out.map((line) => `${c.id}: ${line}`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const startups = mcpCases("serve-startup");

Deno.test(`mcp vectors: serve-startup (${startups.length} cases)`, async () => {
  const failures: string[] = [];
  for (const c of startups) failures.push(...await refusedStart(c));
  assertEquals(failures, []);
});
