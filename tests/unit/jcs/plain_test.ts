import { assert, assertFalse } from "@std/assert";
import { isPlainRecord } from "../../../core/jcs/plain.ts";

Deno.test("isPlainRecord() accepts literals and objects without prototype", () => {
  assert(isPlainRecord({}));
  assert(isPlainRecord(Object.create(null) as object));
  // What an object from another realm looks like: its prototype is a root, but not ours.
  assert(isPlainRecord(Object.create(Object.create(null) as object) as object));
});

Deno.test("isPlainRecord() refuses class instances and objects that inherit data", () => {
  class Custom {}
  assertFalse(isPlainRecord(new Custom()));
  assertFalse(isPlainRecord(new Date(0)));
  assertFalse(isPlainRecord(new Map()));
  assertFalse(isPlainRecord(Object.create({ a: 1 }) as object));
});
