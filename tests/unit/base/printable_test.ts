import { assertEquals } from "@std/assert";
import { printable } from "../../../core/base/printable.ts";

Deno.test("printable() replaces what a terminal acts on or hides", () => {
  assertEquals(printable("a\u001b[2J\u0007\u009b\u202e\u200b\ufeff\ud800é😀"), "a?[2J??????é😀");
});

Deno.test("printable() cuts, also through a surrogate pair", () => {
  assertEquals(printable("x".repeat(100)), "x".repeat(64));
  assertEquals(printable("ab😀", 3), "ab?");
});
