import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { urlAddress } from "../../../core/base/listen_address.ts";
import { readServiceUrl } from "../../../core/doctor/service_answer.ts";
import type { HttpAnswer, HttpGet } from "../../../core/ports/http_client.ts";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { run } from "../commands/_run.ts";
import { CONFIG, configText, doctorWith, doctorWorld, readyWorld } from "./_world.ts";

const URL_TEXT = "http://127.0.0.1:8787";

/** What a service with the settings of the ready project says. */
function told(world: MemoryWorld, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ok: true,
    service: "gait.mcp.serve",
    version: world.ports.version,
    listen: "127.0.0.1:8787",
    tls: false,
    behind_tls_proxy: false,
    auth_mode: "token",
    auth_token_env: "SERVICE_TOKEN",
    unsafe_allow_unauthenticated: false,
    profile: "oss-prod",
    http_verdict_status: "strict",
    allow_client_artifact_paths: false,
    unsafe_any_path: false,
    max_request_bytes: 1_048_576,
    policy_healthy: true,
    key_mode: "prod",
    credential_broker: "off",
    retention: { trace: { max_age_ms: 1 }, session: { max_age_ms: 1 } },
    warning_details: [],
    ...changes,
  };
}

/** Digest and key id of the ready project. */
async function own(world: MemoryWorld): Promise<Record<string, unknown>> {
  const policy = await run(world, "policy", "validate", "policy.yaml", "--json");
  const key = await run(world, "keys", "show", "--private-key", "keys/gate_private.key", "--json");
  return { policy_digest: policy.json.policy_digest, key_id: key.json.key_id };
}

/** Examines with a service that answers so. */
async function ask(
  world: MemoryWorld,
  answer: Partial<HttpAnswer>,
  argv: readonly string[] = ["--production-readiness"],
) {
  const asked: HttpGet[] = [];
  const httpReader = {
    get(request: HttpGet) {
      asked.push(request);
      return Promise.resolve({ status: 0, retryAfter: "", body: undefined, ...answer });
    },
  };
  const found = await doctorWith(world, { httpReader }, "--service", URL_TEXT, ...argv);
  return { ...found, asked };
}

/** Examines the ready project with a service whose settings differ. */
async function askWith(
  changes: Record<string, unknown>,
  argv: readonly string[] = ["--production-readiness"],
) {
  const world = await readyWorld();
  const body = JSON.stringify(told(world, { ...await own(world), ...changes }));
  return await ask(world, { status: 200, body }, argv);
}

Deno.test("readServiceUrl() takes loopback over http and anything over https", () => {
  const good = [
    "http://127.0.0.1:8787",
    "http://localhost:1/",
    "http://[::1]:8787",
    "https://gate.example",
    "https://10.0.0.1:8443",
  ];
  for (const text of good) assertEquals(readServiceUrl(text).origin.startsWith("http"), true);
  assertEquals(urlAddress(new URL("https://gate.example")), "gate.example:443");
});

Deno.test("readServiceUrl() refuses what would show or misdirect the token", () => {
  const bad = [
    "",
    "127.0.0.1:8787",
    "http://gate.example",
    "http://0.0.0.0:1",
    "http://127.0.0.1.evil.example",
    "http://user:pw@127.0.0.1:1",
    "http://127.0.0.1:1/other",
    "http://127.0.0.1:1/?x",
    "http://127.0.0.1:1/#x",
    "file:///etc/passwd",
    "javascript:1",
    "unix:/run/x",
  ];
  for (const text of bad) assertThrows(() => readServiceUrl(text), GaitError, "Cannot ask", text);
});

Deno.test("doctor passes when the running service has the settings of the file (row O1)", async () => {
  const found = await askWith({});
  assertEquals(found.exit, 0, found.stdout);
  for (const name of ["reachable", "access", "settings", "policy", "key"]) {
    assertEquals(found.check(`service_${name}`).status, "pass", name);
  }
  const [request] = found.asked;
  assertEquals(request?.url, `${URL_TEXT}/v1/config/effective`);
  assertEquals(request?.authorization, "Bearer 0123456789abcdef0123456789abcdef");
  assertEquals([request?.timeoutMs, request?.answerBytes], [5_000, 262_144]);
  assertEquals(found.stdout.includes("0123456789abcdef0123456789abcdef"), false);
});

