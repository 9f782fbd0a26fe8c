import { assert, assertEquals, assertRejects } from "@std/assert";
import { approvalPayload, parseApprovalToken } from "../../../core/approval/token.ts";
import { type ApprovalExpectation, verifyApprovalToken } from "../../../core/approval/verify.ts";
import { verifyKey } from "../../../core/approval/keys.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { canonicalize } from "../../../core/jcs/canonicalize.ts";
import { signDigest } from "../../../core/sign/signature.ts";
import { PORTS } from "./_golden.ts";
import {
  BINDING,
  expectation,
  HOUR,
  INTENT,
  NOW,
  SECOND,
  testSigner,
  token,
  tokenText,
} from "./_tokens.ts";

/** Code of a token text; `error` when the file cannot be read, "" when it is valid. */
async function codeOf(text: string, expected: ApprovalExpectation): Promise<string> {
  try {
    const parsed = parseApprovalToken(text, { source: "t.json" });
    const check = await verifyApprovalToken(parsed, expected, PORTS);
    assertEquals(check.valid, check.code === undefined);
    return check.code ?? "";
  } catch (error) {
    assert(error instanceof GaitError);
    return "error";
  }
}

/** Signs any members as they are. */
async function signedText(members: JsonObject, by = 1): Promise<string> {
  const { signature: _, ...payload } = members;
  const digest = await PORTS.digester.sha256(utf8(canonicalize(payload)));
  const signature = await signDigest(digest, await testSigner(by));
  return JSON.stringify({ ...payload, signature });
}

const WRONG: readonly JsonValue[] = [
  "",
  " ",
  "x",
  "*",
  "0".repeat(24),
  "f".repeat(64),
  "2030-01-01T00:00:00Z",
  [],
  ["*"],
  ["tool:pay.send", "*"],
  {},
  null,
  0,
  true,
];

Deno.test("verifyApprovalToken() refuses every edit of every field", async () => {
  const expected = await expectation({ delegation_binding_digest: BINDING });
  const text = await tokenText({ delegation_binding_digest: BINDING });
  assertEquals(await codeOf(text, expected), "");
  const document: JsonObject = JSON.parse(text);
  let edits = 0;
  for (const name of Object.keys(document)) {
    const removed = { ...document };
    delete removed[name];
    const codes = [await codeOf(JSON.stringify(removed), expected)];
    for (const value of WRONG) {
      if (JSON.stringify(value) === JSON.stringify(document[name])) continue;
      codes.push(await codeOf(JSON.stringify({ ...document, [name]: value }), expected));
    }
    const original = document[name];
    if (typeof original === "string") {
      for (const edited of [` ${original}`, `${original} `, `${original}\u200b`, original + "0"]) {
        codes.push(await codeOf(JSON.stringify({ ...document, [name]: edited }), expected));
      }
    }
    assert(codes.every((code) => code !== ""), `${name}: ${codes}`);
    edits += codes.length;
  }
  assert(edits > 200, `${edits} edits`);
});

Deno.test("verifyApprovalToken() refuses every edit of the signature object", async () => {
  const expected = await expectation();
  const document: JsonObject = JSON.parse(await tokenText());
  const signature = document["signature"] as JsonObject;
  for (const name of Object.keys(signature)) {
    const removed = { ...signature };
    delete removed[name];
    for (const edited of [removed, ...WRONG.map((value) => ({ ...signature, [name]: value }))]) {
      const code = await codeOf(JSON.stringify({ ...document, signature: edited }), expected);
      assert(["approval_token_signature_invalid", "error"].includes(code), `${name}: ${code}`);
    }
  }
  const extra = { ...document, signature: { ...signature, note: "x" } };
  assertEquals(await codeOf(JSON.stringify(extra), expected), "approval_token_invalid");
});

Deno.test("verifyApprovalToken() refuses added members, signed or not", async () => {
  const expected = await expectation();
  const document: JsonObject = JSON.parse(await tokenText());
  for (const name of ["max_ops", "Token_ID", "__proto__", "constructor", "", "scope "]) {
    const members = Object.fromEntries([...Object.entries(document), [name, "x"]]);
    assertEquals(await codeOf(JSON.stringify(members), expected), "approval_token_invalid", name);
    assertEquals(await codeOf(await signedText(members), expected), "approval_token_invalid", name);
  }
  const added = { ...document, delegation_binding_digest: BINDING };
  assertEquals(
    await codeOf(JSON.stringify(added), expected),
    "approval_token_signature_invalid",
  );
});

Deno.test("verifyApprovalToken() refuses truncated files", async () => {
  const expected = await expectation();
  const text = (await tokenText()).trimEnd();
  for (let length = 0; length < text.length; length += 7) {
    assertEquals(await codeOf(text.slice(0, length), expected), "error");
  }
});

Deno.test("verifyApprovalToken() refuses a signed token whose id does not follow", async () => {
  const expected = await expectation();
  const document: JsonObject = JSON.parse(await tokenText());
  const forged = await signedText({ ...document, token_id: "0".repeat(24) });
  assertEquals(await codeOf(forged, expected), "approval_token_invalid");
});

Deno.test("verifyApprovalToken() accepts any layout of the same values", async () => {
  const expected = await expectation();
  const document: JsonObject = JSON.parse(await tokenText());
  const reversed = Object.fromEntries(Object.entries(document).reverse());
  assertEquals(await codeOf(JSON.stringify(reversed), expected), "");
});

