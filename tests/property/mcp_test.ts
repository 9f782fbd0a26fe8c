import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { JsonObject } from "../../core/base/json_value.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import { intentDigest } from "../../core/intent/digests.ts";
import { FALLBACK_CONTEXT } from "../../core/mcp/call_request.ts";
import { loadCallIntent } from "../../core/mcp/evaluate_call.ts";
import { normalizeRunId } from "../../core/mcp/run_id.ts";
import { readCall } from "../../core/mcp/read_call.ts";
import { envelopesOf, type PlainCall } from "../unit/mcp/_envelopes.ts";

const RUNS = { seed: 20260204, numRuns: 150 };

const key = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const scalar = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("/etc/../srv", "https://h.example", "\u0085x\u0085", "<&>"),
);
const args = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar), fc.dictionary(key, scalar)));
const call: fc.Arbitrary<PlainCall> = fc.record({
  name: fc.constantFrom("Read", " TOOL.READ ", "mcp__fs__write_file", "bash", "tool.\u0130"),
  args: args.map((value) => value as JsonObject),
});
const supplement = fc.record({
  context: fc.record({
    identity: fc.constantFrom("alice", " bob "),
    workspace: fc.constantFrom("/srv", "C:\\work"),
    session_id: fc.constantFrom("s", "s/1"),
  }),
  targets: fc.array(fc.constantFrom({ kind: "path", value: "/a" }, { kind: "host", value: "h" })),
});

Deno.test("one call has one digest, whichever envelope it comes in", async () => {
  await fc.assert(
    fc.asyncProperty(call, supplement, fc.boolean(), async (plain, beside, inferTargets) => {
      const digests = new Set<string>();
      const raw = new Set<string>();
      for (const { adapter, value } of envelopesOf(plain)) {
        const read = readCall(value, { adapter, supplement: beside });
        const { intent } = await loadCallIntent(read, {
          fallback: FALLBACK_CONTEXT,
          inferTargets,
          source: "t",
          profile: "oss-prod",
        }, { digester: webDigester });
        digests.add(await intentDigest(intent.intent, webDigester));
        raw.add(intent.rawCallDigest);
      }
      assertEquals([digests.size, raw.size], [1, 1]);
    }),
    RUNS,
  );
});

Deno.test("normalizeRunId() is idempotent and yields file names", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      const id = normalizeRunId(text);
      assertEquals(normalizeRunId(id), id);
      assertEquals(id === "" || /^run_[A-Za-z0-9_-]+$/.test(id), true);
    }),
    RUNS,
  );
});
