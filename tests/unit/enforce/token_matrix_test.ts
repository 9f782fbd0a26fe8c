/** Every member of a presented token edited, added or removed, through the command: never an allow. */

import { assert, assertEquals } from "@std/assert";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, intentText, run, SIGNED } from "../commands/_run.ts";

type Json = Record<string, unknown>;

/** One change of a token and what it is called. */
interface Edit {
  readonly what: string;
  readonly text: string;
}

/** A value of the same kind that says something else. */
function other(value: unknown): unknown {
  if (typeof value === "string") {
    if (/^\d{4}-/.test(value)) return value.replace(/^\d{4}/, "2031");
    if (/^[0-9a-f]{24,}$/.test(value)) return (value[0] === "0" ? "1" : "0") + value.slice(1);
    return `${value}x`;
  }
  if (Array.isArray(value)) return [...value, "tool:other"];
  if (typeof value === "number") return value + 1;
  return "other";
}

/** All single edits of an object's members, nested ones too. */
function edits(token: Json, path: readonly string[] = []): Edit[] {
  const at = path.reduce<Json>((value, key) => value[key] as Json, token);
  const out: Edit[] = [];
  const make = (what: string, change: (object: Json) => void) => {
    const copy = structuredClone(token);
    change(path.reduce<Json>((value, key) => value[key] as Json, copy));
    out.push({ what: `${what} ${path.join(".")}`, text: JSON.stringify(copy) });
  };
  for (const [key, value] of Object.entries(at)) {
    make(`edit ${key}`, (object) => object[key] = other(value));
    make(`remove ${key}`, (object) => delete object[key]);
    make(`null ${key}`, (object) => object[key] = null);
    make(`empty ${key}`, (object) => object[key] = Array.isArray(value) ? [] : "");
    make(`wrong kind ${key}`, (object) => object[key] = { a: 1 });
    if (typeof value === "string") make(`list ${key}`, (object) => object[key] = [value]);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      out.push(...edits(token, [...path, key]));
    }
  }
  make("add member", (object) => object.extra = "x");
  return out;
}

/** Damaged texts of a token's file. */
function damaged(text: string): Edit[] {
  const half = text.length >> 1;
  return [
    { what: "empty", text: "" },
    { what: "truncated", text: text.slice(0, half) },
    { what: "doubled", text: text + text },
    { what: "list", text: `[${text}]` },
    { what: "duplicate member", text: text.replace("{", '{"scope":["*"],') },
    { what: "no token", text: "{}" },
    { what: "null", text: "null" },
  ];
}

const PAY = ["--policy", "policy.yaml", "--intent", "pay.json"];
const KEY = (name: string) => ["--key-mode", "prod", "--private-key", `keys/${name}_private.key`];

/** Mints an approval. */
async function approval(world: MemoryWorld, by: string, out: string): Promise<string> {
  const terms = ["--ttl", "1h", "--approver", by, "--reason-code", "ok", "--out", out];
  assertEquals((await run(world, "approve", ...PAY, ...terms, ...KEY(by))).exit, 0);
  return world.files.text(out) ?? "";
}

/** Whether an answer names what was wrong with the token. */
function saysWhy(json: { reason_codes: string[]; error_code?: string }, kind: string): boolean {
  return json.error_code !== undefined ||
    json.reason_codes.some((code) => new RegExp(`^${kind}_token_(?!valid)`).test(code));
}

Deno.test("gate eval never allows by an approval with a changed member, and says why", async () => {
  const world = await gateWorld();
  const policy = (world.files.text("policy.yaml") ?? "").replace(/ {4}approval:\n.*\n/, "");
  world.files.put("policy.yaml", policy);
  world.files.put("pay.json", intentText("tool.pay"));
  const text = await approval(world, "alice", "t.json");
  const line = [
    "gate",
    "eval",
    ...PAY,
    ...SIGNED,
    "--approval-token",
    "t.json",
    "--approval-public-key",
    "keys/alice_public.key",
    "--json",
  ];
  assertEquals((await run(world, ...line)).json.verdict, "allow");
  const list = [...edits(JSON.parse(text)), ...damaged(text)];
  assert(list.length > 60);
  for (const { what, text: changed } of list) {
    world.files.put("t.json", changed);
    const { exit, json } = await run(world, ...line);
    assert(json.verdict !== "allow" && exit !== 0, what);
    assert(saysWhy(json, "approval"), `${what}: ${json.reason_codes}`);
    assert(!json.reason_codes.includes("approval_granted"), what);
  }
});

