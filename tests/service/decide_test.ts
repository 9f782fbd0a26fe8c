/** What the service decides beyond the recorded cases: tokens, identities, sessions, exports, limits. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { toHex } from "../../core/base/bytes.ts";
import { runCli } from "../../core/commands/frame/run_cli.ts";
import { inProcess } from "./_in_process.ts";
import { READ } from "../support/serve_program.ts";

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return toHex(new Uint8Array(digest));
}

Deno.test("service takes identity and workspace from the token, not from the body", async () => {
  const file = JSON.stringify({
    schema_id: "gait.service.auth_tokens",
    schema_version: "1.0.0",
    tokens: [{ sha256: await sha256("tok-a"), identity: "bob", workspace: "/srv" }],
  });
  await using service = await inProcess(
    ["--auth-mode", "token", "--auth-tokens", "tokens.json", "--access-log", "stderr"],
    (root) => Deno.writeTextFileSync(`${root}/tokens.json`, file),
  );
  const answer = await service.post(READ, { authorization: "Bearer tok-a" });
  assertEquals(answer.status, 200);
  const line = service.world.stderr.find((text) => text.includes('"event":"request"')) ?? "";
  assertEquals(JSON.parse(line).identity, "bob");
  assertEquals((await service.post(READ, { authorization: "Bearer tok-b" })).status, 401);
});

Deno.test("service refuses token files with unknown members or repeated hashes", async () => {
  const entry = { sha256: "a".repeat(64), identity: "a" };
  const head = { schema_id: "gait.service.auth_tokens", schema_version: "1.0.0" };
  for (
    const bad of [
      { ...head, tokens: [] },
      { ...head, tokens: [entry, entry] },
      { ...head, tokens: [{ ...entry, identitiy: "x" }] },
      { ...head, tokens: [{ ...entry, identity: " " }] },
      { ...head, tokens: [{ ...entry, sha256: "abc" }] },
      { tokens: [entry] },
    ]
  ) {
    await using service = await inProcess(
      ["--auth-mode", "token", "--auth-tokens", "tokens.json"],
      (root) => Deno.writeTextFileSync(`${root}/tokens.json`, JSON.stringify(bad)),
    );
    assertEquals(service.started.service, undefined);
    assertEquals(service.started.exit, 6);
  }
});

Deno.test("service lets inline approval tokens satisfy a rule", async () => {
  await using service = await inProcess([
    ...["--approval-private-key", "approver.key", "--approval-store", "store.json"],
  ], (root) => {
    const key =
      "rtKTnRyxGlTaGOc+49qKHJhJ8lkl1NJe4/TUMOTjpUvjbZm7EJgLW/9FGMDaBjcm+45UaBH3Ar8NOQQqOKmtSg==\n";
    Deno.writeTextFileSync(`${root}/approver.key`, key, { mode: 0o600 });
  });
  const call = {
    run_id: "r",
    call: { name: "tool.write", args: {}, context: { identity: "alice", workspace: "/w" } },
  };
  const first = await service.post(JSON.stringify(call));
  assertEquals(first.json.verdict, "require_approval");
  const { world } = service;
  world.stdout.length = 0;
  const exit = await runCli([
    ...["approve", "--intent-digest", String(first.json.intent_digest)],
    ...["--policy-digest", String(first.json.policy_digest), "--ttl", "1h", "--scope"],
    ...["tool:tool.write", "--approver", "carol", "--reason-code", "ok", "--out", "token.json"],
    ...["--key-mode", "prod", "--private-key", "approver.key", "--json", "--no-config"],
  ], world.ports);
  assertEquals(exit, 0, world.stdout.join(""));
  const token = JSON.parse(await Deno.readTextFile(`${service.root}/token.json`));
  const second = await service.post(JSON.stringify({ ...call, approval_tokens: [token] }));
  assertEquals(second.json.verdict, "allow", second.text);
  const forged = { ...token, approver_identity: "mallory" };
  const third = await service.post(JSON.stringify({ ...call, approval_tokens: [forged] }));
  assertEquals(third.json.verdict, "require_approval");
});

Deno.test("service keeps one run id for a session, whoever comes first", async () => {
  await using service = await inProcess();
  const body = (n: number) =>
    JSON.stringify({ session_id: "s", call: { name: "tool.read", args: { n } } });
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, n) => service.post(body(n))),
  );
  assertEquals(answers.map(({ status }) => status), answers.map(() => 200));
  assertEquals(new Set(answers.map(({ json }) => json.run_id)).size, 1);
  const journal = await Deno.readTextFile(`${service.root}/sessions/s.journal.jsonl`);
  assertEquals(journal.trim().split("\n").length, 25);
  const sequences = answers.map(({ json }) =>
    Number(/sequence=(\d+)/.exec(JSON.stringify(json.warnings))?.[1])
  );
  assertEquals(sequences.toSorted((a, b) => a - b), answers.map((_, n) => n + 1));
});

Deno.test("service checkpoints under contention without failing a decision", async () => {
  await using service = await inProcess(["--runpack-dir", "runpacks"]);
  const body = (n: number) =>
    JSON.stringify({
      session_id: "s",
      run_id: "r",
      checkpoint_interval: 1,
      call: { name: "tool.read", args: { n } },
    });
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, n) => service.post(body(n))),
  );
  assertEquals(answers.map(({ status }) => status), answers.map(() => 200));
  assert(service.tree().some((path) => /^runpacks\/s_cp_\d{6}\.zip$/.test(path)));
});

Deno.test("service starts a session again whose header a crash cut off", async () => {
  const line = '{"record_type":"header"';
  const remains = { empty: "", cut: line, zeros: "\0\0\0" };
  await using service = await inProcess([], (root) => {
    Deno.mkdirSync(`${root}/sessions`);
    for (const [id, text] of Object.entries(remains)) {
      Deno.writeTextFileSync(`${root}/sessions/${id}.journal.jsonl`, text);
    }
  });
  for (const id of Object.keys(remains)) {
    const body = JSON.stringify({ session_id: id, call: { name: "tool.read" } });
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await service.post(body)).status),
    );
    assertEquals(statuses, [200, 200, 200], id);
    const journal = await Deno.readTextFile(`${service.root}/sessions/${id}.journal.jsonl`);
    assertEquals(journal.trim().split("\n").length, 4);
  }
});

Deno.test("service does not start a session again whose events were acknowledged", async () => {
  await using service = await inProcess();
  const body = JSON.stringify({ session_id: "s", call: { name: "tool.read" } });
  assertEquals((await service.post(body)).status, 200);
  await Deno.truncate(`${service.root}/sessions/s.journal.jsonl`);
  const traces = service.tree().filter((path) => path.startsWith("traces/"));
  // First by appending to a session that is known, then by opening it.
  for (const code of ["journal_invalid", "acknowledged_event_missing"]) {
    const answer = await service.post(body);
    assertEquals([answer.status, answer.json.error_code], [500, code]);
    assertEquals(service.tree().filter((path) => path.startsWith("traces/")), traces);
  }
});

Deno.test("requests for a session whose lock is held do not try for it one by one", async () => {
  const waitMs = 400;
  await using service = await inProcess([], (_root, { env }) => {
    env.set("GAIT_SESSION_LOCK_TIMEOUT", `${waitMs}ms`);
  });
  const body = JSON.stringify({ session_id: "s", call: { name: "tool.read" } });
  const { locks } = service.world.ports;
  const path = "sessions/s.journal.jsonl.lock";
  // Once before there is a session, and once for one that must be opened again.
  for (const tree of [[], ["sessions/s.journal.jsonl"]]) {
    const began = performance.now();
    await locks.withLock(path, { waitMs: 0, staleMs: 60_000, style: "session" }, async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => service.post(body)));
      const codes = new Set(answers.map(({ json }) => json.error_code));
      assertEquals([...codes], ["state_contention"]);
    });
    // One wait, and one more for those who had the session in mind.
    assert(performance.now() - began < 4 * waitMs, `${performance.now() - began} ms`);
    const isJournal = (name: string) => name.endsWith(".journal.jsonl");
    assertEquals(service.tree().filter(isJournal), tree);
    assertEquals(service.tree().filter((name) => /^traces.trace_/.test(name)).length, tree.length);
    assertEquals((await service.post(body)).status, 200);
  }
});

Deno.test("service takes back the trace when the session cannot be written", async () => {
  await using service = await inProcess([], (root) => {
    Deno.mkdirSync(`${root}/sessions`);
    Deno.writeTextFileSync(`${root}/sessions/s.journal.jsonl`, "no journal\n");
  });
  const before = service.tree();
  const answer = await service.post(
    JSON.stringify({ session_id: "s", call: { name: "tool.read" } }),
  );
  assert(answer.status >= 400, answer.text);
  assertEquals(answer.json.verdict, undefined);
  assertEquals(service.tree().filter((path) => !path.endsWith(".lock")), before);
});

Deno.test("service takes back the trace when an export log cannot be written", async () => {
  await using service = await inProcess(["--export-log-out", "log.jsonl"], (root) => {
    Deno.symlinkSync("elsewhere", `${root}/log.jsonl`);
  });
  const before = service.tree();
  const answer = await service.post(READ);
  assert(answer.status >= 500, answer.text);
  assertEquals(answer.json.verdict, undefined);
  assertEquals(service.tree().filter((path) => !path.endsWith(".lock")), before);
});

Deno.test("service answers 503 when too many requests wait", async () => {
  await using service = await inProcess(["--max-concurrency", "1", "--max-queue", "2"]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => service.post(READ)));
  const busy = answers.filter(({ status }) => status === 503);
  assert(busy.length > 0 && busy.length < 20, `${busy.length}`);
  assertEquals(busy[0]?.json.error_code, "service_busy");
  assertEquals(busy[0]?.json.retryable, true);
  assertEquals(busy[0]?.headers.get("retry-after"), "1");
  const traces = service.tree().filter((path) => /^traces\/trace_.*\.json$/.test(path));
  assertEquals(traces.length, 20 - busy.length);
});

Deno.test("service refuses unsafe setups, and says so where they are wanted", async () => {
  const refused = [
    ["--listen", "0.0.0.0:0"],
    ["--listen", "0.0.0.0:0", "--unsafe-allow-unauthenticated"],
    ["--listen", "0.0.0.0:0", "--unsafe-allow-unauthenticated", "--allowed-host", "h"],
    ["--profile", "oss-prod", "--unsafe-allow-unauthenticated"],
    ["--profile", "oss-prod", "--key-mode", "dev"],
    ["--profile", "nonsense"],
    ["--adapter", "nonsense"],
    ["--key-mode", "prod", "--private-key", "none.key"],
    ["--policy-digest", "0".repeat(64)],
    ["--policy-digest", ""],
    ["--policy-digest", "sha256:abc"],
    ["--unsafe-any-path"],
    ["--auth-token-env", "TK"],
    ["--tls-cert", "c.pem"],
    ["--export-otlp-endpoint", "nonsense"],
    ["--capture-mode", "all"],
  ];
  for (const flags of refused) {
    await using service = await inProcess(flags);
    assert(service.started.service === undefined, `started with ${flags.join(" ")}`);
    assertEquals(service.started.exit === 0, false, flags.join(" "));
  }
  await using service = await inProcess([
    ...[
      "--listen",
      "0.0.0.0:0",
      "--unsafe-allow-unauthenticated",
      "--allowed-host",
      "gait.internal",
    ],
    "--behind-tls-proxy",
  ]);
  const answer = await service.post(READ, { host: "gait.internal:443" });
  assertEquals(answer.status, 200);
  assertMatch(answer.text, /"code":"unsafe_unauthenticated"/);
  assertEquals((await service.post(READ)).status, 403);
});

Deno.test("service says ready, counts, and describes its settings", async () => {
  const collector = "http://127.0.0.1:9/v1/logs?api-key=secret";
  const flags = ["--http-verdict-status", "strict", "--export-otlp-endpoint", collector];
  await using service = await inProcess(flags);
  await service.post(READ);
  const metrics = await service.ask("/metrics");
  assertMatch(metrics.text, /gait_decisions_total\{kind="allow"\} 1\n/);
  assertMatch(metrics.text, /gait_decision_seconds_count 1\n/);
  const config = await service.ask("/v1/config/effective");
  assertEquals(config.json.http_verdict_status, "strict");
  assertEquals(config.json.export_otlp_endpoint, "http://127.0.0.1:9/v1/logs?…");
  assertEquals(config.text.includes("secret"), false);
  assertEquals((await service.ask("/readyz")).json, { ok: true, reasons: [] });
});

Deno.test("a service names directories as the reference does, cleaned", async () => {
  const flags = [
    "--trace-dir",
    "./a/../traces/",
    "--session-dir",
    "sessions//s/.",
    "--runpack-dir",
  ];
  await using service = await inProcess([...flags, "./rp"]);
  const answer = await service.post(
    `{"run_id":"r","call":{"name":"tool.read"},"session_id":"s","checkpoint_interval":1,` +
      `"emit_runpack":true}`,
  );
  assertEquals(answer.status, 200);
  const { trace_path, runpack_path, warnings } = answer.json;
  assertMatch(String(trace_path), /^traces\/trace_run_r_\d{8}T\d{6}\.\d{9}\.json$/);
  assertMatch(String(runpack_path), /^rp\/runpack_run_r_\d{8}T\d{6}\.\d{9}\.zip$/);
  assertEquals((warnings as string[]).slice(1), [
    "session_journal=sessions/s/s.journal.jsonl sequence=1",
    "session_checkpoint=rp/s_cp_000001.zip chain=sessions/s/s.journal_chain.json",
  ]);
});

Deno.test("a service without a named directory writes to its own, and removes nothing there", async () => {
  const old = new Date(0);
  await using service = await inProcess([
    ...["--trace-dir", "", "--trace-max-count", "1", "--trace-max-age", "1h"],
    ...["--session-dir", "", "--session-max-count", "1"],
  ], (root) => {
    for (const name of ["my_trace.json", "other.journal.jsonl"]) {
      Deno.writeTextFileSync(`${root}/${name}`, "{}");
      Deno.utimeSync(`${root}/${name}`, old, old);
    }
  });
  const answer = await service.post(`{"call":{"name":"tool.read"},"session_id":"s"}`);
  assertMatch(String(answer.json.trace_path), /^trace__\d{8}T\d{6}\.\d{9}\.json$/);
  const tree = service.tree();
  assert(tree.includes(String(answer.json.trace_path)));
  for (const name of ["my_trace.json", "other.journal.jsonl", "s.journal.jsonl"]) {
    assert(tree.includes(name), name);
  }
});

Deno.test("a session refuses a call that names another run, in its context too", async () => {
  await using service = await inProcess();
  const call = (run: string) =>
    `{"call":{"name":"tool.read","context":{"session_id":"s","run_id":"${run}"}}}`;
  assertEquals((await service.post(call("one"))).json.run_id, "run_one");
  const refused = await service.post(call("two"));
  assertEquals([refused.status, refused.json.error_code], [400, "session_mismatch"]);
  assertEquals(service.tree().filter((path) => path.startsWith("traces/trace_")).length, 1);
});

Deno.test("a service refuses to start with a log that nothing can be appended to, or that it reads", async () => {
  const prepare = (root: string) => {
    Deno.mkdirSync(`${root}/dir`);
    Deno.symlinkSync("pol.yaml", `${root}/link`);
  };
  for (
    const path of ["../l.jsonl", "dir", "link", ".", "pol.yaml", "./priv.key", "a/../pol.yaml"]
  ) {
    for (const flag of ["--export-log-out", "--export-otel-out", "--access-log"]) {
      await using service = await inProcess([flag, path], prepare);
      assertEquals(service.started.service, undefined, `${flag} ${path}`);
      assertEquals(service.started.exit, 6, `${flag} ${path}`);
      assertEquals(service.tree().filter((name) => name.startsWith("traces")), []);
    }
  }
  await using both = await inProcess(["--export-log-out", "e", "--export-otel-out", "./e"]);
  assertEquals(both.started.service, undefined);
  await using detour = await inProcess(["--export-log-out", "none/../l.jsonl"]);
  assertEquals((await detour.post(READ)).json.log_export, "l.jsonl");
});

Deno.test("a service refuses to start where a directory cannot be", async () => {
  for (const flag of ["--trace-dir", "--session-dir", "--runpack-dir"]) {
    await using service = await inProcess([flag, "priv.key/sub"]);
    assertEquals([service.started.service, service.started.exit], [undefined, 6], flag);
  }
});
