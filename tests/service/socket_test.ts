/** The service as a real program: what only a socket and a process can show. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { READ, startProgram } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

Deno.test("mcp serve says that it listens after binding, with the real port", options, async () => {
  await using program = await startProgram();
  assertEquals(program.started.ok, true);
  assert(program.port > 0);
  const response = await program.post(READ);
  assertEquals(response.status, 200);
  assertEquals((await response.json()).verdict, "allow");
});

Deno.test("mcp serve refuses to start on an address in use", options, async () => {
  await using first = await startProgram();
  await using second = await startProgram({
    flags: ["--listen", `127.0.0.1:${first.port}`],
  });
  assertEquals(second.started.ok, false);
  assertEquals((await second.child.status).code, 6);
});

Deno.test("mcp serve answers paths as they were sent", options, async () => {
  await using program = await startProgram();
  const head = "Host: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  for (
    const [path, status] of [
      ["/v1/../v1/evaluate", "307"],
      ["//v1/evaluate", "307"],
      ["/v1/evaluate/", "404"],
      ["/v1/%65valuate", "404"],
      ["/v1/evaluate?x=http://a/v1/evaluate", "415"],
      ["*", "404"],
    ]
  ) {
    assertMatch(
      await program.raw(`POST ${path} HTTP/1.1\r\n${head}`),
      new RegExp(`^HTTP/1.1 ${status}`),
    );
  }
});

Deno.test("mcp serve closes connections that send their headers too slowly", options, async () => {
  await using program = await startProgram();
  const slow = await program.raw("POST /v1/evaluate HTTP/1.1\r\nHost: 127.0.0.1\r\n", 9_000);
  assertMatch(slow, /^HTTP\/1\.1 408/);
  assertEquals((await program.post(READ)).status, 200);
});

Deno.test("mcp serve refuses header lines above the limit", options, async () => {
  await using program = await startProgram();
  const text = await program.raw(
    `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ${"a".repeat(10_000)}\r\n\r\n`,
  );
  assertMatch(text, /^HTTP\/1\.1 431/);
  assertEquals((await program.post(READ)).status, 200);
});

Deno.test("mcp serve refuses a chunked body above the limit", options, async () => {
  await using program = await startProgram({ flags: ["--max-request-bytes", "300"] });
  const chunk = `40\r\n${"x".repeat(64)}\r\n`;
  const text = await program.raw(
    "POST /v1/evaluate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
      `Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(100)}0\r\n\r\n`,
  );
  assertMatch(text, /^HTTP\/1\.1 413/);
  assertEquals(program.traces(), []);
});

Deno.test(
  "mcp serve stays in step after a request that is refused before its body is read",
  options,
  async () => {
    await using program = await startProgram();
    const text = await program.raw(
      "POST /v1/evaluate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n" +
        `Content-Length: ${READ.length}\r\n\r\n${READ}` +
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    );
    assertMatch(text, /^HTTP\/1\.1 415/);
    assertStringIncludes(text, "gait.mcp.serve");
    const smuggled = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    const inside = await program.raw(
      "POST /v1/evaluate HTTP/1.1\r\nHost: evil\r\nContent-Type: application/json\r\n" +
        `Content-Length: ${smuggled.length}\r\nConnection: close\r\n\r\n${smuggled}`,
    );
    assertMatch(inside, /^HTTP\/1\.1 403/);
    assertEquals(inside.includes("gait_decisions_total"), false);
  },
);

Deno.test("mcp serve refuses ambiguous framing", options, async () => {
  await using program = await startProgram();
  for (
    const head of [
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
      "Content-Length: 5\r\nContent-Length: 6\r\n",
      "Host: evil.example\r\n",
    ]
  ) {
    const text = await program.raw(
      "POST /v1/evaluate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
        `${head}\r\n0\r\n\r\n`,
      2_000,
    );
    assertMatch(text, /^HTTP\/1\.1 4\d\d/);
  }
  assertEquals(program.traces(), []);
});

Deno.test("mcp serve finishes requests on SIGTERM and exits 0", options, async () => {
  await using program = await startProgram();
  let acknowledged = 0;
  let open = true;
  const clients = Array.from({ length: 16 }, async () => {
    while (open) {
      try {
        const response = await program.post(READ);
        await response.text();
        if (response.status !== 200) break;
        acknowledged++;
      } catch {
        break;
      }
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  program.child.kill("SIGTERM");
  const { code } = await program.child.status;
  open = false;
  await Promise.all(clients);
  assertEquals(code, 0);
  assert(acknowledged > 0);
  const traces = program.traces().filter((name) => name.endsWith(".json")).length;
  assert(traces >= acknowledged, `${traces} traces for ${acknowledged} answers`);
  assertStringIncludes(program.log(), '"event":"stopping"');
});

Deno.test("mcp serve reads the policy again on SIGHUP", options, async () => {
  await using program = await startProgram({ flags: ["--on-policy-error", "block"] });
  const path = `${program.dir}/pol.yaml`;
  const policy = await Deno.readTextFile(path);
  const reload = async () => {
    program.child.kill("SIGHUP");
    await new Promise((resolve) => setTimeout(resolve, 500));
  };
  await Deno.writeTextFile(path, policy.replaceAll("tool.read", "tool.other"));
  await reload();
  assertEquals((await (await program.post(READ)).json()).verdict, "block");
  await Deno.writeTextFile(path, `${policy}\nunknown_key: 1\n`);
  await reload();
  const refused = await program.post(READ);
  assertEquals(refused.status, 503);
  const body = await refused.json();
  assertEquals(body.error_code, "policy_unavailable");
  assertEquals(body.verdict, undefined);
  assertEquals(JSON.stringify(body).includes("pol.yaml"), false);
  const ready = await fetch(`http://127.0.0.1:${program.port}/readyz`);
  assertEquals(ready.status, 503);
  await ready.text();
  await Deno.writeTextFile(path, policy);
  await reload();
  assertEquals((await (await program.post(READ)).json()).verdict, "allow");
});
