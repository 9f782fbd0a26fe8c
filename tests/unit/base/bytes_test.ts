import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  utf8,
} from "../../../core/base/bytes.ts";

Deno.test("toHex() and fromHex() invert each other", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = toHex(all);
  assertEquals(text.slice(0, 6), "000102");
  assertEquals(fromHex(text), all);
  assertEquals(fromHex(text.toUpperCase()), all);
  assertEquals(fromHex(""), new Uint8Array());
});

Deno.test("toHex() spells the same where the platform has no encoder", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const plain = Object.defineProperty(all.slice(), "toHex", { value: undefined });
  assertEquals(toHex(plain), toHex(all));
});

Deno.test("fromHex() refuses anything but pairs of hex digits", () => {
  for (const bad of ["a", "0g", "0x00", " 00", "00\n", "０0"]) {
    assertEquals(fromHex(bad), undefined);
  }
});

Deno.test("toBase64() and fromBase64() invert each other at every length and beyond one chunk", () => {
  for (const length of [0, 1, 2, 3, 4, 5, 255, 0x8000, 0x8001, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
    assertEquals(fromBase64(toBase64(bytes)), bytes);
  }
});

Deno.test("fromBase64() gives one value one spelling", () => {
  const bad = [
    "QQ", // no padding
    "QR==", // stray bits
    "QQ==\n",
    " QQ==",
    "Q-__", // URL alphabet
    "====",
    "Q===",
    "=QQQ",
    "QQ==QQ==",
  ];
  for (const text of bad) assertEquals(fromBase64(text), undefined, text);
  assertEquals(fromBase64("QQ=="), utf8("A"));
});

Deno.test("equalBytes() compares content and length", () => {
  assert(equalBytes(utf8("abc"), utf8("abc")));
  assert(equalBytes(new Uint8Array(), new Uint8Array()));
  assertFalse(equalBytes(utf8("abc"), utf8("abd")));
  assertFalse(equalBytes(utf8("abc"), utf8("ab")));
});
