import { assertEquals } from "@std/assert";
import { ruleReasonCode } from "../../../core/gate/rule_reason.ts";

Deno.test("ruleReasonCode() replaces space and hyphen and lower-cases", () => {
  assertEquals(ruleReasonCode("My Rule-1"), "matched_rule_my_rule_1");
});

Deno.test("ruleReasonCode() keeps JSON and HTML escapes as text", () => {
  assertEquals(ruleReasonCode('a "q" <é>'), 'matched_rule_a_\\"q\\"_\\u003cé\\u003e');
  assertEquals(ruleReasonCode("<&>"), "matched_rule_\\u003c\\u0026\\u003e");
  assertEquals(ruleReasonCode("a\u2028b\nc"), "matched_rule_a\\u2028b\\nc");
});

Deno.test("ruleReasonCode() strips quotation marks at both ends", () => {
  assertEquals(ruleReasonCode('x"'), "matched_rule_x\\");
});
