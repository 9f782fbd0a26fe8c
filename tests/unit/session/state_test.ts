import { assertEquals, assertExists } from "@std/assert";
import { toHex, utf8 } from "../../../core/base/bytes.ts";
import { RunningSha256 } from "../../../core/digest/running_sha256.ts";
import { encodeState, parseState } from "../../../core/session/state.ts";

const HEADER = {
  created_at: "2026-01-01T00:00:00Z",
  producer_version: "0",
  session_id: "s",
  run_id: "run_s",
  started_at: "2026-01-01T00:00:00Z",
};

function stateText(): string {
  const hash = new RunningSha256();
  hash.update(utf8("x".repeat(100)));
  return encodeState({
    tip: {
      header: HEADER,
      eventCount: 3,
      lastSequence: 5,
      checkpointCount: 1,
      lastCheckpointIndex: 1,
      lastCheckpointSequence: 2,
      lastCheckpointDigest: "ab",
    },
    hash,
    updatedAt: "2026-01-01T00:00:00Z",
    producerVersion: "0",
  });
}

Deno.test("parseState() takes a running digest up again", () => {
  const state = parseState(utf8(stateText()));
  assertExists(state?.hash);
  state.hash.update(utf8("y"));
  const whole = new RunningSha256();
  whole.update(utf8(`${"x".repeat(100)}y`));
  assertEquals(toHex(state.hash.digest()), toHex(whole.digest()));
  assertEquals([state.tip.lastSequence, state.journalSize], [5, 100]);
});

Deno.test("parseState() drops a digest that does not belong to its inner state", () => {
  const value = JSON.parse(stateText());
  const forged = { ...value, journal_sha256: "0".repeat(64) };
  assertEquals(parseState(utf8(JSON.stringify(forged)))?.hash, undefined);
  const shifted = { ...value, journal_size_bytes: 101 };
  assertEquals(parseState(utf8(JSON.stringify(shifted)))?.hash, undefined);
});

Deno.test("parseState() refuses what is no state", () => {
  const value = JSON.parse(stateText());
  const bad = [
    { ...value, schema_id: "other" },
    { ...value, schema_version: "2.0.0" },
    { ...value, session_id: "" },
    { ...value, last_sequence: -1 },
    { ...value, last_sequence: "1" },
    { ...value, event_count: 1.5 },
    [],
    null,
  ];
  for (const each of bad) assertEquals(parseState(utf8(JSON.stringify(each))), undefined);
  assertEquals(parseState(utf8("{")), undefined);
  assertEquals(parseState(new Uint8Array(70_000)), undefined);
  assertEquals(parseState(new Uint8Array([0xff])), undefined);
});
