import { assertEquals } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { runningDigester } from "../../../core/digest/running_digester.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";

Deno.test("runningDigester agrees with webDigester", async () => {
  for (const length of [0, 1, 55, 56, 64, 1000]) {
    const data = Uint8Array.from({ length }, (_, i) => i);
    const own = await runningDigester.sha256(data);
    assertEquals(toHex(own), toHex(await webDigester.sha256(data)));
  }
});