Deno.test("gate eval counts a chain of approvals only when every needed one is whole", async () => {
  const world = await gateWorld();
  const policy = (world.files.text("policy.yaml") ?? "").replace(
    / {4}approval:\n.*\n/,
    "    min_approvals: 2\n    require_distinct_approvers: true\n",
  );
  world.files.put("policy.yaml", policy);
  world.files.put("pay.json", intentText("tool.pay"));
  const key = (name: string) => (world.files.text(`keys/${name}_public.key`) ?? "").trim();
  world.files.put(
    "ring.json",
    JSON.stringify({
      schema_id: "gait.gate.approver_keyring",
      schema_version: "1.0.0",
      approvers: ["alice", "bob"].map((identity) => ({ identity, public_keys: [key(identity)] })),
    }),
  );
  await approval(world, "alice", "a.json");
  const text = await approval(world, "bob", "b.json");
  const line = (
    ...tokens: string[]
  ) => [
    "gate",
    "eval",
    ...PAY,
    ...SIGNED,
    "--approver-keys",
    "ring.json",
    "--approval-token-chain",
    tokens.join(","),
    "--json",
  ];
  assertEquals((await run(world, ...line("a.json", "b.json"))).json.verdict, "allow");
  const insufficient: readonly string[][] = [["a.json"], ["b.json"], ["a.json", "a.json"], [
    "a.json",
    "copy.json",
  ]];
  world.files.put("copy.json", world.files.text("a.json") ?? "");
  for (const tokens of insufficient) {
    const { exit, json } = await run(world, ...line(...tokens));
    assertEquals([exit, json.verdict], [4, "require_approval"], tokens.join(","));
  }
  for (const { what, text: changed } of edits(JSON.parse(text))) {
    world.files.put("b.json", changed);
    const { exit, json } = await run(world, ...line("a.json", "b.json"));
    assert(json.verdict !== "allow" && exit !== 0, what);
  }
});

const DELEGATED = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: delegated
    priority: 10
    effect: allow
    match:
      tool_names: [tool.read]
      require_delegation: true
`;

/** An intent that acts for `lead` through `chain`. */
function delegatedIntent(chain: readonly string[]): string {
  const links = chain.slice(1).map((delegate, i) => ({
    delegator_identity: chain[i],
    delegate_identity: delegate,
    scope_class: "read",
  }));
  return intentText("tool.read", {
    delegation: { requester_identity: chain.at(-1), scope_class: "read", chain: links },
  });
}

/** Mints a delegation. */
async function delegation(
  world: MemoryWorld,
  pair: [string, string],
  out: string,
): Promise<string> {
  const [delegator, delegate] = pair;
  const minted = await run(
    world,
    "delegate",
    "mint",
    "--delegator",
    delegator,
    "--delegate",
    delegate,
    "--scope",
    "read",
    "--scope-class",
    "read",
    "--ttl",
    "1h",
    "--out",
    out,
    ...KEY("lead"),
  );
  assertEquals(minted.exit, 0);
  return world.files.text(out) ?? "";
}

Deno.test("gate eval never allows by a delegation with a changed member", async () => {
  for (const chain of [["lead", "bot"], ["lead", "mid", "bot"]]) {
    const world = await gateWorld(DELEGATED);
    world.files.put("d.json", delegatedIntent(chain));
    const texts: string[] = [];
    for (let i = 1; i < chain.length; i++) {
      const pair: [string, string] = [chain[i - 1] ?? "", chain[i] ?? ""];
      texts.push(await delegation(world, pair, `t${i}.json`));
    }
    const names = texts.map((_, i) => `t${i + 1}.json`);
    const line = (
      list: readonly string[],
    ) => [
      "gate",
      "eval",
      "--policy",
      "policy.yaml",
      "--intent",
      "d.json",
      ...SIGNED,
      "--delegation-token-chain",
      list.join(","),
      "--delegation-public-key",
      "keys/lead_public.key",
      "--json",
    ];
    const good = await run(world, ...line(names));
    assertEquals([good.exit, good.json.verdict], [0, "allow"], JSON.stringify(good.json));
    // The token of the last link is the one that the requester acts by; the others lend it nothing.
    const last = names.at(-1) ?? "";
    const text = texts.at(-1) ?? "";
    const missing = await run(world, ...line(names.filter((name) => name !== last)));
    assertEquals([missing.exit, missing.json.verdict], [3, "block"]);
    for (const { what, text: changed } of [...edits(JSON.parse(text)), ...damaged(text)]) {
      world.files.put(last, changed);
      const { exit, json } = await run(world, ...line(names));
      assert(json.verdict === "block" && exit !== 0, what);
      assert(saysWhy(json, "delegation"), `${what}: ${json.reason_codes}`);
    }
  }
});

Deno.test("an expired, foreign, replayed or unreadable approval says which it was", async () => {
  const world = await gateWorld();
  world.files.put("pay.json", intentText("tool.pay"));
  await approval(world, "alice", "t.json");
  await approval(world, "bob", "foreign.json");
  const line = (
    token: string,
  ) => [
    "gate",
    "eval",
    ...PAY,
    ...SIGNED,
    "--approval-token",
    token,
    "--approval-public-key",
    "keys/alice_public.key",
    "--json",
  ];
  const foreign = await run(world, ...line("foreign.json"));
  assertEquals(foreign.exit, 4);
  const codes = foreign.json.reason_codes.join(",");
  assert(
    /approval_token_(key_mismatch|untrusted_key|invalid_signature|signature)/.test(codes),
    codes,
  );
  assertEquals((await run(world, ...line("none.json"))).json.error_code, "file_not_found");
  world.files.put("pay.json", intentText("tool.pay", { args: { path: "/tmp/b" } }));
  const replayed = await run(world, ...line("t.json"));
  assert(replayed.json.reason_codes.includes("approval_token_intent_mismatch"));
  world.files.put("pay.json", intentText("tool.pay"));
  world.now += 3601n * 1_000_000_000n;
  const expired = await run(world, ...line("t.json"));
  assert(expired.json.reason_codes.includes("approval_token_expired"));
});