Deno.test("doctor calls a service that answers everybody critical (row W8)", async () => {
  const changes: Record<string, unknown>[] = [
    { auth_mode: "off", unsafe_allow_unauthenticated: true },
    { auth_mode: "off", listen: "0.0.0.0:8787" },
    { auth_mode: "off", listen: ":8787" },
    { auth_mode: "off", listen: 3 },
    { unsafe_any_path: true },
  ];
  for (const change of changes) {
    for (const argv of [[], ["--production-readiness"]]) {
      const found = await askWith(change, argv);
      const { status, severity } = found.check("service_access");
      assertEquals([found.exit, status, severity], [2, "fail", "critical"], JSON.stringify(change));
      assertEquals(found.json.warning_details[0].severity, "critical");
    }
  }
});

Deno.test("doctor tells who may ask a service that listens locally, or without TLS", async () => {
  const status = async (change: Record<string, unknown>, ...argv: string[]) =>
    (await askWith(change, argv)).check("service_access").status;
  const production = "--production-readiness";
  assertEquals(await status({ auth_mode: "off" }), "warn");
  assertEquals(await status({ auth_mode: "off" }, production), "fail");
  assertEquals(await status({ allow_client_artifact_paths: true }), "warn");
  assertEquals(await status({ allow_client_artifact_paths: true }, production), "fail");
  assertEquals(await status({ listen: "0.0.0.0:8787" }), "fail");
  assertEquals(await status({ listen: "0.0.0.0:8787", tls: true }), "pass");
  assertEquals(await status({ listen: "0.0.0.0:8787", behind_tls_proxy: true }), "pass");
  assertEquals(await status({ listen: "0.0.0.0:8787", tls: "true" }), "fail");
  assertEquals(await status({ unsafe_allow_unauthenticated: true }), "fail");
});

Deno.test("doctor compares a service with nothing where the file does not load", async () => {
  const world = await readyWorld({ "gate.policy": undefined, "gate.private_key": undefined });
  const body = JSON.stringify(told(world, { key_id: "k", policy_digest: "d" }));
  const found = await ask(world, { status: 200, body }, []);
  assertEquals(found.check("service_policy").status, "pass");
  assertEquals(found.check("service_key").status, "pass");
  const broken = await readyWorld({ "gate.policy": "none", "gate.private_key": "none" });
  const other = await ask(broken, { status: 200, body }, []);
  assertEquals(other.check("service_policy").status, "pass");
  assertEquals(other.check("service_key").status, "pass");
});

Deno.test("doctor does not ask where the permissions do not cover the service", async () => {
  const world = doctorWorld();
  const sandbox = {
    ...world.ports.sandbox,
    enforced: true,
    query: () => Promise.resolve("denied" as const),
  };
  const httpReader = { get: () => Promise.reject(new Error("asked")) };
  const found = await doctorWith(world, { sandbox, httpReader }, "--service", URL_TEXT);
  assertEquals([found.exit, found.json.error_detail_code], [7, "permission_missing"]);
  assertStringIncludes(found.json.hint, "--allow-net=127.0.0.1:8787");
});

Deno.test("doctor tells settings of the service that are not those of the file", async () => {
  const changes: Record<string, unknown>[] = [
    { profile: "standard" },
    { key_mode: "dev" },
    { credential_broker: "stub" },
    { listen: "127.0.0.1:9999" },
    { auth_token_env: "OTHER" },
    { max_request_bytes: 4 },
    { max_request_bytes: undefined },
    { http_verdict_status: "compat" },
    { allow_client_artifact_paths: true },
    { warning_details: [{ severity: "critical", code: "x" }] },
  ];
  for (const change of changes) {
    const found = await askWith(change);
    assertEquals(found.check("service_settings").status, "fail", JSON.stringify(change));
    const relaxed = await askWith(change, []);
    const expected = "warning_details" in change ? "fail" : "warn";
    assertEquals(relaxed.check("service_settings").status, expected, JSON.stringify(change));
  }
  for (const change of [{ version: "9.9.9" }, { retention: {} }, { retention: "x" }]) {
    assertEquals((await askWith(change)).check("service_settings").status, "warn");
  }
  assertEquals(
    (await askWith({ listen: "localhost:8787" })).check("service_settings").status,
    "pass",
  );
});

