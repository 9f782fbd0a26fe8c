import { assertEquals } from "@std/assert";
import { percentDecode } from "../../../../core/intent/hosts/percent.ts";

Deno.test("percentDecode() decodes UTF-8 and marks each malformed byte", () => {
  assertEquals(percentDecode("plain"), "plain");
  assertEquals(percentDecode("a%C3%a9b"), "aéb");
  assertEquals(percentDecode("%F0%9F%98%80"), "😀");
  assertEquals(percentDecode("%F0%9F%98"), "\ufffd\ufffd\ufffd");
  assertEquals(percentDecode("é%FFé"), "é\ufffdé");
  assertEquals(percentDecode("%ED%A0%80"), "\ufffd\ufffd\ufffd");
  assertEquals(percentDecode("%C0%80"), "\ufffd\ufffd");
  assertEquals(percentDecode("%25%25"), "%%");
});
