import { assertEquals } from "@std/assert";
import { countApprovals } from "../../../core/approval/count.ts";
import { type ApprovalCheck, verifyApprovalToken } from "../../../core/approval/verify.ts";
import { PORTS } from "./_golden.ts";
import { expectation, HOUR, NOW, token } from "./_tokens.ts";

async function check(approver: string, reason = "ok", at = NOW): Promise<ApprovalCheck> {
  const one = await token({ approver_identity: approver, reason_code: reason }, { at });
  return await verifyApprovalToken(one, await expectation(), PORTS);
}

Deno.test("countApprovals() asks for at least one approval", async () => {
  const one = await check("alice");
  for (const min_approvals of [-1, 0, 1]) {
    const tally = countApprovals([one], { min_approvals });
    assertEquals([tally.required, tally.valid, tally.counted, tally.granted], [1, 1, 1, true]);
    assertEquals(tally.reason_codes, ["approval_granted"]);
    assertEquals(tally.approval_ref, one.token.claims.token_id);
  }
});

Deno.test("countApprovals() reports missing tokens", () => {
  for (const min_approvals of [0, 1, 3]) {
    const tally = countApprovals([], { min_approvals });
    assertEquals(tally.granted, false);
    assertEquals(tally.reason_codes, ["approval_token_missing"]);
    assertEquals(tally.violations, ["approval_not_granted"]);
    assertEquals(tally.approval_ref, "");
  }
});

Deno.test("countApprovals() counts a copied token once", async () => {
  const one = await check("alice");
  const tally = countApprovals([one, { ...one }], { min_approvals: 2 });
  assertEquals([tally.valid, tally.counted, tally.granted], [2, 1, false]);
  assertEquals(tally.reason_codes, ["approval_distinct_approvers_required"]);
  assertEquals(tally.tokens.length, 1);
});

Deno.test("countApprovals() counts one approver once, however the name is spelled", async () => {
  const names = [
    "alice",
    "Alice",
    "ALICE",
    "\uff41lice",
    "alice\u200b",
    "ali\u00adce",
    "a\u2060lice",
  ];
  const checks = await Promise.all(names.map((name, index) => check(name, `reason-${index}`)));
  const tally = countApprovals(checks, { min_approvals: 2 });
  assertEquals([tally.valid, tally.counted, tally.granted], [names.length, 1, false]);
  assertEquals(tally.reason_codes, ["approval_distinct_approvers_required"]);
});

Deno.test("countApprovals() grants when enough different approvers stand behind it", async () => {
  const [alice, bob] = [await check("alice"), await check("bob")];
  const tally = countApprovals([bob, alice, { ...bob }], { min_approvals: 2 });
  assertEquals([tally.counted, tally.granted], [2, true]);
  const ids = [alice, bob].map((one) => one.token.claims.token_id);
  assertEquals(tally.approval_ref, ids.sort((a, b) => (a < b ? -1 : 1)).join(","));
  assertEquals(tally.violations, []);
});

Deno.test("countApprovals() keeps the codes of failed tokens beside the grant", async () => {
  const tally = countApprovals([await check("alice"), await check("bob", "ok", NOW - 2n * HOUR)], {
    min_approvals: 1,
  });
  assertEquals(tally.reason_codes, ["approval_granted", "approval_token_expired"]);
  assertEquals(tally.tokens.length, 1);
});

Deno.test("countApprovals() never counts a token that failed", async () => {
  const failed = await check("bob", "ok", NOW - 2n * HOUR);
  const tally = countApprovals([failed], { min_approvals: 1 });
  assertEquals([tally.valid, tally.counted, tally.granted], [0, 0, false]);
  assertEquals(tally.reason_codes, ["approval_chain_insufficient", "approval_token_expired"]);
});
