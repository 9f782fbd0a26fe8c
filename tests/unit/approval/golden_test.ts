import { assert, assertEquals, assertThrows } from "@std/assert";
import { approvalAudit, encodeApprovalAudit } from "../../../core/approval/audit.ts";
import { countApprovals } from "../../../core/approval/count.ts";
import { parseApprovalToken } from "../../../core/approval/token.ts";
import { verifyApprovalToken } from "../../../core/approval/verify.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { delegationBindingDigest } from "../../../core/intent/digests.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import {
  codesOf,
  flag,
  goldenCases,
  type GoldenStep,
  goldenText,
  outNumber,
  outText,
  PORTS,
  tokenPaths,
  verifyKeyOf,
} from "./_golden.ts";

const GROUP = "approvals";
const NOW = parseTimestamp("2026-11-24T00:00:00Z")?.instant ?? 0n;

/** Where we decide differently on purpose; the cases allow it (divergences E6, G5). */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  "approvals/unknown-field": ["approval_chain_insufficient", "approval_token_invalid"],
  "approvals/normalised": ["approval_chain_insufficient", "approval_token_signature_invalid"],
  "approvals/schema-empty": ["approval_chain_insufficient", "approval_token_invalid"],
  "approvals/two-space-copy": [
    "approval_chain_insufficient",
    "approval_distinct_approvers_required",
    "approval_token_signature_invalid",
  ],
};

async function judge(step: GoldenStep) {
  const intent = normalizeIntent(JSON.parse(goldenText(GROUP, flag(step, "--intent") ?? "")));
  const key = await verifyKeyOf(step, GROUP, ["--approval"]);
  const expected = {
    keys: { kind: "shared", keys: [key] } as const,
    intent_digest: outText(step, "intent_digest"),
    policy_digest: outText(step, "policy_digest"),
    delegation_binding_digest: await delegationBindingDigest(intent, webDigester),
    tool_name: intent.tool_name,
    now: NOW,
  };
  const checks = [];
  for (const source of tokenPaths(step, "--approval-token")) {
    const token = parseApprovalToken(goldenText(GROUP, source), { source });
    checks.push(await verifyApprovalToken(token, expected, PORTS));
  }
  const min_approvals = outNumber(step, "required_approvals");
  return { checks, tally: countApprovals(checks, { min_approvals }) };
}

/** Single runs whose outcome depends on approvals. */
const cases = goldenCases(GROUP).filter((one) =>
  one.steps === undefined &&
  codesOf(one, "approval_").some((code) => !code.startsWith("approval_required"))
);

Deno.test("countApprovals() gives the recorded codes for every case", async () => {
  assert(cases.length >= 70, `${cases.length} cases`);
  for (const one of cases) {
    const { tally } = await judge(one);
    const codes = STRICTER[one.id] ?? codesOf(one, "approval_");
    assertEquals(tally.reason_codes, codes, one.id);
    const granted = codes.includes("approval_granted");
    assertEquals(tally.granted, granted, one.id);
    assertEquals(tally.violations, granted ? [] : ["approval_not_granted"], one.id);
    if (STRICTER[one.id] !== undefined) continue;
    assertEquals(tally.valid, outNumber(one, "valid_approvals"), one.id);
    if (flag(one, "--approval-token-ref") !== undefined && !granted) continue;
    assertEquals(tally.approval_ref, outText(one, "approval_ref"), one.id);
  }
});

Deno.test("approvalAudit() writes the recorded record for every case", async () => {
  let compared = 0;
  for (const one of cases) {
    const recorded = one.expect.files_out["out/approval_audit.json"];
    if (recorded === undefined || STRICTER[one.id] !== undefined) continue;
    const { checks, tally } = await judge(one);
    const head = {
      created_at: String(recorded["created_at"]),
      producer_version: String(recorded["producer_version"]),
      trace_id: String(recorded["trace_id"]),
      tool_name: String(recorded["tool_name"]),
      intent_digest: String(recorded["intent_digest"]),
      policy_digest: String(recorded["policy_digest"]),
    };
    const record = approvalAudit(checks, tally, head);
    const wanted = { ...recorded, approved: tally.granted, entries: recorded["entries"] ?? [] };
    // Compared as text, so that member order counts too.
    assertEquals(encodeApprovalAudit(record), `${JSON.stringify(wanted, null, 2)}\n`, one.id);
    compared++;
  }
  assert(compared >= 60, `${compared} records`);
});

Deno.test("parseApprovalToken() throws for what is no token file", () => {
  const bad = [goldenText(GROUP, "tokens/not-json.json"), "", "[]", "null", '"x"', "1", "{} {}"];
  bad.push('{"token_id":1}', '{"scope":"*"}', '{"scope":[1]}', '{"created_at":"yesterday"}');
  bad.push('{"created_at":""}', '{"expires_at":"2026-01-01 00:00:00Z"}', '{"signature":"x"}');
  bad.push(
    '{"signature":{"sig":1}}',
    '{"token_id":"a","token_id":"b"}',
    '{"reason_code":"\\ud800"}',
  );
  for (const text of bad) {
    const error = assertThrows(() => parseApprovalToken(text, { source: "t.json" }), GaitError);
    assertEquals(error.category, "invalid_input", text);
    assertEquals(error.place?.source, "t.json", text);
  }
});
