import { assert, assertEquals } from "@std/assert";
import { gzip } from "../../../../core/service/observe/gzip.ts";

/** What a reader makes of it. */
async function gunzip(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("gzip() is undone by a reader, and pauses between pieces", async () => {
  for (const [length, wanted] of [[0, 0], [1, 0], [65_536, 0], [65_537, 1], [1_000_000, 15]]) {
    const data = Uint8Array.from({ length: length ?? 0 }, (_, at) => at % 251);
    let pauses = 0;
    const compressed = await gzip(data, () => {
      pauses++;
      return Promise.resolve();
    });
    assertEquals(pauses, wanted);
    assertEquals(await gunzip(compressed), data);
    if (data.length > 1000) assert(compressed.length < data.length / 10);
  }
});
