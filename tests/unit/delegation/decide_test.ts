import { assertEquals } from "@std/assert";
import { delegationAudit } from "../../../core/delegation/audit.ts";
import {
  chainFindings,
  type DelegationCase,
  verifyDelegation,
} from "../../../core/delegation/decide.ts";
import type { Delegation } from "../../../core/intent/intent.ts";
import { PORTS } from "../approval/_golden.ts";
import { HOUR, INTENT, NOW, POLICY, SECOND } from "../approval/_tokens.ts";
import { chainOf, expectation, token } from "./_tokens.ts";

async function oneCase(
  delegation: Delegation | undefined,
  change: Partial<DelegationCase> = {},
): Promise<DelegationCase> {
  return {
    intent: { tool_name: "repo.push", delegation },
    intent_digest: INTENT,
    policy_digest: POLICY,
    required: true,
    keys: (await expectation()).keys,
    now: NOW + SECOND,
    ...change,
  };
}

Deno.test("verifyDelegation() without tokens asks for one where the rule does", async () => {
  const required = await verifyDelegation([], await oneCase(chainOf("lead", "worker")), PORTS);
  assertEquals(required.kind, "missing");
  assertEquals(required.reason_codes, ["delegation_token_missing"]);
  assertEquals(required.violations, ["delegation_not_granted"]);
  const free = await oneCase(chainOf("lead", "worker"), { required: false });
  const optional = await verifyDelegation([], free, PORTS);
  assertEquals([optional.kind, optional.reason_codes], ["not_required", []]);
});

Deno.test("verifyDelegation() verifies presented tokens even where no rule asks", async () => {
  const free = await oneCase(chainOf("lead", "worker"), { required: false });
  const good = await verifyDelegation([await token()], free, PORTS);
  assertEquals([good.kind, good.reason_codes], ["granted", ["delegation_granted"]]);
  const bad = await verifyDelegation([await token({ delegate_identity: "mallory" })], free, PORTS);
  assertEquals(bad.kind, "insufficient");
  const undelegated = await oneCase(undefined, { required: false });
  assertEquals((await verifyDelegation([await token()], undelegated, PORTS)).kind, "insufficient");
});

Deno.test("verifyDelegation() counts copies of a token once", async () => {
  const one = await token();
  const outcome = await verifyDelegation(
    [one, one],
    await oneCase(chainOf("lead", "worker")),
    PORTS,
  );
  assertEquals([outcome.valid, outcome.delegation_ref], [1, one.claims.token_id]);
});

Deno.test("verifyDelegation() expects the delegator of the last link", async () => {
  const two = await oneCase(chainOf("boss", "lead", "worker"));
  assertEquals((await verifyDelegation([await token()], two, PORTS)).kind, "granted");
  const first = await token({ delegator_identity: "boss", delegate_identity: "lead" });
  const outcome = await verifyDelegation([first], two, PORTS);
  assertEquals(outcome.reason_codes, [
    "delegation_chain_insufficient",
    "delegation_token_delegator_mismatch",
  ]);
});

Deno.test("verifyDelegation() accepts any delegator where the intent names none", async () => {
  const none = await oneCase({ ...chainOf("worker"), chain: [] });
  const outcome = await verifyDelegation([await token({ delegator_identity: "x" })], none, PORTS);
  assertEquals(outcome.kind, "granted");
});

Deno.test("verifyDelegation() does not grant over a broken or expired chain", async () => {
  const good = chainOf("boss", "lead", "worker");
  const broken = {
    ...good,
    chain: [good.chain[0]!, { ...good.chain[1]!, delegator_identity: "x" }],
  };
  const outcome = await verifyDelegation(
    [await token({ delegator_identity: "x" })],
    await oneCase(broken),
    PORTS,
  );
  assertEquals(outcome.kind, "insufficient");
  assertEquals([outcome.valid, outcome.delegation_ref], [0, ""]);
  assertEquals(outcome.reason_codes, ["delegation_chain_broken", "delegation_chain_insufficient"]);
  const head = {
    created_at: "2026-02-01T10:00:00Z",
    producer_version: "0",
    trace_id: "t",
    tool_name: "repo.push",
    intent_digest: INTENT,
    policy_digest: POLICY,
  };
  const record = delegationAudit(outcome, { required: true }, head);
  assertEquals([record.delegated, record.valid_delegations, record.entries.length], [false, 0, 1]);
});

Deno.test("chainFindings() looks at every link and every time", () => {
  const good = chainOf("boss", "lead", "worker");
  assertEquals(chainFindings(good, NOW), []);
  assertEquals(chainFindings({ ...good, requester_identity: "x" }, NOW), [
    "delegation_chain_broken",
  ]);
  assertEquals(chainFindings({ ...good, chain: [] }, NOW), []);
  assertEquals(chainFindings({ ...good, expires_at: "2026-11-24T10:00:00Z" }, NOW), [
    "delegation_chain_expired",
  ]);
  assertEquals(chainFindings({ ...good, expires_at: "2026-11-24T10:00:00Z" }, NOW - 1n), []);
  assertEquals(chainFindings({ ...good, expires_at: "garbage" }, NOW), [
    "delegation_chain_expired",
  ]);
  const chain = good.chain.map((link) => ({ ...link, expires_at: "2026-11-24T09:00:00Z" }));
  assertEquals(chainFindings({ ...good, chain }, NOW), ["delegation_chain_expired"]);
  assertEquals(chainFindings({ ...good, chain }, NOW - 2n * HOUR), []);
});
