import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { argsPreimage, intentPreimage } from "../../../core/intent/preimage.ts";

const CONTEXT = { identity: "alice", workspace: "/srv/ws", risk_class: "low" };

function intentWith(fields: JsonObject): JsonObject {
  return { tool_name: "t", context: { ...CONTEXT }, ...fields };
}

function refusal(value: unknown): GaitError {
  const error = assertThrows(() => normalizeIntent(value as JsonValue), GaitError);
  assertEquals(error.code, "intent_invalid");
  return error;
}

function refusedAt(fields: JsonObject, path: string, text: string): void {
  const error = refusal(intentWith(fields));
  assertEquals(error.place?.path, path);
  assert(error.message.includes(text), `${error.message} lacks ${text}`);
}

Deno.test("normalizeIntent() fills what a minimal intent leaves out", () => {
  assertEquals(normalizeIntent(intentWith({})), {
    tool_name: "t",
    args: {},
    targets: [],
    arg_provenance: [],
    skill_provenance: undefined,
    delegation: undefined,
    context: {
      ...CONTEXT,
      session_id: "",
      request_id: "",
      auth_context: undefined,
      credential_scopes: [],
      environment_fingerprint: "",
    },
    created_at: "1980-01-01T00:00:00Z",
    unknownContextKeys: [],
  });
});

Deno.test("normalizeIntent() refuses a document that is no object", () => {
  for (const value of [null, [], "x", 1, true]) assertEquals(refusal(value).place?.path, "");
});

Deno.test("normalizeIntent() reports the first error in the order of the contract", () => {
  const bad: JsonObject = {
    tool_name: " ",
    args: { "": 1 },
    targets: [{ kind: "nope", value: "x" }],
    arg_provenance: [{ source: "user" }],
    skill_provenance: {},
    context: {},
    delegation: {},
  };
  const good: [string, JsonValue][] = [
    ["tool_name", "t"],
    ["args", {}],
    ["targets", []],
    ["arg_provenance", []],
    ["skill_provenance", null],
    ["context", { ...CONTEXT }],
    ["delegation", null],
  ];
  const order = [
    "tool_name",
    "args",
    "targets[0].kind",
    "arg_provenance[0]",
    "skill_provenance",
    "context.identity",
    "delegation.requester_identity",
  ];
  for (const [i, path] of order.entries()) {
    assertEquals(refusal(bad).place?.path, path);
    const [key, value] = good[i] as [string, JsonValue];
    bad[key] = value;
  }
  assertEquals(normalizeIntent(bad).tool_name, "t");
});

Deno.test("normalizeIntent() refuses unknown names and says which one was meant", () => {
  const table: [JsonObject, string, string | undefined][] = [
    [{ TOOL_NAME: "t" }, "TOOL_NAME", "tool_name"],
    [{ script: "rm" }, "script", undefined],
    [
      { targets: [{ kind: "path", value: "x", destructve: true }] },
      "targets[0].destructve",
      "destructive",
    ],
    [{ arg_provenance: [{ arg_path: "a", Source: "user" }] }, "arg_provenance[0].Source", "source"],
    [{ skill_provenance: { skilname: "a" } }, "skill_provenance.skilname", "skill_name"],
    [{ delegation: { requester: "a" } }, "delegation.requester", undefined],
    [
      {
        delegation: {
          requester_identity: "a",
          chain: [{ delegator_identity: "a", delegate_identity: "b", scope: "x" }],
        },
      },
      "delegation.chain[0].scope",
      undefined,
    ],
  ];
  for (const [fields, path, meant] of table) {
    const error = refusal(intentWith(fields));
    assertEquals(error.place?.path, path);
    assert(error.message.includes("unknown field"), error.message);
    if (meant !== undefined) assert(error.hint.includes(meant), error.hint);
  }
});

