import { assert, assertEquals, assertThrows } from "@std/assert";
import { delegationAudit, encodeDelegationAudit } from "../../../core/delegation/audit.ts";
import { verifyDelegation } from "../../../core/delegation/decide.ts";
import { parseDelegationToken } from "../../../core/delegation/token.ts";
import { verifyDelegationToken } from "../../../core/delegation/verify.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
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
} from "../approval/_golden.ts";

const GROUP = "delegation";
const NOW = parseTimestamp("2026-11-24T00:00:00Z")?.instant ?? 0n;

/** Where we decide differently on purpose (divergences E6, G6); the first two are asked for. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  "delegation/scope-other": ["delegation_chain_insufficient", "delegation_token_scope_mismatch"],
  "delegation/unknown-field": ["delegation_chain_insufficient", "delegation_token_invalid"],
  "delegation/broken-chain": ["delegation_chain_broken", "delegation_chain_insufficient"],
  "delegation/expired-chain": ["delegation_chain_expired", "delegation_chain_insufficient"],
};

async function judge(step: GoldenStep) {
  const intent = normalizeIntent(JSON.parse(goldenText(GROUP, flag(step, "--intent") ?? "")));
  const key = await verifyKeyOf(step, GROUP, ["--delegation", "--approval"]);
  const tokens = tokenPaths(step, "--delegation-token")
    .map((source) => parseDelegationToken(goldenText(GROUP, source), { source }));
  return await verifyDelegation(tokens, {
    intent,
    intent_digest: outText(step, "intent_digest"),
    policy_digest: outText(step, "policy_digest"),
    required: true,
    keys: [key],
    now: NOW,
  }, PORTS);
}

/** Single runs whose matched rule requires a delegation. */
const cases = goldenCases(GROUP).filter((one) =>
  one.steps === undefined && one.argv[0] === "gate" && codesOf(one, "delegation_").length > 0
);

Deno.test("verifyDelegation() gives the recorded codes for every case", async () => {
  assert(cases.length >= 45, `${cases.length} cases`);
  for (const one of cases) {
    const outcome = await judge(one);
    const codes = STRICTER[one.id] ?? codesOf(one, "delegation_");
    assertEquals(outcome.reason_codes, codes, one.id);
    assertEquals(outcome.kind === "granted", codes.includes("delegation_granted"), one.id);
    if (STRICTER[one.id] !== undefined) continue;
    assertEquals(outcome.valid, outNumber(one, "valid_delegations"), one.id);
    if (outcome.kind === "granted") {
      assertEquals(outcome.delegation_ref, outText(one, "delegation_ref"), one.id);
    }
  }
});

Deno.test("delegationAudit() writes the recorded record for every case", async () => {
  let compared = 0;
  for (const one of cases) {
    const recorded = one.expect.files_out["out/delegation_audit.json"];
    if (recorded === undefined || STRICTER[one.id] !== undefined) continue;
    const outcome = await judge(one);
    const head = {
      created_at: String(recorded["created_at"]),
      producer_version: String(recorded["producer_version"]),
      trace_id: String(recorded["trace_id"]),
      tool_name: String(recorded["tool_name"]),
      intent_digest: String(recorded["intent_digest"]),
      policy_digest: String(recorded["policy_digest"]),
    };
    const record = delegationAudit(outcome, { required: true }, head);
    assertEquals(encodeDelegationAudit(record), `${JSON.stringify(recorded, null, 2)}\n`, one.id);
    compared++;
  }
  assert(compared >= 40, `${compared} records`);
});

Deno.test("verifyDelegationToken() gives the recorded code for every verify command", async () => {
  let compared = 0;
  for (const one of goldenCases(GROUP)) {
    if (one.argv?.[1] !== "verify" || one.expect.exit_code === 6) continue;
    const source = flag(one, "--token") ?? "";
    const token = parseDelegationToken(goldenText(GROUP, source), { source });
    const delegator = flag(one, "--delegator");
    const delegate = flag(one, "--delegate");
    const intent_digest = flag(one, "--intent-digest");
    const policy_digest = flag(one, "--policy-digest");
    const scopes = flag(one, "--scope")?.split(",");
    const check = await verifyDelegationToken(token, {
      keys: [await verifyKeyOf(one, GROUP, ["-"])],
      now: NOW,
      requireBinding: true,
      ...(delegator === undefined ? {} : { delegator_identity: delegator }),
      ...(delegate === undefined ? {} : { delegate_identity: delegate }),
      ...(intent_digest === undefined ? {} : { intent_digest }),
      ...(policy_digest === undefined ? {} : { policy_digest }),
      ...(scopes === undefined ? {} : { scope: { kind: "all", scopes } as const }),
    }, PORTS);
    const stricter: Readonly<Record<string, string>> = {
      "delegation/dv-unbound": "delegation_token_intent_mismatch",
      "delegation/dv-unknown": "delegation_token_invalid",
    };
    const recorded = outText(one, "error_code");
    const text = one.expect.stdout === null;
    if (text) assertEquals(check.valid, one.expect.exit_code === 0, one.id);
    else assertEquals(check.code ?? "", stricter[one.id] ?? recorded, one.id);
    compared++;
  }
  assert(compared >= 18, `${compared} commands`);
});

Deno.test("parseDelegationToken() throws for what is no token file", () => {
  const bad = [goldenText(GROUP, "tokens/not-json.json"), "", "[]", "null", '{"scope":"*"}'];
  bad.push('{"delegator_identity":1}', '{"expires_at":"never"}', '{"signature":[]}');
  for (const text of bad) {
    const error = assertThrows(() => parseDelegationToken(text, { source: "t.json" }), GaitError);
    assertEquals(error.category, "invalid_input", text);
  }
});
