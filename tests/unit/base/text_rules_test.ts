import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  compareCodePoints,
  lower,
  lowerList,
  sortedSet,
  trim,
  uniqueSorted,
} from "../../../core/base/text_rules.ts";

const WHITE_SPACE = [
  0x09,
  0x0a,
  0x0b,
  0x0c,
  0x0d,
  0x20,
  0x85,
  0xa0,
  0x1680,
  0x2000,
  0x2001,
  0x2002,
  0x2003,
  0x2004,
  0x2005,
  0x2006,
  0x2007,
  0x2008,
  0x2009,
  0x200a,
  0x2028,
  0x2029,
  0x202f,
  0x205f,
  0x3000,
];

Deno.test("trim() strips exactly the Unicode White_Space code points", () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    if (unit >= 0xd800 && unit <= 0xdfff) continue;
    const char = String.fromCharCode(unit);
    const wanted = WHITE_SPACE.includes(unit) ? "x" : `${char}x${char}`;
    if (trim(`${char}x${char}`) !== wanted) {
      assertEquals(trim(`${char}x${char}`), wanted, unit.toString(16));
    }
  }
});

Deno.test("trim() keeps inner white space and empties blank text", () => {
  assertEquals(trim(" a  b\t"), "a  b");
  assertEquals(trim(" \u0085\u3000 "), "");
  assertEquals(trim(""), "");
  const same = "a b";
  assertStrictEquals(trim(same), same);
});

Deno.test("trim() is linear on long runs of white space", () => {
  assertEquals(trim(`${" ".repeat(1_000_000)}x${" ".repeat(1_000_000)}`), "x");
});

Deno.test("lower() maps code point by code point", () => {
  assertEquals(lower("ABC-é"), "abc-é");
  assertEquals(lower("İSTANBUL"), "istanbul");
  assertEquals(lower("ΟΣ"), "οσ");
  assertEquals(lower("\u212a\u2126\u212b"), "kωå");
  assertEquals(lower("\u{10400}"), "\u{10428}");
  assertEquals(lower("ẞ"), "ß");
  assertEquals(lower("ǅ"), "ǆ");
});

Deno.test("lower() keeps capitals that are younger than the reference's tables", () => {
  for (const char of ["\u1c89", "\ua7cb", "\ua7da", "\ua7dc", "\u{10d50}", "\u{16ea0}"]) {
    assertEquals(lower(char), char);
  }
  assertEquals(lower("\ua7d0"), "\ua7d1");
});

Deno.test("lower() keeps lone surrogates as they are", () => {
  assertEquals(lower("A\ud800B"), "a\ud800b");
});

Deno.test("compareCodePoints() orders like UTF-8 bytes", () => {
  const list = ["", "a", "a\u0000", "ab", "b", "é", "\ud7ff", "\ue000", "\uffff", "😀", "😁"];
  for (const a of list) {
    for (const b of list) {
      const wanted = Math.sign(list.indexOf(a) - list.indexOf(b));
      assertEquals(Math.sign(compareCodePoints(a, b)), wanted, `${a} ${b}`);
    }
  }
});

Deno.test("sortedSet() sorts, drops duplicates and leaves the input alone", () => {
  const input = ["b", "a", "b", "😀", "\ufb33"];
  assertEquals(sortedSet(input), ["a", "b", "\ufb33", "😀"]);
  assertEquals(input, ["b", "a", "b", "😀", "\ufb33"]);
  const sorted = ["a", "b"];
  assertEquals(sortedSet(sorted) === sorted, false);
});

Deno.test("uniqueSorted() trims and drops empty entries", () => {
  assertEquals(uniqueSorted([" b ", "a", "", "b", " \t"]), ["a", "b"]);
  assertEquals(uniqueSorted([]), []);
});

Deno.test("lowerList() lowers before it de-duplicates", () => {
  assertEquals(lowerList(["B", "b ", "A"]), ["a", "b"]);
});
