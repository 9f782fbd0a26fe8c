import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { GaitError } from "../../core/base/errors.ts";
import { trim } from "../../core/base/text_rules.ts";
import { verifyDelegation } from "../../core/delegation/decide.ts";
import { type DelegationToken, parseDelegationToken } from "../../core/delegation/token.ts";
import { verifyDelegationToken } from "../../core/delegation/verify.ts";
import { PORTS } from "../unit/approval/_golden.ts";
import { HOUR, INTENT, NOW, POLICY, SECOND } from "../unit/approval/_tokens.ts";
import { chainOf, expectation, token, tokenText } from "../unit/delegation/_tokens.ts";

const SEED = 20261124;

const word = fc.string({ minLength: 1, unit: "grapheme" })
  .filter((text) => trim(text) !== "" && text.isWellFormed());

Deno.test("minted delegations verify for the identities they name, and no others", async () => {
  await fc.assert(
    fc.asyncProperty(word, word, async (delegator_identity, delegate_identity) => {
      const minted = await token({ delegator_identity, delegate_identity });
      const names = {
        delegator_identity: trim(delegator_identity),
        delegate_identity: trim(delegate_identity),
      };
      const fits = await verifyDelegationToken(minted, await expectation(names), PORTS);
      assertEquals(fits.code, undefined);
      const other = await expectation({
        ...names,
        delegate_identity: `${names.delegate_identity}x`,
      });
      const misfit = await verifyDelegationToken(minted, other, PORTS);
      assertEquals(misfit.code, "delegation_token_delegate_mismatch");
    }),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("no change of one character of a token file verifies as another token", async () => {
  const text = await tokenText();
  const expected = await expectation();
  const original = (await token()).claims;
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: text.length - 1 }),
      fc.integer({ min: 0x20, max: 0x7e }),
      async (index, code) => {
        const edited = text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
        try {
          const parsed = parseDelegationToken(edited, { source: "t" });
          const check = await verifyDelegationToken(parsed, expected, PORTS);
          if (check.valid) assertEquals(parsed.claims, original);
        } catch (error) {
          assert(error instanceof GaitError);
        }
      },
    ),
    { seed: SEED, numRuns: 1000 },
  );
});

Deno.test("verifyDelegation() grants exactly when a valid token is among those shown", async () => {
  const good = await token();
  const bad = [
    await token({ delegate_identity: "mallory" }),
    await token({}, { by: 2 }),
    await token({}, { at: NOW - 2n * HOUR }),
    await token({ scope: ["read"] }),
    await token({ intent_digest: POLICY }),
  ];
  const keys = (await expectation()).keys;
  const pool: DelegationToken[] = [good, ...bad];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pool), { minLength: 1 }), async (shown) => {
      const outcome = await verifyDelegation(shown, {
        intent: { tool_name: "repo.push", delegation: chainOf("lead", "worker") },
        intent_digest: INTENT,
        policy_digest: POLICY,
        required: true,
        keys,
        now: NOW + SECOND,
      }, PORTS);
      assertEquals(outcome.kind, shown.includes(good) ? "granted" : "insufficient");
      assertEquals(outcome.checks.length, shown.length);
    }),
    { seed: SEED, numRuns: 60 },
  );
});
