import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import {
  encodeRateLimitState,
  readRateLimitState,
  splitCounterKey,
} from "../../../core/quota/state.ts";
import { clockJump, rateLimitStatus, resetRateLimits } from "../../../core/quota/status.ts";
import { goldenCases, goldenText } from "../approval/_golden.ts";

const SOURCE = { source: "rl.json" };
const NOW = parseTimestamp("2026-11-24T10:15:30Z")?.instant ?? 0n;

function stateOf(...counters: [string, number][]) {
  return { counters: new Map(counters) };
}

const MIXED = stateOf(
  ["minute|tool|2026-11-24T10:15:00Z|tool.read", 1],
  ["minute|tool|2026-11-24T10:14:00Z|tool.read", 2],
  ["hour|identity|2099-01-01T00:00:00Z|a|b", 3],
  ["garbage", 4],
  ["week|tool|2026-11-24T10:15:00Z|x", 5],
  ["hour|tool|soon|x", 6],
);

Deno.test("encodeRateLimitState() writes the recorded files", () => {
  let compared = 0;
  for (const one of goldenCases("rate-limit")) {
    for (const step of one.steps ?? [one]) {
      for (const [name, recorded] of Object.entries(step.expect.files_out ?? {})) {
        if (recorded["schema_id"] !== "gait.gate.rate_limit_state") continue;
        const text = `${JSON.stringify(recorded, null, 2)}\n`;
        assertEquals(encodeRateLimitState(readRateLimitState(text, SOURCE)), text, name);
        compared++;
      }
    }
  }
  assertEquals(compared > 20, true, `${compared} files`);
});

Deno.test("encodeRateLimitState() writes an empty list", () => {
  assertEquals(
    encodeRateLimitState(stateOf()),
    '{\n  "schema_id": "gait.gate.rate_limit_state",\n  "schema_version": "1.0.0",\n  "counters": []\n}\n',
  );
});

Deno.test("readRateLimitState() tolerates what the reference tolerates", () => {
  const texts = ["{}", '{"counters":null}', '{"counters":[],"x":1}', '{"counters":[null,{}]}'];
  texts.push(goldenText("rate-limit", "seed/schema.json"));
  texts.push('{"counters":[{"key":"k","count":0},{"key":"k","count":-3}]}');
  for (const text of texts) {
    assertEquals(readRateLimitState(text, SOURCE).counters.size, 0, text);
  }
});

Deno.test("readRateLimitState() trims keys and adds up the counts of one key", () => {
  const text =
    '{"counters":[{"key":" k ","count":2},{"key":"k","count":3},{"key":"k","count":-9}]}';
  assertEquals([...readRateLimitState(text, SOURCE).counters], [["k", 5]]);
  const max = Number.MAX_SAFE_INTEGER;
  const huge = `{"counters":[{"key":"k","count":${max}},{"key":"k","count":${max}}]}`;
  assertEquals([...readRateLimitState(huge, SOURCE).counters], [["k", max]]);
});

Deno.test("readRateLimitState() refuses what is not a state", () => {
  const bad = [goldenText("rate-limit", "seed/bad.json"), "", "null", "[]", '"x"', "{} {}"];
  bad.push('{"counters":{}}', '{"counters":"x"}', '{"counters":[1]}', '{"counters":[[]]}');
  bad.push('{"counters":[{"key":1}]}', '{"counters":[{"key":"k","count":"1"}]}');
  bad.push('{"counters":[{"key":"k","count":1.5}]}', '{"counters":[{"key":"k","count":true}]}');
  bad.push('{"counters":[{"key":"k","count":1e300}]}', '{"counters":[],"counters":[]}');
  for (const text of bad) {
    const error = assertThrows(() => readRateLimitState(text, SOURCE), GaitError);
    assertEquals(error.code, "state_corrupt", text);
    assertEquals(error.category, "invalid_input");
  }
});

Deno.test("splitCounterKey() splits at the first three bars", () => {
  assertEquals(splitCounterKey("a|b|c"), undefined);
  assertEquals(splitCounterKey(""), undefined);
  assertEquals(splitCounterKey("minute|tool|2026-11-24T10:15:00Z|a|b|c")?.key, "a|b|c");
  assertEquals(splitCounterKey("|||"), { window: "", scope: "", bucket: "", key: "" });
});

Deno.test("rateLimitStatus() tells past, current, future and malformed counters apart", () => {
  const rows = rateLimitStatus(MIXED, { now: NOW });
  assertEquals(rows.map((row) => [row.count, row.phase, row.key]), [
    [4, "malformed", "garbage"],
    [3, "future", "a|b"],
    [6, "malformed", "x"],
    [2, "past", "tool.read"],
    [1, "current", "tool.read"],
    [5, "malformed", "x"],
  ]);
});

Deno.test("resetRateLimits() removes what is selected", () => {
  assertEquals(resetRateLimits(MIXED), { state: stateOf(), removed: 6 });
  assertEquals(resetRateLimits(MIXED, { key: "tool.read" }).removed, 2);
  const mended = resetRateLimits(MIXED, { futureOnly: { now: NOW } });
  assertEquals([mended.removed, mended.state.counters.size], [1, 5]);
  assertEquals(resetRateLimits(MIXED, { key: "tool.read", futureOnly: { now: NOW } }).removed, 0);
});

Deno.test("clockJump() compares wall clock and steady clock", () => {
  const second = 1_000_000_000n;
  const jump = (wall: bigint, elapsedMs: number) =>
    clockJump({ previous: NOW, now: NOW + wall * second, elapsedMs });
  assertEquals(jump(10n, 10_000), "none");
  assertEquals(jump(14n, 10_000), "none");
  assertEquals(jump(16n, 10_000), "forward");
  assertEquals(jump(3600n, 3_600_000), "none");
  assertEquals(jump(0n, 6_000), "backward");
  assertEquals(jump(-3600n, 0), "backward");
});
