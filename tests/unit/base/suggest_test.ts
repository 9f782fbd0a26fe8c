import { assertEquals } from "@std/assert";
import { nearest } from "../../../core/base/suggest.ts";

const KEYS = ["name", "priority", "effect", "match", "min_approvals", "path_allowlist"];

Deno.test("nearest() finds the word behind a typing error", () => {
  assertEquals(nearest("efect", KEYS), "effect");
  assertEquals(nearest("effcet", KEYS), "effect");
  assertEquals(nearest("nmae", KEYS), "name");
  assertEquals(nearest("prioriti", KEYS), "priority");
});

Deno.test("nearest() ignores case, camel case and dashes", () => {
  assertEquals(nearest("minApprovals", KEYS), "min_approvals");
  assertEquals(nearest("Min-Approvals", KEYS), "min_approvals");
  assertEquals(nearest("EFFECT", KEYS), "effect");
});

Deno.test("nearest() completes an abbreviation that only one candidate has", () => {
  assertEquals(nearest("path_allow", KEYS), "path_allowlist");
  assertEquals(nearest("approvals", KEYS), "min_approvals");
  assertEquals(nearest("path", ["path_allowlist", "path_denylist"]), undefined);
});

Deno.test("nearest() stays silent when nothing is near", () => {
  assertEquals(nearest("foo", KEYS), undefined);
  assertEquals(nearest("", KEYS), undefined);
  assertEquals(nearest("effect", []), undefined);
  assertEquals(nearest("x".repeat(10_000), ["x".repeat(10_000)]), undefined);
});

Deno.test("nearest() prefers the first of equally near candidates", () => {
  assertEquals(nearest("bat", ["cat", "rat"]), "cat");
});
