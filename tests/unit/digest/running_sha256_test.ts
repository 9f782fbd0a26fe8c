import { assertEquals } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { RunningSha256, sha256HexOfText } from "../../../core/digest/running_sha256.ts";

/** SHA-256 by the platform. */
async function platform(data: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(data))));
}

Deno.test("RunningSha256 agrees with the platform at every length and cut", async () => {
  for (let length = 0; length < 200; length++) {
    const data = Uint8Array.from({ length }, (_, i) => i * 7 + length);
    const expected = await platform(data);
    for (const cut of [0, 1, 55, 63, 64, 65, length].filter((n) => n <= length)) {
      const hash = new RunningSha256();
      hash.update(data.subarray(0, cut));
      hash.update(data.subarray(cut));
      assertEquals(toHex(hash.digest()), expected, `${length} at ${cut}`);
      assertEquals(toHex(hash.digest()), expected, "asking again");
    }
  }
});

Deno.test("RunningSha256 hashes the FIPS 180 message of a million letters", () => {
  const hash = new RunningSha256();
  const part = new Uint8Array(1000).fill(0x61);
  for (let i = 0; i < 1000; i++) hash.update(part);
  assertEquals(
    toHex(hash.digest()),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
});

Deno.test("RunningSha256.restore() goes on where save() stopped", async () => {
  const data = Uint8Array.from({ length: 500 }, (_, i) => i);
  for (const cut of [0, 1, 63, 64, 65, 200]) {
    const first = new RunningSha256();
    first.update(data.subarray(0, cut));
    const second = RunningSha256.restore(first.save(), cut);
    second?.update(data.subarray(cut));
    assertEquals(second && toHex(second.digest()), await platform(data));
  }
});

Deno.test("RunningSha256.restore() refuses states that do not fit their length", () => {
  const saved = new RunningSha256().save();
  const bad: [string, number][] = [
    [saved, 1],
    [saved, -1],
    [saved, 1.5],
    [`${saved}00`, 64],
    ["", 0],
    ["zz".repeat(32), 0],
  ];
  for (const [text, length] of bad) assertEquals(RunningSha256.restore(text, length), undefined);
});

Deno.test("sha256HexOfText() agrees with the platform for short and long texts", async () => {
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 5000, 5418, 5419, 20_000]) {
    const text = "é".repeat(length % 3) + "x".repeat(length);
    assertEquals(sha256HexOfText(text), await platform(new TextEncoder().encode(text)));
  }
});
