import { assertEquals } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";

Deno.test("webDigester.sha256() gives the FIPS 180-4 digest", async () => {
  const digest = await webDigester.sha256(new TextEncoder().encode("abc"));
  assertEquals(
    toHex(digest),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
