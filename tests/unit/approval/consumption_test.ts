import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  consume,
  type ConsumptionStore,
  encodeConsumptionStore,
  newConsumptionStore,
  readConsumptionStore,
} from "../../../core/approval/consumption.ts";
import { type ApprovalCheck, verifyApprovalToken } from "../../../core/approval/verify.ts";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { PORTS } from "./_golden.ts";
import { expectation, HOUR, NOW, SECOND, token } from "./_tokens.ts";

const SOURCE = { source: "store.json" };
const FIRST = newConsumptionStore(NOW, { afterLoss: false });

async function check(approver: string, at = NOW): Promise<ApprovalCheck> {
  const one = await token({ approver_identity: approver }, { at });
  const result = await verifyApprovalToken(one, await expectation({ now: at }), PORTS);
  assert(result.valid);
  return result;
}

/** Spends tokens and gives the store back as the next process reads it. */
function spend(store: ConsumptionStore, tokens: ApprovalCheck[], now = NOW): ConsumptionStore {
  const outcome = consume(store, tokens, { now });
  assert(outcome.kind === "consumed");
  return readConsumptionStore(encodeConsumptionStore(outcome.store), SOURCE);
}

Deno.test("consume() spends a token once", async () => {
  const alice = await check("alice");
  const store = spend(FIRST, [alice]);
  assertEquals([...store.spent.keys()], [alice.signed_digest]);
  assertEquals(consume(store, [alice], { now: NOW }), {
    kind: "refused",
    refusals: [{ token_id: alice.token.claims.token_id, code: "approval_token_consumed" }],
  });
});

Deno.test("consume() spends all tokens of an allow or none", async () => {
  const [alice, bob] = [await check("alice"), await check("bob")];
  const store = spend(FIRST, [alice]);
  const outcome = consume(store, [bob, alice], { now: NOW });
  assert(outcome.kind === "refused");
  assertEquals(outcome.refusals.map((one) => one.token_id), [alice.token.claims.token_id]);
  assertEquals(consume(store, [bob], { now: NOW }).kind, "consumed");
});

Deno.test("consume() does not change the store that it is given", async () => {
  const before = encodeConsumptionStore(FIRST);
  spend(FIRST, [await check("alice")]);
  assertEquals(encodeConsumptionStore(FIRST), before);
});

Deno.test("consume() keeps a token until it expires, then forgets it for good", async () => {
  const alice = await check("alice");
  let store = spend(FIRST, [alice]);
  store = spend(store, [await check("bob", NOW + 1n)], NOW + HOUR - 1n);
  assert(store.spent.has(alice.signed_digest));
  store = spend(store, [await check("carol", NOW + HOUR)], NOW + HOUR);
  assertEquals(store.spent.has(alice.signed_digest), false);
  // The clock goes back: the token looks alive again, but stays refused.
  const outcome = consume(store, [alice], { now: NOW });
  assert(outcome.kind === "refused");
  assertEquals(outcome.refusals[0]?.code, "approval_token_expired");
});

Deno.test("consume() refuses tokens from before a lost store, not on first use", async () => {
  const old = await check("alice", NOW - SECOND);
  assertEquals(consume(FIRST, [old], { now: NOW }).kind, "consumed");
  const lost = newConsumptionStore(NOW, { afterLoss: true });
  const outcome = consume(lost, [old], { now: NOW });
  assert(outcome.kind === "refused");
  assertEquals(outcome.refusals[0]?.code, "approval_token_predates_store");
  const read = readConsumptionStore(encodeConsumptionStore(lost), SOURCE);
  assertEquals(consume(read, [old], { now: NOW }).kind, "refused");
  assertEquals(consume(read, [await check("alice", NOW)], { now: NOW }).kind, "consumed");
});

Deno.test("consume() takes verified tokens only", async () => {
  const alice = await check("alice");
  assertThrows(() => consume(FIRST, [], { now: NOW }), TypeError);
  assertThrows(() => consume(FIRST, [{ ...alice, valid: false }], { now: NOW }), TypeError);
  assertThrows(() => consume(FIRST, [{ ...alice, signed_digest: "" }], { now: NOW }), TypeError);
});

Deno.test("readConsumptionStore() reads what encodeConsumptionStore() wrote", async () => {
  const store = spend(spend(FIRST, [await check("alice")]), [await check("bob")]);
  const text = encodeConsumptionStore(store);
  assertEquals(encodeConsumptionStore(readConsumptionStore(text, SOURCE)), text);
  assertEquals(store.spent.size, 2);
});

Deno.test("readConsumptionStore() refuses everything that is not exactly a store", async () => {
  const text = encodeConsumptionStore(spend(FIRST, [await check("alice")]));
  const document: JsonObject = JSON.parse(text);
  const entry = (document["spent"] as JsonObject[])[0] ?? {};
  const edits: JsonValue[] = [null, "", 1, [], {}, "x"];
  const bad: string[] = ["", "[]", "null", "{", text.slice(0, -3), `${text}x`];
  for (const name of Object.keys(document)) {
    for (const value of edits) {
      // An empty list is a store without entries.
      if (name === "spent" && Array.isArray(value)) continue;
      bad.push(JSON.stringify({ ...document, [name]: value }));
    }
    const removed = { ...document };
    delete removed[name];
    bad.push(JSON.stringify(removed));
  }
  for (const name of Object.keys(entry)) {
    for (const value of edits) {
      if (name === "token_id" && value === "x") continue;
      bad.push(JSON.stringify({ ...document, spent: [{ ...entry, [name]: value }] }));
    }
  }
  bad.push(JSON.stringify({ ...document, spent: [entry, entry] }));
  bad.push(JSON.stringify({ ...document, extra: 1 }));
  bad.push(JSON.stringify({ ...document, spent: [{ ...entry, extra: 1 }] }));
  bad.push(JSON.stringify({ ...document, accepts_from: "soon" }));
  for (const one of bad) {
    const error = assertThrows(() => readConsumptionStore(one, SOURCE), GaitError);
    assertEquals(error.code, "state_corrupt", one);
    assertEquals(error.place?.source, "store.json", one);
  }
});
