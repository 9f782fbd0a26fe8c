/** A collector behind TLS: told when its certificate is trusted, and told nothing when it is not. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { READ, startProgram } from "../support/serve_program.ts";

const made = await makeCertificate();

/** A service tells a collector about one decision; returns what the collector got and the last words. */
async function tellOverTls(env: Record<string, string>) {
  const heard: string[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: made?.cert ?? "",
    key: made?.key ?? "",
    onListen: () => {},
  }, async (request) => {
    heard.push(await request.text());
    return new Response("{}", { headers: { "content-type": "application/json" } });
  });
  const endpoint = `https://localhost:${server.addr.port}`;
  const program = await startProgram({
    flags: ["--export-otlp-endpoint", endpoint],
    files: { "ca.pem": made?.cert ?? "" },
    env,
  });
  {
    await using running = program;
    await (await running.post(READ)).body?.cancel();
  }
  await server.shutdown();
  return { heard, log: program.log() };
}

Deno.test("a service tells a collector over TLS that it trusts, and no other one", {
  ignore: made === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  const [trusted, unknown] = await Promise.all([
    tellOverTls({ DENO_CERT: "ca.pem", NODE_EXTRA_CA_CERTS: "ca.pem" }),
    tellOverTls({}),
  ]);
  assertEquals(trusted.heard.length, 1);
  assertStringIncludes(trusted.log, '"telemetry_closed","exported":1,"dropped":0');
  assertEquals(unknown.heard, []);
  assertStringIncludes(unknown.log, '"telemetry_closed","exported":0,"dropped":1');
});
