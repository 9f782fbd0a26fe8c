import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { parseDelegationToken } from "../../../core/delegation/token.ts";
import {
  type DelegationExpectation,
  verifyDelegationToken,
} from "../../../core/delegation/verify.ts";
import { canonicalize } from "../../../core/jcs/canonicalize.ts";
import { signDigest } from "../../../core/sign/signature.ts";
import { PORTS } from "../approval/_golden.ts";
import { HOUR, NOW, testSigner } from "../approval/_tokens.ts";
import { expectation, tokenText } from "./_tokens.ts";

/** Code of a token text; `error` when the file cannot be read, "" when it is valid. */
async function codeOf(text: string, expected: DelegationExpectation): Promise<string> {
  try {
    const parsed = parseDelegationToken(text, { source: "t.json" });
    return (await verifyDelegationToken(parsed, expected, PORTS)).code ?? "";
  } catch (error) {
    assert(error instanceof GaitError);
    return "error";
  }
}

const WRONG: readonly JsonValue[] = [
  "",
  "x",
  "*",
  "0".repeat(24),
  "f".repeat(64),
  "2030-01-01T00:00:00Z",
  [],
  ["*"],
  ["*", "write"],
  {},
  null,
  0,
  false,
];

Deno.test("verifyDelegationToken() refuses every edit of every field", async () => {
  const expected = await expectation();
  const text = await tokenText();
  assertEquals(await codeOf(text, expected), "");
  const document: JsonObject = JSON.parse(text);
  let edits = 0;
  for (const name of Object.keys(document)) {
    const removed = { ...document };
    delete removed[name];
    const variants: JsonObject[] = [removed];
    for (const value of WRONG) {
      if (JSON.stringify(value) !== JSON.stringify(document[name])) {
        variants.push({ ...document, [name]: value });
      }
    }
    const original = document[name];
    if (typeof original === "string") {
      variants.push({ ...document, [name]: ` ${original}` });
      variants.push({ ...document, [name]: `${original}\n` });
    }
    for (const variant of variants) {
      const code = await codeOf(JSON.stringify(variant), expected);
      assert(code !== "", `${name}: ${JSON.stringify(variant[name])}`);
      edits++;
    }
  }
  assert(edits > 150, `${edits} edits`);
});

Deno.test("verifyDelegationToken() refuses added members", async () => {
  const expected = await expectation();
  const unclassed: JsonObject = JSON.parse(
    await tokenText({ scope_class: "", intent_digest: "", policy_digest: "" }),
  );
  assertEquals(await codeOf(JSON.stringify(unclassed), expected), "");
  const optional = { scope_class: "write", intent_digest: "1".repeat(64) };
  for (const [name, value] of Object.entries(optional)) {
    const code = await codeOf(JSON.stringify({ ...unclassed, [name]: value }), expected);
    assertEquals(code, "delegation_token_signature_invalid", name);
  }
  for (const name of ["max_uses", "Scope", "__proto__"]) {
    const members = Object.fromEntries([...Object.entries(unclassed), [name, 1]]);
    assertEquals(await codeOf(JSON.stringify(members), expected), "delegation_token_invalid");
  }
});

Deno.test("verifyDelegationToken() refuses a signed token whose id does not follow", async () => {
  const { signature: _, ...payload }: JsonObject = JSON.parse(await tokenText());
  const forged = { ...payload, token_id: "0".repeat(24) };
  const digest = await PORTS.digester.sha256(utf8(canonicalize(forged)));
  const signature = await signDigest(digest, await testSigner(1));
  const code = await codeOf(JSON.stringify({ ...forged, signature }), await expectation());
  assertEquals(code, "delegation_token_invalid");
});

Deno.test("verifyDelegationToken() reports the first failing check", async () => {
  const text = await tokenText();
  const wrong = "9".repeat(64);
  const scope = { kind: "all", scopes: ["other"] } as const;
  const order: [Partial<DelegationExpectation>, string][] = [
    [{ keys: [], now: NOW + HOUR }, "delegation_token_signature_invalid"],
    [{ now: NOW + HOUR, delegator_identity: "x" }, "delegation_token_expired"],
    [
      { delegator_identity: "x", delegate_identity: "x" },
      "delegation_token_delegator_mismatch",
    ],
    [{ delegate_identity: "x", intent_digest: wrong }, "delegation_token_delegate_mismatch"],
    [{ intent_digest: wrong, policy_digest: wrong }, "delegation_token_intent_mismatch"],
    [{ policy_digest: wrong, scope }, "delegation_token_policy_mismatch"],
    [{ scope }, "delegation_token_scope_mismatch"],
  ];
  for (const [change, code] of order) {
    assertEquals(await codeOf(text, await expectation(change)), code);
  }
});

Deno.test("verifyDelegationToken() accepts an unbound token unless binding is asked for", async () => {
  const text = await tokenText({ intent_digest: "", policy_digest: "" });
  assertEquals(await codeOf(text, await expectation()), "");
  const required = await expectation({ requireBinding: true });
  assertEquals(await codeOf(text, required), "delegation_token_intent_mismatch");
  const onlyIntent = await tokenText({ policy_digest: "" });
  assertEquals(await codeOf(onlyIntent, required), "delegation_token_policy_mismatch");
});

Deno.test("verifyDelegationToken() compares the scope with the intent", async () => {
  const cases: [string[], string, string, string][] = [
    // scope, scope_class of the token, scope_class of the intent, code
    [["write"], "write", "write", ""],
    [["write"], "", "write", ""],
    [["*"], "", "write", ""],
    [["*"], "write", "write", ""],
    [["*"], "admin", "write", "delegation_token_scope_mismatch"],
    [["tool:repo.push"], "", "write", ""],
    [["tool:repo.push"], "", "", ""],
    [["tool:repo.push"], "read", "write", "delegation_token_scope_mismatch"],
    [["tool:repo.pull"], "", "write", "delegation_token_scope_mismatch"],
    [["repo.push"], "", "write", "delegation_token_scope_mismatch"],
    [["read"], "", "write", "delegation_token_scope_mismatch"],
    [["read"], "write", "write", "delegation_token_scope_mismatch"],
    [["write"], "write", "", "delegation_token_scope_mismatch"],
    [["write"], "", "", "delegation_token_scope_mismatch"],
  ];
  for (const [scope, scope_class, wanted, code] of cases) {
    const expected = await expectation({
      scope: { kind: "intent", scope_class: wanted, tool_name: "repo.push" },
    });
    const text = await tokenText({ scope, scope_class });
    assertEquals(await codeOf(text, expected), code, `${scope} ${scope_class} ${wanted}`);
  }
});

Deno.test("verifyDelegationToken() asks for every expected scope", async () => {
  const text = await tokenText({ scope: ["read", "write"] });
  const code = async (...scopes: string[]) =>
    await codeOf(text, await expectation({ scope: { kind: "all", scopes } }));
  assertEquals(await code("read"), "");
  assertEquals(await code("write", "read"), "");
  assertEquals(await code("read", "extra"), "delegation_token_scope_mismatch");
});
