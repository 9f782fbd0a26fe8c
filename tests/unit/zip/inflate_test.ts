import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { inflateRaw } from "../../../core/zip/inflate.ts";
import { bytesOf, deflateRaw } from "../../support/zip_build.ts";

/** Deterministic bytes. */
function noise(length: number, alphabet: number): Uint8Array {
  let state = 12345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % alphabet;
  });
}

Deno.test("inflateRaw() undoes the platform's compression", async () => {
  const contents = [
    new Uint8Array(),
    bytesOf("a"),
    bytesOf("abc".repeat(100_000)),
    new Uint8Array(300_000),
    noise(200_000, 256),
    noise(200_000, 3),
    noise(200_000, 200),
    bytesOf(JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ i, text: `row ${i * i}` })))),
  ];
  for (const content of contents) {
    assertEquals(inflateRaw(await deflateRaw(content), content.length), new Uint8Array(content));
  }
});

Deno.test("inflateRaw() reads stored, fixed and empty blocks", () => {
  assertEquals(inflateRaw(Uint8Array.of(1, 0, 0, 0xff, 0xff), 0), new Uint8Array());
  assertEquals(inflateRaw(Uint8Array.of(1, 2, 0, 0xfd, 0xff, 7, 8), 2), Uint8Array.of(7, 8));
  assertEquals(inflateRaw(Uint8Array.of(3, 0), 0), new Uint8Array());
  assertEquals(inflateRaw(Uint8Array.of(0x4b, 4, 0), 1), bytesOf("a"));
});

Deno.test("inflateRaw() refuses malformed streams", () => {
  const streams: Record<string, [number[], number]> = {
    "nothing": [[], 0],
    "an unknown block type": [[7], 0],
    "two stored lengths": [[1, 2, 0, 0xff, 0xff, 7, 8], 2],
    "a stored block cut off": [[1, 2, 0, 0xfd, 0xff, 7], 2],
    "a stored block above its size": [[1, 2, 0, 0xfd, 0xff, 7, 8], 1],
    "padding of a stored block": [[9, 0, 0, 0xff, 0xff], 0],
    "padding at the end": [[3, 0x80], 0],
    "bytes after the end": [[3, 0, 0], 0],
    "a literal too many": [[0x4b, 4, 0], 0],
    "a literal too few": [[0x4b, 4, 0], 2],
    "no end": [[0x4b, 4], 1],
    "no last block": [[0, 0, 0, 0xff, 0xff], 0],
    "a match before the start": [[0x03, 0x02, 0x00], 3],
    "too many codes": [[0xfd, 0xff, 0xff, 0xff], 0],
    "an over-full code": [[0x05, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff], 0],
  };
  for (const [name, [bytes, size]] of Object.entries(streams)) {
    const error = assertThrows(
      () => inflateRaw(Uint8Array.from(bytes), size),
      GaitError,
    ) as GaitError;
    assertEquals(error.code, "archive_corrupt", name);
  }
});

Deno.test("inflateRaw() ends on every mutated stream, with the content or a refusal", async () => {
  const content = bytesOf(
    JSON.stringify(Array.from({ length: 60 }, (_, i) => ({ i, t: `v${i % 7}` }))),
  );
  const packed = await deflateRaw(content);
  for (let at = 0; at < packed.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const broken = packed.slice();
      broken[at] = (broken[at] ?? 0) ^ (1 << bit);
      try {
        assertEquals(inflateRaw(broken, content.length).length, content.length);
      } catch (thrown) {
        assertEquals((thrown as GaitError).code, "archive_corrupt");
      }
    }
  }
});

Deno.test("inflateRaw() refuses streams that spend blocks without content", () => {
  const empty = new Uint8Array(5_000_000);
  for (let at = 0; at < empty.length; at += 5) empty.set([0, 0, 0, 0xff, 0xff], at);
  const start = performance.now();
  const error = assertThrows(() => inflateRaw(empty, 1000), GaitError) as GaitError;
  assertEquals(error.message, "Cannot inflate a member: it spends too many blocks");
  assertThrows(() => inflateRaw(new Uint8Array(1_000_000).fill(0x04), 10_000), GaitError);
  assert(performance.now() - start < 1000);
});
