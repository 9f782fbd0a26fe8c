import { assert, assertEquals, assertThrows } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { crc32 } from "../../../core/zip/crc32.ts";
import { codeLengths, reversedCodes } from "../../../core/zip/deflate/code_lengths.ts";
import { deflate, DeflateEncoder } from "../../../core/zip/deflate/encoder.ts";
import { runLengths } from "../../../core/zip/deflate/run_lengths.ts";
import { distanceSymbol, LENGTH_INDEX } from "../../../core/zip/deflate/symbols.ts";
import { inflate } from "../../support/plain_zip.ts";

const encoder = new TextEncoder();

/** Pieces in a row. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** Reproducible bytes that do not compress. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return state >>> 24;
  });
}

Deno.test("deflate() ends an empty input as the reference does", () => {
  assertEquals(toHex(joined(deflate(new Uint8Array()))), "010000ffff");
});

Deno.test("deflate() gives streams that the platform inflates", async () => {
  const text = encoder.encode("the quick brown fox jumps over the lazy dog. ".repeat(9000));
  const inputs = {
    one: Uint8Array.of(7),
    zeros: new Uint8Array(300_000),
    text,
    noise: noise(200_000),
    mixed: joined([noise(70_000), text.subarray(0, 70_000), noise(70_000), new Uint8Array(70_000)]),
    window: noise(65_536),
    windowAndOne: noise(65_537),
    period: Uint8Array.from({ length: 200_000 }, (_, i) => i % 251),
  };
  for (const [name, input] of Object.entries(inputs)) {
    assertEquals(toHex(await inflate(joined(deflate(input)))), toHex(input), name);
  }
});

Deno.test("deflate() stores what does not compress", () => {
  const stream = joined(deflate(noise(60_000)));
  assert(stream.length < 60_000 + 64, `${stream.length}`);
});

Deno.test("DeflateEncoder.write() does not depend on how the input was cut", () => {
  const input = joined([noise(40_000), encoder.encode("abcabcabd".repeat(20_000)), noise(40_000)]);
  const whole = toHex(joined(deflate(input)));
  for (const step of [1, 7, 4096, 65_535, 65_536, 65_537, 100_000]) {
    if (step === 1 && input.length > 300_000) continue;
    const cut = new DeflateEncoder();
    const out: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += step) {
      cut.write(input.subarray(at, at + step));
      out.push(...cut.take());
    }
    assertEquals(cut.size, input.length);
    out.push(...cut.finish());
    assertEquals(toHex(joined(out)) === whole, true, `step ${step}`);
  }
});

Deno.test("DeflateEncoder.write() refuses more than 2 GiB", () => {
  const tooMuch = { length: 0x7fff_0001 } as Uint8Array;
  assertThrows(() => new DeflateEncoder().write(tooMuch), RangeError, "2 GiB");
});

Deno.test("codeLengths() gives one or two symbols one bit each", () => {
  assertEquals([...codeLengths(Uint32Array.of(0, 0), 15)], [0, 0]);
  assertEquals([...codeLengths(Uint32Array.of(0, 9), 15)], [0, 1]);
  assertEquals([...codeLengths(Uint32Array.of(5, 0, 9), 15)], [1, 0, 1]);
});

Deno.test("codeLengths() keeps the limit and fills the code space", () => {
  const fibonacci = [1, 1];
  while (fibonacci.length < 30) {
    fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
  }
  for (const limit of [5, 7, 15]) {
    const lengths = codeLengths(Uint32Array.from(fibonacci), limit);
    assert(Math.max(...lengths) <= limit);
    assertEquals([...lengths].reduce((sum, length) => sum + 2 ** (limit - length), 0), 2 ** limit);
  }
});

Deno.test("reversedCodes() numbers symbols of one length in order", () => {
  // RFC 1951 §3.2.2: lengths (3,3,3,3,3,2,4,4) give 010 011 100 101 110 00 1110 1111.
  const codes = reversedCodes(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4));
  assertEquals([...codes], [0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111]);
});

Deno.test("runLengths() codes runs as the reference does", () => {
  const zeros = (n: number) => new Uint8Array(n);
  assertEquals(runLengths(zeros(2)), [0, 0]);
  assertEquals(runLengths(zeros(3)), [17]);
  assertEquals(runLengths(zeros(10)), [17 | 7 << 8]);
  assertEquals(runLengths(zeros(11)), [18]);
  assertEquals(runLengths(zeros(140)), [18 | 127 << 8, 0, 0]);
  assertEquals(runLengths(Uint8Array.of(5, 5, 5)), [5, 5, 5]);
  assertEquals(runLengths(new Uint8Array(8).fill(5)), [5, 16 | 3 << 8, 5]);
});

Deno.test("symbols of lengths and distances are those of RFC 1951", () => {
  assertEquals([3, 10, 11, 12, 13, 257, 258].map((n) => 257 + (LENGTH_INDEX[n] ?? 0)), [
    257,
    264,
    265,
    265,
    266,
    284,
    285,
  ]);
  const distances = [1, 4, 5, 6, 7, 256, 257, 24_577, 32_768];
  assertEquals(distances.map(distanceSymbol), [0, 3, 4, 4, 5, 15, 16, 29, 29]);
});

Deno.test("crc32() gives the check value, in one step or many", () => {
  const data = encoder.encode("123456789");
  assertEquals(crc32(data), 0xcbf43926);
  assertEquals(crc32(data.subarray(3), crc32(data.subarray(0, 3))), 0xcbf43926);
  assertEquals(crc32(new Uint8Array()), 0);
  const long = noise(1000);
  for (let cut = 0; cut < 20; cut++) {
    assertEquals(crc32(long.subarray(cut), crc32(long.subarray(0, cut))), crc32(long));
  }
});
