/** Hostile requests: each is refused with a stable code, leaves nothing behind, and the service stays up. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inProcess } from "./_in_process.ts";
import { READ } from "../support/serve_program.ts";

const CALL = { name: "tool.read", args: { path: "/d/a" } };

/** A request object with some members. */
function body(members: Record<string, unknown>): string {
  return JSON.stringify({ call: CALL, ...members });
}

Deno.test("service refuses every way to escape through path fields", async () => {
  const paths = [
    "x.json",
    "traces/x.json",
    "../x.json",
    "/etc/cron.d/x",
    "/tmp/x.json",
    "traces/../../x.json",
    "./traces/./x.json",
    "traces//x.json",
    "C:\\x.json",
    "traces\\..\\x.json",
    "file:///tmp/x.json",
    "~/x.json",
    "traces/x.json\u0000.png",
    "traces/link/x.json",
    "x".repeat(5000),
  ];
  await using service = await inProcess(["--runpack-dir", "runpacks"]);
  const before = service.tree();
  for (const field of ["trace_path", "runpack_out", "session_journal"]) {
    for (const path of paths) {
      const answer = await service.post(body({ [field]: path, session_id: "s" }));
      assertEquals(answer.status, 400, `${field}=${path}`);
      assertEquals(answer.json.error_code, "path_not_allowed");
      assertEquals(answer.json.verdict, undefined);
    }
  }
  assertEquals(service.tree(), before);
});

Deno.test("service with the hatch confines paths after resolving links", async () => {
  await using service = await inProcess(
    ["--allow-client-artifact-paths", "--runpack-dir", "runpacks"],
    (root) => {
      for (const dir of ["traces", "runpacks", "sessions", "outside"]) {
        Deno.mkdirSync(`${root}/${dir}`);
      }
      Deno.symlinkSync("../outside", `${root}/traces/link`);
      Deno.symlinkSync("../outside/new", `${root}/traces/dangling`);
      Deno.symlinkSync("loop", `${root}/traces/loop`);
    },
  );
  const before = service.tree();
  const refused = [
    "x.json",
    "../x.json",
    "/tmp/x.json",
    "runpacks/x.json",
    "traces/link/x.json",
    "traces/link/../link/x.json",
    "traces/dangling/x.json",
    "traces/loop/x.json",
    "traces/../outside/x.json",
    "traces",
    "traces/",
    ".",
    "traces2/x.json",
    `${service.root}/traces/../outside/x.json`,
    "traces/a\\b.json",
    "traces/a\nb.json",
    "pol.yaml",
    "priv.key",
    "pol.yaml/x.json",
  ];
  for (const path of refused) {
    const answer = await service.post(body({ trace_path: path }));
    assertEquals(answer.status, 400, path);
    assertEquals(answer.json.error_code, "path_not_allowed");
    assert(!answer.text.includes(service.root), answer.text);
  }
  for (const path of ["runpacks/../x.zip", "traces/x.zip", "/tmp/x.zip"]) {
    assertEquals((await service.post(body({ runpack_out: path }))).status, 400, path);
  }
  assertEquals(service.tree(), before);
  const hidden = await service.post(
    body({ trace_path: "traces/.gait-0123456789abcdef-000000.wal" }),
  );
  assertEquals(hidden.status, 400);
  const inside = await service.post(body({ trace_path: "traces/deep/er/t.json" }));
  assertEquals(inside.status, 200);
  assertEquals(inside.json.trace_path, "traces/deep/er/t.json");
  const trace = await Deno.readTextFile(`${service.root}/traces/deep/er/t.json`);
  const again = await service.post(body({ trace_path: "traces/deep/er/t.json" }));
  assertEquals([again.status, again.json.error_code], [400, "path_not_allowed"]);
  assertEquals(await Deno.readTextFile(`${service.root}/traces/deep/er/t.json`), trace);
});

Deno.test("service gives a client's path to one of the requests that name it together", async () => {
  await using service = await inProcess([
    ...["--allow-client-artifact-paths", "--runpack-dir", "runpacks"],
  ]);
  for (
    const [field, path] of [["trace_path", "traces/t.json"], ["runpack_out", "runpacks/r.zip"]]
  ) {
    const answers = await Promise.all(Array.from(
      { length: 6 },
      (_, i) => service.post(body({ [field ?? ""]: path, session_id: `${field}${i}` })),
    ));
    const decided = answers.filter(({ status }) => status === 200);
    assertEquals(decided.length, 1, field);
    for (const { status, json } of answers.filter((answer) => !decided.includes(answer))) {
      assertEquals([status, json.error_code], [400, "path_not_allowed"], field);
    }
  }
  const left = service.tree().filter((path) => path.endsWith(".json") && path.startsWith("traces"));
  assertEquals(left.length, 2, left.join());
  const stored = JSON.parse(await Deno.readTextFile(`${service.root}/traces/t.json`));
  assertEquals(typeof stored.trace_id, "string");
});

