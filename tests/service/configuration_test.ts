/** What a service takes from configuration files, and what it says about them (divergence C7). */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type InProcess, inProcess } from "./_in_process.ts";

const CONFIG = `mcp_serve:
  max_request_bytes: 2048
  http_verdict_status: compat
retention:
  trace_ttl: 168h
  session_ttl: 336h
  export_ttl: 24h
`;
const HOUR = 3_600_000;

/** A service in a folder with a project configuration. */
function configured(flags: readonly string[], config = CONFIG): Promise<InProcess> {
  return inProcess(flags, (root) => {
    Deno.mkdirSync(`${root}/.gait`);
    Deno.writeTextFileSync(`${root}/.gait/config.yaml`, config);
  });
}

/** Codes of the warnings that the service started with, of those about configuration. */
function warned({ world }: InProcess): string[] {
  const { warning_details = [] } = JSON.parse(world.stdout.join("").split("\n")[0] ?? "{}");
  return warning_details.map(({ code }: { code: string }) => code)
    .filter((code: string) => code.startsWith("project_config_") || code === "retention_off");
}

/** Ages that are in force, hours. */
async function ages(service: InProcess): Promise<unknown> {
  const { retention } = (await service.ask("/v1/config/effective")).json as {
    retention: Record<string, { max_age_ms: number }>;
  };
  return Object.fromEntries(
    ["trace", "session", "runpack", "exports"]
      .map((kind) => [kind, (retention[kind]?.max_age_ms ?? NaN) / HOUR]),
  );
}

Deno.test("mcp serve takes retention from a configuration that was named, and flags win", async () => {
  await using named = await configured(["--config", ".gait/config.yaml"]);
  assertEquals(await ages(named), { trace: 168, session: 336, runpack: 0, exports: 24 });
  assertEquals(warned(named), []);
  await using flags = await configured([
    ...["--config", ".gait/config.yaml", "--trace-max-age", "1h", "--session-max-age", ""],
  ]);
  assertEquals(await ages(flags), { trace: 1, session: 0, runpack: 0, exports: 24 });
});

Deno.test("mcp serve lets no untrusted configuration remove evidence, and says so", async () => {
  await using service = await configured([]);
  assertEquals(await ages(service), { trace: 0, session: 0, runpack: 0, exports: 0 });
  assertEquals(warned(service), [
    "project_config_untrusted",
    "project_config_ignored",
    "retention_off",
  ]);
  const { json } = await service.ask("/v1/config/effective");
  assertEquals(json.max_request_bytes, 2048);
});

Deno.test("mcp serve refuses a lifetime that it cannot read, and names the key", async () => {
  for (const ttl of ["soon", "-1h", "7d"]) {
    await using service = await configured(
      ["--config", ".gait/config.yaml"],
      `retention: {trace_ttl: "${ttl}"}\n`,
    );
    assertEquals(service.started.exit, 6);
    assertStringIncludes(service.world.stdout.join(""), "retention.trace_ttl");
  }
});
