/** What a real service tells a collector that wants a secret, and what it says when it may not connect. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { collect, taken } from "../otlp/collector.ts";
import { READ, startProgram, UNDER_NODE } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

async function unpacked(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

const WAYS = UNDER_NODE ? [[]] : [[], ["--isolation", "worker"]];
for (const way of WAYS) {
  const name = way.length === 0 ? "process" : "worker";
  Deno.test(
    `mcp serve (${name}) sends a secret header from a variable, compressed`,
    options,
    async () => {
      await using collector = collect(({ headers }) =>
        headers.get("authorization") === "Bearer s3cr3t"
          ? taken()
          : new Response("", { status: 401 })
      );
      const program = await startProgram({
        runtime: ["-A", "--unstable-worker-options"],
        env: { OTLP_AUTH: "Bearer s3cr3t" },
        flags: [
          ...way,
          ...["--export-otlp-endpoint", `http://127.0.0.1:${collector.port}`],
          ...["--export-otlp-header", "Authorization=OTLP_AUTH"],
          ...["--export-otlp-compression", "gzip"],
        ],
      });
      {
        await using service = program;
        assertEquals((await service.post(READ)).status, 200);
        const config = await fetch(`http://127.0.0.1:${service.port}/v1/config/effective`);
        const text = await config.text();
        assertStringIncludes(text, `"export_otlp_headers":["Authorization=OTLP_AUTH"]`);
        assert(!text.includes("s3cr3t"));
      }
      const [first] = collector.received;
      assert(first !== undefined);
      assertEquals(first.headers.get("content-encoding"), "gzip");
      assertStringIncludes(await unpacked(first.body), `"gait.verdict"`);
      assertStringIncludes(program.log(), `"event":"telemetry_closed","exported":1,"dropped":0`);
      assert(!program.log().includes("s3cr3t"));
    },
  );
}

Deno.test("mcp serve refuses a header whose variable is not set", options, async () => {
  await using program = await startProgram({
    flags: [
      ...["--export-otlp-endpoint", "http://127.0.0.1:9"],
      ...["--export-otlp-header", "Authorization=GAIT_TEST_NOT_SET"],
    ],
  });
  assertEquals(program.started.ok, false);
  assertStringIncludes(String(program.started.error), "GAIT_TEST_NOT_SET");
  assertEquals((await program.child.status).code, 6);
});

Deno.test("mcp serve does not start when it may not connect to its collector", {
  ...options,
  ignore: UNDER_NODE,
}, async () => {
  await using program = await startProgram({
    runtime: [
      ...["--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
      "--allow-net=127.0.0.1:0",
    ],
    flags: ["--export-otlp-endpoint", "http://127.0.0.1:9"],
  });
  assertEquals([program.started.ok, program.started.error_detail_code], [
    false,
    "permission_missing",
  ]);
  assertStringIncludes(String(program.started.hint), "--allow-net=127.0.0.1:9");
});
