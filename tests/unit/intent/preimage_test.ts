import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import type { NormalizedIntent } from "../../../core/intent/intent.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import {
  argsPreimage,
  delegationPreimage,
  intentPreimage,
  intentPreimages,
} from "../../../core/intent/preimage.ts";
import { canonicalize } from "../../../core/jcs/canonicalize.ts";

const FULL: JsonObject = {
  tool_name: "tool.write",
  args: { 'z"': 1, a: [true, null, "é"] },
  targets: [
    { kind: "path", value: "/a", operation: "rm", sensitivity: "pii" },
    { kind: "url", value: "https://h.example/\n", operation: "post", endpoint_domain: "d" },
  ],
  arg_provenance: [{
    arg_path: "$",
    source: "user",
    source_ref: "r",
    integrity_digest: "a".repeat(64),
  }],
  skill_provenance: {
    skill_name: "s",
    skill_version: "1",
    source: "git",
    publisher: "P",
    digest: "b".repeat(64),
    signature_key_id: "k",
  },
  delegation: {
    requester_identity: "c",
    scope_class: "w",
    token_refs: ["t2", "t1"],
    chain: [{ delegator_identity: "a", delegate_identity: "c", scope_class: "w", token_ref: "t1" }],
    issued_at: "2026-01-01T00:00:00Z",
  },
  context: {
    identity: "i",
    workspace: "w",
    risk_class: "low",
    session_id: "s",
    request_id: "r",
    auth_context: { b: 1, a: 2 },
    credential_scopes: ["y", "x"],
    environment_fingerprint: "e",
  },
};

const OPTIONAL_LISTS = new Set(["arg_provenance", "token_refs", "chain", "credential_scopes"]);

/** The plain way to the same text: drop what is omitted, canonicalise the rest. */
function plain(value: unknown, key = ""): JsonValue | undefined {
  if (value === undefined || value === "") return undefined;
  if (key === "destructive" && value === false) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0 && OPTIONAL_LISTS.has(key)) return undefined;
    return value.map((item) => plain(item) as JsonValue);
  }
  if (typeof value !== "object" || value === null) return value as JsonValue;
  if (key === "args" || key === "auth_context") return value as JsonValue;
  const out: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    if (["inferredClass", "inferredDomain", "created_at", "unknownContextKeys"].includes(name)) {
      continue;
    }
    const kept = plain(inner, name);
    if (kept !== undefined) out[name] = kept;
  }
  return out;
}

function plainText(intent: NormalizedIntent): string {
  return canonicalize(plain(intent) as JsonValue);
}

Deno.test("intentPreimage() equals the canonical form of the same record", () => {
  const full = normalizeIntent(FULL);
  assertEquals(intentPreimage(full), plainText(full));
  const keys = Object.keys(FULL).filter((key) => key !== "tool_name" && key !== "context");
  for (const key of keys) {
    const without = normalizeIntent(
      Object.fromEntries(Object.entries(FULL).filter(([name]) => name !== key)) as JsonObject,
    );
    assertEquals(intentPreimage(without), plainText(without), key);
  }
});

Deno.test("intentPreimages() gives the same texts as the single functions", () => {
  const full = normalizeIntent(FULL);
  const texts = intentPreimages(full);
  assertEquals(texts.args, argsPreimage(full));
  assertEquals(texts.intent, intentPreimage(full));
  assertEquals(
    texts.delegation,
    full.delegation === undefined ? "" : delegationPreimage(full.delegation),
  );
});

Deno.test("intentPreimage() refuses lone surrogates wherever they are", () => {
  const bad: JsonObject[] = [
    { tool_name: "t\ud800" },
    { args: { a: "\udc00" } },
    { args: { "\udc00": 1 } },
    { targets: [{ kind: "path", value: "\ud800" }] },
    { targets: [{ kind: "path", value: "x", sensitivity: "\ud800" }] },
    { context: { identity: "\ud800", workspace: "w", risk_class: "l" } },
  ];
  for (const fields of bad) {
    const intent = normalizeIntent({ ...FULL, ...fields });
    const error = assertThrows(() => intentPreimage(intent), GaitError);
    assertEquals(error.code, "text_encoding");
  }
});
