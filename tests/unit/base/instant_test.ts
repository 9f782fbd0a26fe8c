import { assertEquals, assertThrows } from "@std/assert";
import {
  formatInstant,
  normalizeTimestamp,
  parseTimestamp,
  toUtc,
  ZERO_INSTANT,
  ZERO_TIME,
} from "../../../core/base/instant.ts";

Deno.test("toUtc() brings accepted timestamps into UTC with the shortest fraction", () => {
  const table: [string, string][] = [
    ["2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z"],
    ["2026-02-01T12:30:00.120+02:30", "2026-02-01T10:00:00.12Z"],
    ["2026-02-01T12:30:00.1234567899Z", "2026-02-01T12:30:00.123456789Z"],
    ["2026-02-01T10:00:00,25Z", "2026-02-01T10:00:00.25Z"],
    ["2026-01-01T00:00:00-05:30", "2026-01-01T05:30:00Z"],
    ["2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00Z"],
    ["2024-02-29T23:59:59.000000001Z", "2024-02-29T23:59:59.000000001Z"],
    ["1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"],
    ["0001-01-01T00:00:00+00:00", ZERO_TIME],
    ["9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"],
  ];
  for (const [text, utc] of table) assertEquals(toUtc(text), utc, text);
});

Deno.test("ZERO_INSTANT is the instant of ZERO_TIME", () => {
  assertEquals(parseTimestamp(ZERO_TIME)?.instant, ZERO_INSTANT);
});

Deno.test("parseTimestamp() refuses what is no RFC 3339 timestamp", () => {
  const bad = [
    "",
    "2026-02-01",
    "2026-02-01 10:00:00Z",
    "2026-02-01t10:00:00Z",
    "2026-02-01T10:00:00z",
    "2026-02-01T10:00:00",
    "2026-02-01T24:00:00Z",
    "2026-02-01T10:00:60Z",
    "2026-02-01T10:60:00Z",
    "2026-02-30T10:00:00Z",
    "2025-02-29T10:00:00Z",
    "2026-13-01T10:00:00Z",
    "2026-00-01T10:00:00Z",
    "2026-01-00T10:00:00Z",
    "2026-02-01T10:00:00.Z",
    "2026-02-01T10:00Z",
    "2026-02-01T10:00:00+24:00",
    "2026-02-01T10:00:00+01:60",
    "2026-02-01T10:00:00+0100",
    " 2026-02-01T10:00:00Z",
    "2026-02-01T10:00:00Z\n",
    "２026-02-01T10:00:00Z",
    "12026-02-01T10:00:00Z",
  ];
  for (const text of bad) assertEquals(parseTimestamp(text), undefined, text);
});

Deno.test("parseTimestamp() refuses times without a four-digit UTC year", () => {
  assertEquals(parseTimestamp("9999-12-31T23:59:59-00:01"), undefined);
  assertEquals(parseTimestamp("0000-01-01T00:00:00+00:01"), undefined);
});

Deno.test("normalizeTimestamp() keeps the offset", () => {
  assertEquals(
    normalizeTimestamp("2026-02-01T12:30:00.120+02:30"),
    "2026-02-01T12:30:00.12+02:30",
  );
  assertEquals(normalizeTimestamp("2026-02-01T12:30:00-08:00"), "2026-02-01T12:30:00-08:00");
  assertEquals(normalizeTimestamp("2026-02-01T12:30:00+00:00"), "2026-02-01T12:30:00Z");
  assertEquals(normalizeTimestamp("x"), undefined);
  assertEquals(toUtc("x"), undefined);
});

Deno.test("parseTimestamp() keeps nanoseconds and order", () => {
  const a = parseTimestamp("2026-01-01T00:00:00.000000001Z");
  const b = parseTimestamp("2026-01-01T00:00:00.000000002Z");
  assertEquals((b?.instant ?? 0n) - (a?.instant ?? 0n), 1n);
});

Deno.test("formatInstant() writes the same whatever it wrote before", () => {
  const second = 1_000_000_000n;
  const instants = [-1n, 0n, 1n, second - 1n, second, -second, 5n * second + 250_000_000n];
  const alone = instants.map((instant) => formatInstant(instant));
  for (const first of instants) {
    for (const [at, next] of instants.entries()) {
      formatInstant(first);
      assertEquals(formatInstant(next), alone[at]);
      assertEquals(formatInstant(next, 60).slice(-6), "+01:00");
    }
  }
});

Deno.test("formatInstant() refuses years it cannot write", () => {
  assertEquals(formatInstant(0n), "1970-01-01T00:00:00Z");
  assertEquals(formatInstant(-1n), "1969-12-31T23:59:59.999999999Z");
  assertThrows(() => formatInstant(253_402_300_800n * 1_000_000_000n), RangeError);
  assertThrows(() => formatInstant(-62_167_219_201n * 1_000_000_000n), RangeError);
});

Deno.test("parseTimestamp() is linear on a long fraction", () => {
  assertEquals(
    toUtc(`2026-01-01T00:00:00.${"1".repeat(1_000_000)}Z`),
    "2026-01-01T00:00:00.111111111Z",
  );
});