Deno.test("normalizeIntent() tolerates unknown names in context and lists them", () => {
  const context = { ...CONTEXT, zeta: 1, Identity: "mallory", alpha: { a: 1 } };
  const intent = normalizeIntent(intentWith({ context }));
  assertEquals(intent.unknownContextKeys, ["Identity", "alpha", "zeta"]);
  assertEquals(intent.context.identity, "alice");
  assertEquals(intentPreimage(intent), intentPreimage(normalizeIntent(intentWith({}))));
});

Deno.test("normalizeIntent() reads __proto__ and its kind as data", () => {
  const args = JSON.parse('{"__proto__":{"x":" y "},"constructor":1," toString ":2}') as JsonObject;
  const intent = normalizeIntent(intentWith({ args }));
  assertEquals(argsPreimage(intent), '{"__proto__":{"x":"y"},"constructor":1,"toString":2}');
  assertEquals(Object.getPrototypeOf(intent.args), Object.prototype);
  assertEquals(({} as Record<string, unknown>).x, undefined);
  const own = JSON.parse(
    '{"tool_name":"t","context":{"identity":"a","workspace":"w","risk_class":"l"},"__proto__":{}}',
  ) as JsonValue;
  assert(refusal(own).message.includes("__proto__"));
  const inherited = Object.create({ tool_name: "t", context: CONTEXT }) as JsonObject;
  assertEquals(refusal(inherited).place?.path, "tool_name");
});

Deno.test("normalizeIntent() refuses fields of the wrong type", () => {
  const bad: [JsonObject, string][] = [
    [{ schema_id: 1 }, "schema_id"],
    [{ schema_version: 1 }, "schema_version"],
    [{ producer_version: {} }, "producer_version"],
    [{ args_digest: [] }, "args_digest"],
    [{ intent_digest: false }, "intent_digest"],
    [{ created_at: 5 }, "created_at"],
    [{ tool_name: 5 }, "tool_name"],
    [{ args: [] }, "args"],
    [{ args: "x" }, "args"],
    [{ targets: {} }, "targets"],
    [{ targets: [1] }, "targets[0]"],
    [{ targets: [{ kind: 1, value: "x" }] }, "targets[0].kind"],
    [{ targets: [{ kind: "path", value: 1 }] }, "targets[0].value"],
    [{ targets: [{ kind: "path", value: "x", destructive: "true" }] }, "targets[0].destructive"],
    [{ targets: [{ kind: "path", value: "x", operation: 1 }] }, "targets[0].operation"],
    [{ targets: [{ kind: "path", value: "x", endpoint_domain: 1 }] }, "targets[0].endpoint_domain"],
    [{ arg_provenance: {} }, "arg_provenance"],
    [{ arg_provenance: ["x"] }, "arg_provenance[0]"],
    [{ skill_provenance: [] }, "skill_provenance"],
    [{ skill_provenance: { skill_name: 1 } }, "skill_provenance.skill_name"],
    [{ context: "x" }, "context"],
    [{ context: { ...CONTEXT, auth_context: [] } }, "context.auth_context"],
    [{ context: { ...CONTEXT, credential_scopes: "a" } }, "context.credential_scopes"],
    [{ context: { ...CONTEXT, credential_scopes: [1] } }, "context.credential_scopes[0]"],
    [{ delegation: "x" }, "delegation"],
    [{ delegation: { requester_identity: "a", chain: {} } }, "delegation.chain"],
    [{ delegation: { requester_identity: "a", token_refs: [{}] } }, "delegation.token_refs[0]"],
    [{ delegation: { requester_identity: "a", issued_at: 1 } }, "delegation.issued_at"],
  ];
  for (const [fields, path] of bad) refusedAt(fields, path, "must be");
});

