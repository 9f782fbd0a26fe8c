import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { decodeText } from "../../../core/text/decode.ts";

Deno.test("decodeText() decodes exactly and keeps a byte order mark", () => {
  const bytes = new TextEncoder().encode("\ufeffé\u{1f600}");
  assertEquals(decodeText(bytes, { source: "t" }), "\ufeffé\u{1f600}");
});

Deno.test("decodeText() refuses malformed UTF-8 and lone surrogates", () => {
  for (const input of [Uint8Array.of(0xc0, 0x80), Uint8Array.of(0xe2, 0x82), "\udc00"]) {
    const error = assertThrows(() => decodeText(input, { source: "t" }), GaitError);
    assertEquals(error.code, "text_encoding");
  }
});

Deno.test("decodeText() counts the limit in UTF-8 bytes", () => {
  assertEquals(decodeText("aé€", { source: "t", maxBytes: 6 }), "aé€");
  for (const input of ["aé€", new TextEncoder().encode("aé€"), "aaaaaaa"]) {
    const error = assertThrows(() => decodeText(input, { source: "t", maxBytes: 5 }), GaitError);
    assertEquals(error.code, "input_too_large");
  }
});
