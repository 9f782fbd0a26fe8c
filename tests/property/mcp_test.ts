import { assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import { GaitError } from "../../core/base/errors.ts";
import { isJsonObject, type JsonObject } from "../../core/base/json_value.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import { intentDigest } from "../../core/intent/digests.ts";
import { ADAPTERS, FALLBACK_CONTEXT } from "../../core/mcp/call_request.ts";
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

/** Members that envelopes use, so that random documents come close to real ones. */
const member = fc.constantFrom(
  ...["name", "args", "input", "arguments", "function", "tool", "tool_input", "toolName", "type"],
  ...["tool_name", "hook_event_name", "rawItem", "context", "targets", "target", "delegation"],
  ...["__proto__", "constructor", "x"],
);
const word = fc.constantFrom(
  "function",
  "tool_use",
  "tool_call",
  "function_call",
  "PreToolUse",
  "{}",
);
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.integer(), word, fc.string({ maxLength: 5 })),
    fc.array(tie("document"), { maxLength: 3 }),
    fc.dictionary(member, tie("document"), { maxKeys: 5 }),
  ),
}));

Deno.test("readCall() answers any document with a whole call or a refusal", () => {
  fc.assert(
    fc.property(document, fc.constantFrom(...ADAPTERS), (value, adapter) => {
      const text = JSON.stringify(value);
      try {
        const call = readCall(JSON.parse(text), { adapter });
        assertEquals(typeof call.name === "string" && call.name.trim() !== "", true);
        assertEquals(isJsonObject(call.args) && isJsonObject(call.context), true);
      } catch (error) {
        assertInstanceOf(error, GaitError);
        assertEquals(error.category, "invalid_input");
      }
    }),
    { ...RUNS, numRuns: 3000 },
  );
});