Deno.test("service refuses foreign hosts and origins", async () => {
  await using service = await inProcess();
  const hosts = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil",
    "",
    "[::2]",
    "0.0.0.0",
  ];
  for (
    const host of [...hosts, "128.0.0.1", "127.0.0.256", "localhost:80:80", "a b", "@localhost"]
  ) {
    const answer = await service.post(READ, { host });
    assertEquals([answer.status, answer.json.error_code], [403, "host_not_allowed"], host);
  }
  const origins = [
    "https://evil.example",
    "null",
    "http://localhost.evil",
    "http://localhost@evil",
  ];
  for (const origin of [...origins, "file://", "http://localhost/x", "localhost", "http://"]) {
    const answer = await service.post(READ, { origin });
    assertEquals([answer.status, answer.json.error_code], [403, "origin_not_allowed"], origin);
  }
  for (const host of ["localhost", "LOCALHOST:1", "127.8.9.1:99", "[::1]:8787", "[::1]"]) {
    assertEquals((await service.post(READ, { host })).status, 200, host);
  }
  assertEquals((await service.post(READ, { origin: "http://localhost:3000" })).status, 200);
});

Deno.test("service refuses wrong methods and content types before any work", async () => {
  await using service = await inProcess();
  const before = service.tree();
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"]) {
    const answer = await service.ask("/v1/evaluate", { method });
    assertEquals(answer.status, 405, method);
    assertEquals(answer.headers.get("allow"), "POST");
  }
  const types = [
    "text/plain",
    "application/jsonp",
    "application/json, text/plain",
    ";;",
    "",
    "*/*",
  ];
  types.push("application/json; =", 'application/json; a="', "json", "application/json;;");
  for (const type of [...types, "application/json; a=b; A=c"]) {
    const answer = await service.post(READ, { "content-type": type });
    assertEquals([answer.status, answer.json.error_code], [415, "media_type_unsupported"], type);
  }
  assertEquals(service.tree(), before);
  for (const type of ["application/json;", 'APPLICATION/JSON ; charset="utf-8" ; a=b;']) {
    assertEquals((await service.post(READ, { "content-type": type })).status, 200, type);
  }
});

Deno.test("service with tokens refuses everything but the token", async () => {
  await using service = await inProcess(
    ["--auth-mode", "token", "--auth-token-env", "TK"],
    (_root, world) => void world.env.set("TK", " s3cret "),
  );
  const before = service.tree();
  const wrong = ["Bearer nope", "Bearer s3cre", "Bearer s3cret2", "Bearer", "Bearer ", "s3cret"];
  for (const authorization of [...wrong, "bearer s3cret", "Basic s3cret", "Bearer s3cret, x"]) {
    const answer = await service.post(READ, { authorization });
    assertEquals([answer.status, answer.json.error_code], [401, "unauthenticated"], authorization);
    assertEquals(answer.headers.get("www-authenticate"), "Bearer");
    assert(!answer.text.includes("s3cret"));
  }
  assertEquals((await service.post(READ)).status, 401);
  for (const path of ["/metrics", "/v1/config/effective"]) {
    assertEquals((await service.ask(path)).status, 401, path);
  }
  assertEquals(service.tree(), before);
  const answer = await service.post(READ, { authorization: "Bearer s3cret" });
  assertEquals(answer.status, 200);
  const config = await service.ask("/v1/config/effective", {
    headers: { authorization: "Bearer s3cret" },
  });
  assertEquals(config.json.auth_mode, "token");
  assert(!config.text.includes("s3cret"));
});

Deno.test("service refuses bodies over the limit, padding included", async () => {
  await using service = await inProcess(["--max-request-bytes", "200"]);
  const before = service.tree();
  for (const text of [`${body({})}${" ".repeat(200)}`, "x".repeat(201), `${" ".repeat(201)}`]) {
    const answer = await service.post(text);
    assertEquals([answer.status, answer.json.error_code], [413, "body_too_large"]);
    assertEquals(answer.headers.get("connection"), "close");
  }
  assertEquals(service.tree(), before);
  assertEquals((await service.post(`${body({})}`.padEnd(200))).status, 200);
});

