import { assert, assertEquals, assertRejects } from "@std/assert";
import { readApproverKeyring } from "../../../core/approval/keys.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { formatPublicKey } from "../../../core/sign/key_text.ts";
import { PORTS } from "./_golden.ts";
import { testSigner } from "./_tokens.ts";

const ALICE = formatPublicKey((await testSigner(1)).publicKey);
const BOB = formatPublicKey((await testSigner(2)).publicKey);
const OPTIONS = { source: "keyring.json", digester: PORTS.digester };

function keyring(approvers: unknown, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    schema_id: "gait.gate.approver_keyring",
    schema_version: "1.0.0",
    approvers,
    ...change,
  });
}

Deno.test("readApproverKeyring() binds every key to its approver", async () => {
  const text = keyring([
    { identity: " alice ", public_keys: [ALICE] },
    { identity: "bob", public_keys: [BOB] },
  ]);
  const keys = await readApproverKeyring(text, OPTIONS);
  assert(keys.kind === "bound");
  assertEquals(keys.keys.map((key) => key.identity), ["alice", "bob"]);
  assertEquals(keys.keys.map((key) => key.keyId), [
    (await testSigner(1)).keyId,
    (await testSigner(2)).keyId,
  ]);
});

Deno.test("readApproverKeyring() refuses what it does not understand", async () => {
  const one = { identity: "alice", public_keys: [ALICE] };
  const bad = [
    "",
    "[]",
    "{}",
    keyring([]),
    keyring({}),
    keyring([1]),
    keyring([{ public_keys: [ALICE] }]),
    keyring([{ identity: " ", public_keys: [ALICE] }]),
    keyring([{ identity: "alice", public_keys: [] }]),
    keyring([{ identity: "alice", public_keys: [1] }]),
    keyring([{ identity: "alice", public_keys: ["AAAA"] }]),
    keyring([{ ...one, public_key: ALICE }]),
    keyring([one], { extra: 1 }),
    keyring([one], { schema_id: "x" }),
    keyring([one], { schema_version: "2.0.0" }),
  ];
  for (const text of bad) {
    const error = await assertRejects(() => readApproverKeyring(text, OPTIONS), GaitError);
    assertEquals(error.category, "invalid_input", text);
  }
});

Deno.test("readApproverKeyring() refuses a key that two approvers share", async () => {
  const text = keyring([
    { identity: "alice", public_keys: [ALICE] },
    { identity: "bob", public_keys: [BOB, ALICE] },
  ]);
  await assertRejects(() => readApproverKeyring(text, OPTIONS), GaitError, "listed twice");
});