Deno.test("verifyApprovalToken() accepts a signed offset, refuses a respelled time", async () => {
  const document: JsonObject = JSON.parse(await tokenText());
  const offset = { ...document, expires_at: "2026-11-24T13:00:00+02:00" };
  assertEquals(await codeOf(await signedText(offset), await expectation()), "");
  for (const expires_at of ["2026-11-24T13:00:00+02:00", "2026-11-24T11:00:00.000Z"]) {
    const text = JSON.stringify({ ...document, expires_at });
    assertEquals(await codeOf(text, await expectation()), "approval_token_signature_invalid");
  }
});

Deno.test("verifyApprovalToken() reports the first failing check", async () => {
  const text = await tokenText();
  const later = NOW + 2n * HOUR;
  const order: [Partial<ApprovalExpectation>, string][] = [
    [
      { intent_digest: "9".repeat(64), policy_digest: "9".repeat(64), now: later },
      "approval_token_intent_mismatch",
    ],
    [
      { policy_digest: "9".repeat(64), delegation_binding_digest: BINDING, now: later },
      "approval_token_policy_mismatch",
    ],
    [
      { delegation_binding_digest: BINDING, now: later, tool_name: "other" },
      "approval_token_delegation_binding_mismatch",
    ],
    [{ now: later, tool_name: "other" }, "approval_token_expired"],
    [{ maxTtl: HOUR - 1n, tool_name: "other" }, "approval_token_ttl_exceeded"],
    [{ tool_name: "other" }, "approval_token_scope_mismatch"],
    [{ tool_name: "pay.sen" }, "approval_token_scope_mismatch"],
  ];
  for (const [change, code] of order) {
    assertEquals(await codeOf(text, await expectation(change)), code);
  }
});

Deno.test("verifyApprovalToken() ends a token's life exactly at expires_at", async () => {
  const text = await tokenText();
  assertEquals(await codeOf(text, await expectation({ now: NOW + HOUR - 1n })), "");
  const ended = await expectation({ now: NOW + HOUR });
  assertEquals(await codeOf(text, ended), "approval_token_expired");
});

Deno.test("verifyApprovalToken() refuses tokens from the future where asked to", async () => {
  const text = await tokenText({}, { at: NOW + 60n * SECOND });
  assertEquals(await codeOf(text, await expectation()), "");
  const strict = await expectation({ refuseFuture: true });
  assertEquals(await codeOf(text, strict), "approval_token_from_future");
  const exact = await expectation({ refuseFuture: true, now: NOW + 60n * SECOND });
  assertEquals(await codeOf(text, exact), "");
});

Deno.test("verifyApprovalToken() does not let a future date stretch the longest life", async () => {
  const text = await tokenText({}, { at: NOW + 1000n * HOUR });
  const expected = await expectation({ maxTtl: 2n * HOUR });
  assertEquals(await codeOf(text, expected), "approval_token_ttl_exceeded");
  const normal = await tokenText();
  assertEquals(await codeOf(normal, await expectation({ maxTtl: HOUR })), "");
});

Deno.test("verifyApprovalToken() ignores a binding on an undelegated intent", async () => {
  const text = await tokenText({ delegation_binding_digest: BINDING });
  assertEquals(await codeOf(text, await expectation()), "");
});

Deno.test("verifyApprovalToken() accepts an empty set of keys for nothing", async () => {
  const none = await expectation({ keys: { kind: "shared", keys: [] } });
  assertEquals(await codeOf(await tokenText(), none), "approval_token_signature_invalid");
});

Deno.test("verifyApprovalToken() ties an approver to the key that is bound to it", async () => {
  const keyOf = async (byte: number) =>
    await verifyKey((await testSigner(byte)).publicKey, PORTS.digester);
  const keys = {
    kind: "bound",
    keys: [{ ...await keyOf(1), identity: "alice" }, { ...await keyOf(2), identity: "bob" }],
  } as const;
  const expected = await expectation({ keys });
  const code = async (identity: string, by: number) =>
    await codeOf(await tokenText({ approver_identity: identity }, { by }), expected);
  assertEquals(await code("alice", 1), "");
  assertEquals(await code("bob", 2), "");
  assertEquals(await code("bob", 1), "approval_token_approver_mismatch");
  assertEquals(await code("Alice", 1), "approval_token_approver_mismatch");
  assertEquals(await code("carol", 1), "approval_token_approver_mismatch");
  assertEquals(await code("alice", 3), "approval_token_signature_invalid");
});

Deno.test("verifyApprovalToken() gives digest and key of what was signed", async () => {
  const parsed = await token();
  const check = await verifyApprovalToken(parsed, await expectation(), PORTS);
  const canonical = canonicalize(approvalPayload(parsed.claims));
  const digest = new Uint8Array(await PORTS.digester.sha256(utf8(canonical)));
  assertEquals(check.signed_digest, digest.toHex());
  assertEquals(check.key_id, (await testSigner(1)).keyId);
  const other = await verifyApprovalToken(
    parsed,
    await expectation({ intent_digest: INTENT.replace("1", "4") }),
    PORTS,
  );
  assertEquals([other.valid, other.signed_digest], [false, digest.toHex()]);
});

Deno.test("verifyApprovalToken() refuses a name that is costly to compare, whoever signed it", async () => {
  const members = JSON.parse(await tokenText({}));
  const named = (units: number) =>
    signedText({ ...members, approver_identity: "\u0301\u0323".repeat(units / 2) });
  const expected = await expectation();
  for (const units of [1026, 500_000]) {
    assertEquals(await codeOf(await named(units), expected), "approval_token_invalid");
  }
  const atLimit = await tokenText({ approver_identity: "\u0301\u0323".repeat(512) });
  assertEquals(await codeOf(atLimit, expected), "");
  await assertRejects(() => tokenText({ approver_identity: "a".repeat(1025) }), GaitError);
});