Deno.test("normalizeIntent() reads null as absent everywhere", () => {
  const intent = normalizeIntent({
    schema_id: null,
    created_at: null,
    tool_name: "t",
    args: null,
    targets: [{ kind: "path", value: "/a", operation: null, destructive: null }],
    arg_provenance: null,
    skill_provenance: null,
    delegation: { requester_identity: "a", chain: null, token_refs: [null, "x"], issued_at: null },
    context: { ...CONTEXT, session_id: null, auth_context: null, credential_scopes: [null] },
  });
  assertEquals(intent.delegation?.token_refs, ["x"]);
  assertEquals(intent.context.credential_scopes, []);
  refusedAt({ targets: [null] }, "targets[0]", "targets require kind and value");
  refusedAt({ context: null }, "context.identity", "context.identity is required");
});

Deno.test("normalizeIntent() reports the errors of spec 02 §2", () => {
  const link = { delegator_identity: "a", delegate_identity: "b" };
  const times = { issued_at: "2026-01-02T00:00:00Z", expires_at: "2026-01-02T00:00:00Z" };
  const skill = { skill_name: "a", source: "b", publisher: "c" };
  const hour = { arg_path: "a", source: "user" };
  const table: [JsonObject, string, string][] = [
    [{ tool_name: "\u0085 \t" }, "tool_name", "tool_name is required"],
    [{ args: { a: [{ " ": 1 }] } }, "args", "args contains empty key"],
    [{ targets: [{ kind: "path", value: " " }] }, "targets[0]", "targets require kind and value"],
    [
      { targets: [{ kind: "file", value: "x" }] },
      "targets[0].kind",
      'unsupported target kind: "file"',
    ],
    [
      { targets: [{ kind: "path", value: "x", endpoint_class: "FS.Exec" }] },
      "targets[0].endpoint_class",
      'unsupported endpoint class: "fs.exec"',
    ],
    [{ arg_provenance: [{ arg_path: "a" }] }, "arg_provenance[0]", "requires arg_path and source"],
    [
      { arg_provenance: [{ arg_path: "a", source: "Web" }] },
      "arg_provenance[0].source",
      'unsupported provenance source: "web"',
    ],
    [
      { arg_provenance: [{ ...hour, integrity_digest: "zz" }] },
      "arg_provenance[0].integrity_digest",
      "invalid provenance integrity_digest",
    ],
    [{ skill_provenance: {} }, "skill_provenance", "requires skill_name, source, and publisher"],
    [
      { skill_provenance: { ...skill, digest: "1234" } },
      "skill_provenance.digest",
      "invalid skill provenance digest",
    ],
    [{ context: { ...CONTEXT, workspace: " " } }, "context.workspace", "workspace is required"],
    [{ context: { ...CONTEXT, risk_class: "" } }, "context.risk_class", "risk_class is required"],
    [
      { context: { ...CONTEXT, auth_context: { "": 1 } } },
      "context.auth_context",
      "context.auth_context contains empty key",
    ],
    [{ delegation: {} }, "delegation.requester_identity", "requester_identity is required"],
    [
      { delegation: { requester_identity: "a", chain: [link, { delegator_identity: "b" }] } },
      "delegation.chain[1]",
      "requires delegator_identity and delegate_identity",
    ],
    [
      { delegation: { requester_identity: "a", ...times } },
      "delegation.expires_at",
      "delegation.expires_at must be after issued_at",
    ],
    [
      { delegation: { requester_identity: "a", chain: [{ ...link, ...times }] } },
      "delegation.chain[0].expires_at",
      "delegation.chain[0] expires_at must be after issued_at",
    ],
    [{ created_at: "2026-02-01" }, "created_at", "not a timestamp"],
  ];
  for (const [fields, path, text] of table) refusedAt(fields, path, text);
});