Deno.test("doctor tells a policy or key of the service that is not the file's", async () => {
  const other = "0".repeat(64);
  assertEquals((await askWith({ policy_digest: other })).check("service_policy").status, "fail");
  assertEquals((await askWith({ policy_healthy: false })).check("service_policy").status, "fail");
  assertEquals((await askWith({ key_id: other })).check("service_key").status, "fail");
  assertEquals((await askWith({ key_mode: "dev" })).check("service_key").status, "fail");
  assertEquals((await askWith({ key_mode: "dev" }, [])).check("service_key").status, "warn");
});

Deno.test("doctor believes no answer that is none of a service, and repeats nothing of it", async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
  const answers: Partial<HttpAnswer>[] = [
    { status: 0 },
    { status: 200, body: undefined },
    { status: 200, body: "<html>SECRET" },
    { status: 200, body: "null" },
    { status: 200, body: "[]" },
    { status: 200, body: '{"service":"SECRET"}' },
    { status: 200, body: '{"service":"gait.mcp.serve","service":"gait.mcp.serve"}' },
    { status: 200, body: deep },
    { status: 301 },
    { status: 500, body: "SECRET" },
    { status: 401 },
  ];
  for (const answer of answers) {
    const found = await ask(await readyWorld(), answer, []);
    assertEquals([found.exit, found.check("service_reachable").status], [2, "fail"]);
    assertEquals(found.check("service_access"), undefined);
    assertEquals(found.stdout.includes("SECRET"), false);
  }
});

Deno.test("doctor takes an empty answer of a service for a weak one", async () => {
  for (const extra of [{}, { __proto__: null, constructor: 1 }, { auth_mode: ["token"] }]) {
    const body = JSON.stringify({ service: "gait.mcp.serve", ...extra });
    const found = await ask(await readyWorld(), { status: 200, body });
    assertEquals(found.exit, 2);
    assertEquals(found.check("service_access").severity, "critical");
  }
});

Deno.test("doctor keeps what a service says on its line", async () => {
  const found = await askWith({ profile: "x\n- workdir: fail\u001b[2J" });
  assertStringIncludes(found.check("service_settings").message, "\\u000a");
  assertEquals(found.stdout.includes("\u001b"), false);
});

Deno.test("doctor sends the variable of an untrusted file to nobody", async () => {
  const world = doctorWorld();
  world.env.set("AWS_SECRET", "hush");
  world.files.put(".gait/config.yaml", configText({ "mcp_serve.auth_token_env": "AWS_SECRET" }));
  const found = await ask(world, { status: 401 }, []);
  assertEquals(found.asked[0]?.authorization, "");
  const named = await ask(world, { status: 401 }, ["--service-token-env", "AWS_SECRET"]);
  assertEquals(named.asked[0]?.authorization, "Bearer hush");
  assertEquals(Object.keys(CONFIG).length, 3);
});

Deno.test("doctor does not ask with a token that no header takes", async () => {
  for (const token of ["a\r\nX-Evil: 1", "ü", "a b"]) {
    const world = await readyWorld();
    world.env.set("SERVICE_TOKEN", token);
    const found = await ask(world, { status: 200 }, []);
    assertEquals([found.asked.length, found.exit], [0, 2]);
  }
});

Deno.test("doctor says when it cannot ask at all", async () => {
  const found = await doctorWith(doctorWorld(), {}, "--service", URL_TEXT);
  assertEquals([found.exit, found.json.error_code], [7, "dependency_missing"]);
});
