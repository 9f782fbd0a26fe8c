import { assertEquals } from "@std/assert";
import { parseDuration } from "../../../core/base/duration.ts";

const SECOND = 1_000_000_000n;

Deno.test("parseDuration() reads every unit", () => {
  const cases: Record<string, bigint> = {
    "0": 0n,
    "-0": 0n,
    "+0": 0n,
    "0s": 0n,
    "1ns": 1n,
    "5us": 5_000n,
    "5\u00b5s": 5_000n,
    "5\u03bcs": 5_000n,
    "300ms": 300_000_000n,
    "1h30m": 5_400n * SECOND,
    "1.5h": 5_400n * SECOND,
    ".5h": 1_800n * SECOND,
    "1.h": 3_600n * SECOND,
    "+10m": 600n * SECOND,
    "-1h": -3_600n * SECOND,
    "1h1m1s1ms1us1ns": 3_661n * SECOND + 1_001_001n,
    "600000h": 600_000n * 3_600n * SECOND,
    "1m1m": 120n * SECOND,
    "0.1ns": 0n,
    "9223372036854775807ns": (1n << 63n) - 1n,
  };
  for (const [text, expected] of Object.entries(cases)) {
    assertEquals(parseDuration(text), expected, text);
  }
});

Deno.test("parseDuration() refuses everything else", () => {
  const cases = [
    "",
    "+",
    "-",
    "00",
    "90",
    "1d",
    "1y",
    "1 h",
    " 1h",
    "1h ",
    "hour",
    "h",
    ".h",
    "1..5h",
    "--1h",
    "1H",
    "1e3s",
    "\u0661h",
    "9999999h",
    "9223372036854775808ns",
    "1h".repeat(200),
    "9".repeat(100_000) + "h",
  ];
  for (const text of cases) assertEquals(parseDuration(text), undefined, text.slice(0, 20));
});