Deno.test("service refuses what two readers could read differently", async () => {
  await using service = await inProcess();
  const before = service.tree();
  const texts = [
    '{"call":{"name":"tool.read"},"call":{"name":"tool.write"}}',
    '{"call":{"name":"tool.read","name":"tool.write"}}',
    '{"call":{"name":"tool.read","args":{"a":1,"a":2}}}',
    '{"CALL":{"NAME":"tool.read"}}',
    '{"call":{"name":"tool.read"},"Run_id":"x"}',
    '{"call":{"name":"tool.read"}}{"call":{"name":"tool.write"}}',
    '{"call":{"name":"tool.read","args":{"n":12345678901234567890}}}',
    '{"call":{"name":"tool.read","args":{"n":1e999}}}',
    '{"call":{"name":"tool.read","args":{"s":"\\ud800"}}}',
    '\ufeff{"call":{"name":"tool.read"}}',
    '{"call":{"name":"tool.read","input":{"x":1}}}',
    '{"call":{"name":"tool.read"},"__proto__":{"trace_path":"x"}}',
    '{"call":{"name":"tool.read"},"approval_token":"/etc/passwd"}',
    '{"call":{"name":"tool.read"},"approval_tokens":["/etc/passwd"]}',
    '{"call":{"name":"tool.read"},"checkpoint_interval":1.5}',
    `{"call":{"name":"tool.read","args":{"x":${"[".repeat(2000)}${"]".repeat(2000)}}}}`,
  ];
  for (const text of texts) {
    const answer = await service.post(text);
    assertEquals(answer.status, 400, text.slice(0, 80));
    assertEquals(answer.json.ok, false);
    assertEquals(typeof answer.json.error_code, "string");
  }
  assertEquals(service.tree(), before);
});

Deno.test("service survives 1000 malformed bodies", async () => {
  await using service = await inProcess();
  const before = service.tree();
  const seeds = [READ, body({ session_id: "s" }), '{"call":{"name":"tool.read"}}'];
  const mutated = fc.tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
  ).map(([text, edits]) => {
    const bytes = new TextEncoder().encode(text);
    for (const [at, value] of edits) bytes[at % bytes.length] = value;
    return bytes;
  });
  const anything = fc.oneof(
    mutated,
    fc.uint8Array({ maxLength: 200 }).map((b) => new Uint8Array(b)),
  );
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      const answer = await service.post(bytes);
      assert([200, 400].includes(answer.status), `${answer.status} ${answer.text}`);
      if (answer.status === 200) decided++;
      else assertEquals(answer.json.verdict, undefined);
    }),
    { numRuns: 1000, seed: 7 },
  );
  const added = service.tree().filter((path) => !before.includes(path));
  assertEquals(
    added.filter((path) => /^traces\/trace_[\w-]*_\d{8}T\d{6}\.\d{9}\.json$/.test(path)).length,
    decided,
  );
  assert(added.every((path) => /^(traces|sessions)\//.test(path)), added.join());
  assertEquals((await service.post(READ)).status, 200);
});

Deno.test("service refuses session ids that name no file", async () => {
  await using service = await inProcess();
  const before = service.tree();
  for (
    const session_id of [
      "a\u0000b",
      "x".repeat(300),
      "x".repeat(100_000),
      "._".repeat(200_000),
      "a\nb",
    ]
  ) {
    const answer = await service.post(body({ session_id }));
    assertEquals([answer.status, answer.json.error_code], [400, "path_not_allowed"]);
  }
  assertEquals(service.tree(), before);
});

Deno.test("service answers a fault of its own without paths and without verdict", async () => {
  await using service = await inProcess();
  await Deno.remove(`${service.root}/traces`, { recursive: true });
  await Deno.writeTextFile(`${service.root}/traces`, "not a directory");
  const answer = await service.post(READ);
  assert(answer.status >= 500, answer.text);
  assertEquals(answer.json.verdict, undefined);
  assertEquals(answer.json.executed, false);
  assert(!answer.text.includes("traces"), answer.text);
  assert(!answer.text.includes(service.root));
});

Deno.test("service tells its own unusable files from a path that the client names", async () => {
  const prepare = (root: string) => {
    Deno.mkdirSync(`${root}/sessions/s.journal.jsonl`, { recursive: true });
    Deno.mkdirSync(`${root}/sessions/mine.jsonl`);
  };
  await using service = await inProcess(["--allow-client-artifact-paths"], prepare);
  const own = await service.post(`{"call":{"name":"tool.read"},"session_id":"s"}`);
  assertEquals([own.status, own.json.error_category], [500, "internal_failure"]);
  assert(!own.text.includes("journal.jsonl"), own.text);
  const named = await service.post(
    `{"call":{"name":"tool.read"},"session_id":"t","session_journal":"sessions/mine.jsonl"}`,
  );
  assertEquals([named.status, named.json.error_code], [400, "path_not_allowed"]);
  assertEquals(service.tree().filter((path) => path.includes("trace_")), []);
});

Deno.test("service says that more than one value came", async () => {
  await using service = await inProcess();
  for (const tail of ["{}", "null", ",", " x", "[]", '"'] as const) {
    const { status, json } = await service.post(`{"call":{"name":"tool.read"}}${tail}`);
    const error = "request body must contain a single JSON object";
    assertEquals([status, json.error, json.error_code], [400, error, "json_syntax"], tail);
  }
});

Deno.test("service takes an interval below 1 for none", async () => {
  await using service = await inProcess(["--runpack-dir", "rp"]);
  const answer = await service.post(
    `{"call":{"name":"tool.read"},"session_id":"s","checkpoint_interval":-1}`,
  );
  assertEquals(answer.status, 200);
  assertEquals(service.tree().filter((path) => path.startsWith("rp/")), []);
});
