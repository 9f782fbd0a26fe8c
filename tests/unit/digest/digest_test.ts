import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Bytes } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { digestOfJson, hexDigest, sha256Hex } from "../../../core/digest/digest.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Deno.test("sha256Hex() hashes bytes and UTF-8 text alike", async () => {
  assertEquals(await sha256Hex(webDigester, ""), EMPTY);
  assertEquals(await sha256Hex(webDigester, new Uint8Array()), EMPTY);
  assertEquals(
    await sha256Hex(webDigester, "abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertEquals(
    await sha256Hex(webDigester, "é"),
    await sha256Hex(webDigester, new Uint8Array([0xc3, 0xa9])),
  );
});

Deno.test("sha256Hex() hashes a view without its surroundings", async () => {
  const buffer = new TextEncoder().encode("xabcx");
  assertEquals(
    await sha256Hex(webDigester, buffer.subarray(1, 4)),
    await sha256Hex(webDigester, "abc"),
  );
});

Deno.test("sha256Hex() refuses text that UTF-8 cannot carry", async () => {
  const error = await assertRejects(() => sha256Hex(webDigester, "a\ud800"), GaitError);
  assertEquals(error.code, "text_encoding");
});

Deno.test("sha256Hex() accepts a synchronous digester", async () => {
  const sync = { sha256: (): Bytes => new Uint8Array(32).fill(0xab) };
  assertEquals(await sha256Hex(sync, "x"), "ab".repeat(32));
});

Deno.test("digestOfJson() hashes canonical JSON", async () => {
  assertEquals(
    await digestOfJson(webDigester, { b: 2, a: 1 }),
    "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777",
  );
  assertEquals(
    await digestOfJson(webDigester, {}),
    "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  );
});

Deno.test("digestOfJson() rejects what cannot be canonicalised", async () => {
  await assertRejects(() => digestOfJson(webDigester, NaN), GaitError);
});

Deno.test("hexDigest() answers at once when its digester does, and like any other", async () => {
  const sync = { sha256: () => new Uint8Array(32).fill(0xab) };
  assertEquals(hexDigest(sync, "x"), "ab".repeat(32));
  assertEquals(hexDigest({ ...sync, sha256Hex: () => "cd" }, "x"), "cd");
  assertEquals(await hexDigest(webDigester, "abc"), await sha256Hex(webDigester, "abc"));
  assertThrows(() => hexDigest(sync, "a\ud800"), GaitError);
});
