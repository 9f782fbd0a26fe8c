import { assertEquals } from "@std/assert";
import { fromHex, toHex, utf8 } from "../../../core/base/bytes.ts";
import { hmacSha256 } from "../../../core/credential/hmac.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";

/** RFC 4231 §4: key, data, HMAC-SHA-256 (case 5 is cut to 128 bits there). */
const CASES: readonly [Uint8Array, Uint8Array, string][] = [
  [
    new Uint8Array(20).fill(0x0b),
    utf8("Hi There"),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    utf8("Jefe"),
    utf8("what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    new Uint8Array(20).fill(0xaa),
    new Uint8Array(50).fill(0xdd),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ],
  [
    fromHex("0102030405060708090a0b0c0d0e0f10111213141516171819") ?? new Uint8Array(),
    new Uint8Array(50).fill(0xcd),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  [
    new Uint8Array(20).fill(0x0c),
    utf8("Test With Truncation"),
    "a3b6167473100ee06e0c796c2955552b",
  ],
  [
    new Uint8Array(131).fill(0xaa),
    utf8("Test Using Larger Than Block-Size Key - Hash Key First"),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    new Uint8Array(131).fill(0xaa),
    utf8(
      "This is a test using a larger than block-size key and a larger than block-size data. " +
        "The key needs to be hashed before being used by the HMAC algorithm.",
    ),
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
];

Deno.test("hmacSha256() gives the values of RFC 4231", async () => {
  for (const [key, message, expected] of CASES) {
    const mac = toHex(await hmacSha256(webDigester, { key, message }));
    assertEquals(mac.slice(0, expected.length), expected);
  }
});

Deno.test("hmacSha256() agrees with the platform around the block size", async () => {
  for (const length of [1, 63, 64, 65, 128]) {
    const key = new Uint8Array(length).map((_, index) => index);
    const message = utf8(`message ${length}`);
    const imported = await crypto.subtle.importKey(
      "raw",
      key,
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const expected = new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
    assertEquals(toHex(await hmacSha256(webDigester, { key, message })), toHex(expected));
  }
});

Deno.test("hmacSha256() leaves key and message as they are", async () => {
  const [key, message] = [utf8("key"), utf8("message")];
  await hmacSha256(webDigester, { key, message });
  assertEquals([key, message], [utf8("key"), utf8("message")]);
});