Deno.test("normalizeIntent() refuses keys that collide after trimming", () => {
  refusedAt({ args: { " a": 1, a: 2 } }, "args.a", "two keys");
  refusedAt({ args: { x: [{ "b\t": 1, "b": 2 }] } }, "args.b", "two keys");
  refusedAt({ args: { " __proto__": 1, ["__proto__"]: 2 } }, "args.__proto__", "two keys");
  refusedAt({ args: { "\u3000": 1 } }, "args", "empty key");
  const intent = normalizeIntent(intentWith({ args: { "\ufeffa": 1, a: 2 } }));
  assertEquals(Object.keys(intent.args).length, 2);
});

Deno.test("normalizeIntent() refuses values that JSON cannot express", () => {
  const bad = [
    undefined,
    () => 1,
    1n,
    Symbol("x"),
    NaN,
    Infinity,
    new Date(0),
    new Map(),
    new Set(),
  ];
  for (const value of bad) {
    refusedAt({ args: { a: value as JsonValue } }, "args", "JSON cannot express");
    refusedAt({ args: { a: [value as JsonValue] } }, "args", "JSON cannot express");
  }
  refusedAt({ args: new Map() as unknown as JsonObject }, "args", "JSON cannot express");
});

Deno.test("normalizeIntent() shares nothing with its input", () => {
  const args: JsonObject = { list: [{ a: "x" }] };
  const scopes = ["a"];
  const intent = normalizeIntent(
    intentWith({ args, context: { ...CONTEXT, credential_scopes: scopes } }),
  );
  const before = intentPreimage(intent);
  (args.list as JsonValue[]).push("y");
  args.more = true;
  scopes.push("b");
  assertEquals(intentPreimage(intent), before);
});

Deno.test("normalizeIntent() infers class, destructiveness and domain beside what is declared", () => {
  const intent = normalizeIntent(intentWith({
    targets: [
      { kind: "host", value: "a.good.example", operation: "resolve", endpoint_class: "ui.click" },
      {
        kind: "path",
        value: "/x",
        operation: "delete",
        endpoint_class: "fs.read",
        destructive: false,
      },
      { kind: "url", value: "https://evil.example./", endpoint_domain: " Good.Example " },
      { kind: "url", value: "https://evil.example\\@good.example/" },
    ],
  }));
  const [host, path, url, odd] = intent.targets;
  assertEquals([host?.endpoint_class, host?.inferredClass], ["ui.click", "net.dns"]);
  assertEquals([path?.endpoint_class, path?.inferredClass], ["fs.read", "fs.delete"]);
  assertEquals(path?.destructive, true);
  assertEquals([url?.endpoint_domain, url?.inferredDomain], ["good.example", "evil.example"]);
  assertEquals([odd?.endpoint_domain, odd?.inferredDomain], ["", ""]);
});

Deno.test("normalizeIntent() takes hints from the tool name only when the operation has none", () => {
  const table: [string, JsonObject, string][] = [
    ["srv/doc.fetch", { kind: "path" }, "fs.read"],
    ["delete/list.things", { kind: "path" }, "fs.read"],
    ["create_search_update", { kind: "path" }, "fs.read"],
    ["write.file", { kind: "path", operation: "delete" }, "fs.delete"],
    ["write.file", { kind: "path", operation: "chmod" }, "fs.write"],
    ["format", { kind: "path" }, "fs.delete"],
    ["tool", { kind: "path" }, "other"],
    ["prune", { kind: "other" }, "proc.exec"],
    ["tool", { kind: "other", operation: "shell" }, "proc.exec"],
    ["tool", { kind: "other" }, "other"],
    ["exec", { kind: "repo", operation: "exec" }, "other"],
    ["exec", { kind: "url", operation: "LOOKUP " }, "net.dns"],
    ["exec", { kind: "host" }, "net.http"],
    ["write", { kind: "bucket" }, "other"],
    ["list/", { kind: "path" }, "other"],
  ];
  for (const [tool_name, target, wanted] of table) {
    const intent = normalizeIntent(intentWith({ tool_name, targets: [{ ...target, value: "v" }] }));
    assertEquals(
      intent.targets[0]?.endpoint_class,
      wanted,
      `${tool_name} ${JSON.stringify(target)}`,
    );
  }
});

