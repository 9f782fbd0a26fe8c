import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { mintApprovalToken } from "../../../core/approval/mint.ts";
import { encodeApprovalToken, parseApprovalToken } from "../../../core/approval/token.ts";
import { readTokenTerms } from "../../../core/token/token_terms.ts";
import { verifyApprovalToken } from "../../../core/approval/verify.ts";
import { parseDuration } from "../../../core/base/duration.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { formatInstant, parseTimestamp } from "../../../core/base/instant.ts";
import type { JsonObject } from "../../../core/base/json_value.ts";
import { flag, goldenCases, goldenSigner, type GoldenStep, PORTS } from "./_golden.ts";
import { expectation, HOUR, NOW, request, testSigner, token } from "./_tokens.ts";

/** Mints what a recorded command minted, at the recorded time. */
async function remint(step: GoldenStep, group: string, recorded: JsonObject) {
  const key = /test-only-([abc])/.exec(flag(step, "--private-key") ?? "")?.[1] ?? "a";
  const scope = (flag(step, "--scope") ?? "").split(",");
  const terms = readTokenTerms({ ttl: flag(step, "--ttl") ?? "", scope });
  return await mintApprovalToken({
    ...terms,
    intent_digest: flag(step, "--intent-digest") ?? "",
    policy_digest: flag(step, "--policy-digest") ?? "",
    delegation_binding_digest: flag(step, "--delegation-binding-digest") ?? "",
    approver_identity: flag(step, "--approver") ?? "",
    reason_code: flag(step, "--reason-code") ?? "",
  }, {
    signer: await goldenSigner(group, key === "b" ? "b" : key === "c" ? "c" : "a"),
    digester: PORTS.digester,
    now: parseTimestamp(String(recorded["created_at"]))?.instant ?? 0n,
    version: String(recorded["producer_version"]),
  });
}

Deno.test("mintApprovalToken() writes the bytes that the reference wrote", async () => {
  let compared = 0;
  for (const group of ["approve-delegate", "approvals"]) {
    for (const one of goldenCases(group)) {
      for (const step of one.steps ?? [one]) {
        if (step.argv[0] !== "approve" || step.expect.exit_code !== 0) continue;
        if (flag(step, "--key-mode") !== "prod") continue;
        for (const recorded of Object.values(step.expect.files_out)) {
          const minted = await remint(step, group, recorded);
          const text = `${JSON.stringify(recorded, null, 2)}\n`;
          assertEquals(encodeApprovalToken(minted), text, one.id);
          compared++;
        }
      }
    }
  }
  assert(compared >= 15, `${compared} tokens`);
});

Deno.test("mintApprovalToken() refuses what the recorded commands refuse", async () => {
  let refused = 0;
  for (const one of goldenCases("approve-delegate")) {
    if (one.argv?.[0] !== "approve" || one.expect.exit_code !== 6) continue;
    // Key trouble and positional arguments belong to the command.
    if (/order-key|order-scope-key|positional/.test(one.id)) continue;
    const recorded = { created_at: formatInstant(NOW), producer_version: "0" };
    const error = await assertRejects(() => remint(one, "approve-delegate", recorded), GaitError);
    assertEquals(error.code, "invalid_input", one.id);
    refused++;
  }
  assert(refused >= 15, `${refused} commands`);
});

Deno.test("mintApprovalToken() reports the first failing check in its documented words", async () => {
  const options = {
    signer: await testSigner(1),
    digester: PORTS.digester,
    now: NOW,
    version: "0.0.0-test",
  };
  const cases: [Parameters<typeof request>[0], string][] = [
    [{ intent_digest: "x", policy_digest: "x" }, "intent_digest must be sha256 hex"],
    [
      { policy_digest: "x", delegation_binding_digest: "x" },
      "policy_digest must be sha256 hex",
    ],
    [
      { delegation_binding_digest: "x", approver_identity: "" },
      "delegation_binding_digest must be sha256 hex when set",
    ],
    [{ approver_identity: " \t", reason_code: "" }, "approver identity is required"],
    [{ reason_code: "\u00a0" }, "reason code is required"],
  ];
  for (const [change, message] of cases) {
    const error = await assertRejects(() => mintApprovalToken(request(change), options), GaitError);
    assertEquals(error.message, message);
  }
});

