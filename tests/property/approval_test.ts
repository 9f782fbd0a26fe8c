import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { countApprovals } from "../../core/approval/count.ts";
import {
  consume,
  encodeConsumptionStore,
  newConsumptionStore,
  readConsumptionStore,
} from "../../core/approval/consumption.ts";
import { visibleText } from "../../core/approval/render.ts";
import { parseApprovalToken } from "../../core/approval/token.ts";
import { type ApprovalCheck, verifyApprovalToken } from "../../core/approval/verify.ts";
import { parseDuration } from "../../core/base/duration.ts";
import { GaitError } from "../../core/base/errors.ts";
import { trim } from "../../core/base/text_rules.ts";
import { PORTS } from "../unit/approval/_golden.ts";
import { expectation, NOW, SECOND, token, tokenText } from "../unit/approval/_tokens.ts";

const SEED = 20261124;

const word = fc.string({ minLength: 1, unit: "grapheme" })
  .filter((text) => trim(text) !== "" && text.isWellFormed());

Deno.test("minted approvals verify, whatever approver and reason are called", async () => {
  await fc.assert(
    fc.asyncProperty(word, word, async (approver_identity, reason_code) => {
      const minted = await token({ approver_identity, reason_code });
      const check = await verifyApprovalToken(minted, await expectation(), PORTS);
      assertEquals(check.code, undefined);
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
          const parsed = parseApprovalToken(edited, { source: "t" });
          const check = await verifyApprovalToken(parsed, expected, PORTS);
          // Only layout may differ: whatever verifies says exactly what was signed.
          if (check.valid) assertEquals(parsed.claims, original);
        } catch (error) {
          assert(error instanceof GaitError);
        }
      },
    ),
    { seed: SEED, numRuns: 1500 },
  );
});

Deno.test("countApprovals() does not depend on order or copies", async () => {
  const pool: ApprovalCheck[] = [];
  for (const approver_identity of ["alice", "Alice", "bob", "carol"]) {
    const one = await token({ approver_identity });
    pool.push(await verifyApprovalToken(one, await expectation(), PORTS));
    const late = await expectation({ now: NOW + 7200n * SECOND });
    pool.push(await verifyApprovalToken(one, late, PORTS));
  }
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pool)),
      fc.integer({ min: -1, max: 5 }),
      (list, min) => {
        const tally = countApprovals(list, { min_approvals: min });
        const turned = countApprovals([...list].reverse(), { min_approvals: min });
        const doubled = countApprovals([...list, ...list], { min_approvals: min });
        assertEquals(
          [turned.granted, turned.counted, turned.approval_ref],
          [tally.granted, tally.counted, tally.approval_ref],
        );
        assertEquals([doubled.granted, doubled.counted], [tally.granted, tally.counted]);
        const people = new Set(
          list.filter((one) => one.valid)
            .map((one) => one.token.claims.approver_identity.toLowerCase()),
        );
        assertEquals(tally.counted, people.size);
        assertEquals(tally.granted, people.size >= Math.max(1, min));
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("consume() never spends a token twice, whatever the clock does", async () => {
  const pool: ApprovalCheck[] = [];
  for (let i = 0; i < 5; i++) {
    const one = await token({ reason_code: `r${i}`, ttl: BigInt(i + 1) * 600n * SECOND });
    pool.push(await verifyApprovalToken(one, await expectation(), PORTS));
  }
  const step = fc.tuple(
    fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 3 }),
    fc.integer({ min: -7200, max: 7200 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let text = encodeConsumptionStore(newConsumptionStore(NOW, { afterLoss: false }));
      const spent = new Set<ApprovalCheck>();
      for (const [tokens, offset] of steps) {
        const store = readConsumptionStore(text, { source: "s" });
        const outcome = consume(store, tokens, { now: NOW + BigInt(offset) * SECOND });
        if (outcome.kind !== "consumed") continue;
        for (const one of tokens) {
          assert(!spent.has(one));
          spent.add(one);
        }
        text = encodeConsumptionStore(outcome.store);
      }
    }),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("visibleText() is unambiguous and shows nothing hidden", () => {
  const hostile = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const shown = visibleText(a);
      assert(!/[\p{C}\p{Zl}\p{Zp}]/u.test(shown));
      if (a !== b) assert(shown !== visibleText(b));
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

Deno.test("parseDuration() adds up its parts", () => {
  const part = fc.tuple(
    fc.nat({ max: 999 }),
    fc.constantFrom(["ns", 1n], ["us", 1000n], ["ms", 1_000_000n], ["s", SECOND], [
      "m",
      60n * SECOND,
    ], ["h", 3600n * SECOND]) as fc.Arbitrary<[string, bigint]>,
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 10 }), (parts) => {
      const text = parts.map(([count, [unit]]) => `${count}${unit}`).join("");
      const sum = parts.reduce((total, [count, [, size]]) => total + BigInt(count) * size, 0n);
      assertEquals(parseDuration(text), sum);
      assertEquals(parseDuration(`-${text}`), -sum);
    }),
    { seed: SEED, numRuns: 300 },
  );
});