Deno.test("normalizeIntent() normalises times to UTC and reads the zero time as absent", () => {
  const created = (text: string): string =>
    normalizeIntent(intentWith({ created_at: text })).created_at;
  assertEquals(created("2026-02-01T12:30:00.120+02:30"), "2026-02-01T10:00:00.12Z");
  assertEquals(created("0001-01-01T00:00:00Z"), "1980-01-01T00:00:00Z");
  const zero = { issued_at: "0001-01-01T01:00:00+01:00", expires_at: "2020-01-01T00:00:00Z" };
  const intent = normalizeIntent(intentWith({ delegation: { requester_identity: "a", ...zero } }));
  assertEquals(intent.delegation?.issued_at, "0001-01-01T00:00:00Z");
  const late = { issued_at: "2026-01-01T00:00:00Z", expires_at: "0001-01-01T00:00:00Z" };
  assertEquals(
    normalizeIntent(intentWith({ delegation: { requester_identity: "a", ...late } })).delegation
      ?.expires_at,
    "0001-01-01T00:00:00Z",
  );
});

Deno.test("normalizeIntent() keeps the chain as a sequence", () => {
  const link = { delegator_identity: "b", delegate_identity: "c" };
  const chain = [link, { delegator_identity: "a", delegate_identity: "b" }, link];
  const intent = normalizeIntent(intentWith({ delegation: { requester_identity: "c", chain } }));
  assertEquals(intent.delegation?.chain.map((item) => item.delegator_identity), ["b", "a", "b"]);
});

Deno.test("normalizeIntent() bounds targets, depth and size", () => {
  const targets = Array.from({ length: LIMITS.intentTargets }, (_, i) => ({
    kind: "path",
    value: `/f${LIMITS.intentTargets - i}`,
    operation: "read",
  }));
  assertEquals(normalizeIntent(intentWith({ targets })).targets.length, LIMITS.intentTargets);
  refusedAt({ targets: [...targets, { kind: "path", value: "x" }] }, "targets", "more than");
  let deep: JsonValue = 1;
  for (let i = 0; i < LIMITS.textDepth; i++) deep = { a: deep };
  assertNotEquals(argsPreimage(normalizeIntent(intentWith({ args: deep }))), "");
  refusedAt({ args: { a: { a: deep } } }, "args", "nests too deep");
  const cycle: JsonObject = {};
  cycle.self = cycle;
  refusedAt({ args: cycle }, "args", "nests too deep");
  let bomb: JsonValue = ["x"];
  for (let i = 0; i < 50; i++) bomb = [bomb, bomb];
  refusedAt({ args: { bomb } }, "args", "too many values");
});

Deno.test("normalizeIntent() stays linear on huge text and many keys", () => {
  const huge = `${" ".repeat(1_000_000)}x`;
  const args = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, i) => [` k${i}`, huge.slice(-3)]),
  );
  const intent = normalizeIntent(intentWith({
    tool_name: huge,
    args,
    targets: [{ kind: "url", value: `https://h/${"a".repeat(1_000_000)}` }],
  }));
  assertEquals(intent.tool_name, "x");
  assertEquals(Object.keys(intent.args).length, 50_000);
});

Deno.test("normalizeIntent() keeps control and direction characters out of messages", () => {
  const error = refusal(intentWith({ "a\u001b[31m\u202e\u009b": 1 }));
  // deno-lint-ignore no-control-regex -- they must not appear
  const raw = /[\u0000-\u001f\u007f-\u009f\u202e]/;
  assertEquals(raw.test(error.message), false);
  assertEquals(raw.test(error.place?.path ?? ""), false);
  const long = refusal(intentWith({ targets: [{ kind: "x".repeat(10_000), value: "v" }] }));
  assert(long.message.length < 300);
});