Deno.test("readTokenTerms() checks ttl before scope", () => {
  const both = assertThrows(() => readTokenTerms({ ttl: "x", scope: [] }), GaitError);
  assertEquals(both.message, "invalid --ttl, expected positive duration");
  for (const ttl of ["0", "0s", "-1h", "1d", "", "9999999h"]) {
    assertThrows(() => readTokenTerms({ ttl, scope: ["a"] }), GaitError, "invalid --ttl");
  }
  const scope = assertThrows(() => readTokenTerms({ ttl: "1h", scope: [" ", ""] }), GaitError);
  assertEquals(scope.message, "scope is required");
  assertEquals(readTokenTerms({ ttl: "1h", scope: ["Tool:B ", "tool:a", "TOOL:b"] }), {
    ttl: parseDuration("1h") ?? 0n,
    scope: ["tool:a", "tool:b"],
  });
});

Deno.test("mintApprovalToken() normalises what it signs", async () => {
  const minted = await token({
    intent_digest: ` ${"A".repeat(64)} `,
    approver_identity: " alice ",
    reason_code: " ok ",
  });
  assertEquals(minted.claims.intent_digest, "a".repeat(64));
  assertEquals(minted.claims.approver_identity, "alice");
  const expected = await expectation({ intent_digest: "a".repeat(64) });
  assert((await verifyApprovalToken(minted, expected, PORTS)).valid);
});

Deno.test("mintApprovalToken() keeps nanoseconds of both times", async () => {
  const minted = await token({ ttl: HOUR + 1n }, { at: NOW + 123n });
  assertEquals(minted.claims.created_at.text, "2026-11-24T10:00:00.000000123Z");
  assertEquals(minted.claims.expires_at.text, "2026-11-24T11:00:00.000000124Z");
});

Deno.test("parseApprovalToken() reads the independently signed token of the specification", async () => {
  const text =
    '{"schema_id":"gait.gate.approval_token","schema_version":"1.0.0","created_at":"2026-02-06T00:00:00Z","producer_version":"0.0.0-dev","token_id":"533aa2c6010747e6775194c3","approver_identity":"alice","reason_code":"ok","intent_digest":"2e25fafcf83fa9e6c15aae6c09b8f206bc0c1f19e8ca980720512d4bf699130b","policy_digest":"7c8ca3ef79f638c061bcf823b91724bf2fe80471b9ae6484819841c991180473","scope":["tool:t"],"expires_at":"2036-02-06T00:00:00Z","signature":{"alg":"ed25519","key_id":"56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c","sig":"D2SC91SkirRKfrSAg2svNur2yIZ3wNQn5xxPBxR1qLipMNTffQza2EpFXuyjqCb7/vDtQBdGehHya17r9WOlDA==","signed_digest":"3b1658d908999110740dfe8adfd8cb3b6cd35715b9afe2c91731c174bd394a8b"}}';
  const parsed = parseApprovalToken(text, { source: "spec" });
  const { publicKey, keyId } = await goldenSigner("approvals", "a");
  const check = await verifyApprovalToken(
    parsed,
    await expectation({
      keys: { kind: "shared", keys: [{ publicKey, keyId }] },
      intent_digest: parsed.claims.intent_digest,
      policy_digest: parsed.claims.policy_digest,
      tool_name: "t",
    }),
    PORTS,
  );
  assertEquals(check.code, undefined);
  const { keyId: id } = await goldenSigner("approvals", "a");
  assertEquals(check.key_id, id);
});
