import { assert, assertEquals, assertRejects } from "@std/assert";
import { readTokenTerms } from "../../../core/token/token_terms.ts";
import { mintDelegationToken } from "../../../core/delegation/mint.ts";
import { encodeDelegationToken, parseDelegationToken } from "../../../core/delegation/token.ts";
import { verifyDelegationToken } from "../../../core/delegation/verify.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { formatInstant, parseTimestamp } from "../../../core/base/instant.ts";
import type { JsonObject } from "../../../core/base/json_value.ts";
import { flag, goldenCases, goldenSigner, type GoldenStep, PORTS } from "../approval/_golden.ts";
import { NOW } from "../approval/_tokens.ts";

/** Mints what a recorded command minted, at the recorded time. */
async function remint(step: GoldenStep, group: string, recorded: JsonObject) {
  const key = /test-only-([abc])/.exec(flag(step, "--private-key") ?? "")?.[1] ?? "a";
  const scope = (flag(step, "--scope") ?? "").split(",");
  return await mintDelegationToken({
    ...readTokenTerms({ ttl: flag(step, "--ttl") ?? "", scope }),
    delegator_identity: flag(step, "--delegator") ?? "",
    delegate_identity: flag(step, "--delegate") ?? "",
    scope_class: flag(step, "--scope-class") ?? "",
    intent_digest: flag(step, "--intent-digest") ?? "",
    policy_digest: flag(step, "--policy-digest") ?? "",
  }, {
    signer: await goldenSigner(group, key === "b" ? "b" : key === "c" ? "c" : "a"),
    digester: PORTS.digester,
    now: parseTimestamp(String(recorded["created_at"]))?.instant ?? 0n,
    version: String(recorded["producer_version"]),
  });
}

Deno.test("mintDelegationToken() writes the bytes that the reference wrote", async () => {
  let compared = 0;
  for (const group of ["approve-delegate", "delegation"]) {
    for (const one of goldenCases(group)) {
      for (const step of one.steps ?? [one]) {
        if (step.argv[1] !== "mint" || step.expect.exit_code !== 0) continue;
        if (flag(step, "--key-mode") !== "prod") continue;
        for (const recorded of Object.values(step.expect.files_out)) {
          const minted = await remint(step, group, recorded);
          const text = `${JSON.stringify(recorded, null, 2)}\n`;
          assertEquals(encodeDelegationToken(minted), text, one.id);
          compared++;
        }
      }
    }
  }
  assert(compared >= 5, `${compared} tokens`);
});

Deno.test("mintDelegationToken() refuses what the recorded commands refuse", async () => {
  let refused = 0;
  for (const one of goldenCases("approve-delegate")) {
    if (one.argv?.[1] !== "mint" || one.expect.exit_code !== 6 || /bad-key/.test(one.id)) continue;
    const recorded = { created_at: formatInstant(NOW), producer_version: "0" };
    const error = await assertRejects(() => remint(one, "approve-delegate", recorded), GaitError);
    assertEquals(error.code, "invalid_input", one.id);
    refused++;
  }
  assert(refused >= 7, `${refused} commands`);
});

Deno.test("parseDelegationToken() reads the independently signed token of the specification", async () => {
  const text =
    '{"schema_id":"gait.gate.delegation_token","schema_version":"1.0.0","created_at":"2026-02-06T00:00:00Z","producer_version":"0.0.0-dev","token_id":"f05f1022c62e64b6f9583cea","delegator_identity":"lead","delegate_identity":"spec","scope":["read","write"],"scope_class":"write","expires_at":"2036-02-06T00:00:00Z","signature":{"alg":"ed25519","key_id":"56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c","sig":"peMy3Ri4GDrx7tVZ18jZsfj1xbQzo+Vg1iPCAnRyDXPHaw5FyYgIQ0quj0Oqw2zV0O0srThADnkS2D6lyDTJDA==","signed_digest":"1c09e8b89aa4b3810426bcd752841099dbdce1dfec665d01eb9e8cd692ffede5"}}';
  const { publicKey, keyId } = await goldenSigner("delegation", "a");
  const token = parseDelegationToken(text, { source: "spec" });
  const check = await verifyDelegationToken(
    token,
    { keys: [{ publicKey, keyId }], now: NOW },
    PORTS,
  );
  assertEquals(check.code, undefined);
});
