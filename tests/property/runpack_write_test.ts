/** Properties of writing runpacks. */

import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { webDigester } from "../../core/digest/web_digester.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { decodeIntent } from "../../core/runpack/input_records.ts";
import { PackWriter } from "../../core/runpack/pack_writer.ts";
import { readRunpack } from "../../core/runpack/read_pack.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";
import { deflate, DeflateEncoder } from "../../core/zip/deflate/encoder.ts";
import { writeZip } from "../../core/zip/write_zip.ts";
import { inflate, readStoredZip } from "../support/plain_zip.ts";

const SEED = 20_261_125;

/** Bytes as they come in practice: noise, runs, and repetitions of earlier parts. */
const contents: fc.Arbitrary<Uint8Array> = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.record({ byte: fc.nat(255), length: fc.nat(5000) })
      .map(({ byte, length }) => new Uint8Array(length).fill(byte)),
    fc.record({ part: fc.uint8Array({ minLength: 1, maxLength: 40 }), times: fc.nat(400) })
      .map(({ part, times }) =>
        Uint8Array.from({ length: part.length * times }, (_, i) => part[i % part.length] ?? 0)
      ),
  ),
  { maxLength: 30 },
).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

/** Chunks in one piece. */
async function joined(chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  return new Uint8Array(await new Blob([...chunks]).arrayBuffer());
}

Deno.test("deflate() round-trips through the platform's inflate", async () => {
  await fc.assert(
    fc.asyncProperty(contents, async (data) => {
      assertEquals(await inflate(await joined(deflate(data))), data);
    }),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("deflate() gives the same stream for every way to cut the input", async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.array(fc.nat()), async (data, cuts) => {
      const points = [0, ...cuts.map((cut) => cut % (data.length + 1)), data.length]
        .sort((a, b) => a - b);
      const encoder = new DeflateEncoder();
      points.slice(1).forEach((point, i) => encoder.write(data.subarray(points[i], point)));
      assertEquals(await joined(encoder.finish()), await joined(deflate(data)));
    }),
    { seed: SEED, numRuns: 100 },
  );
});

Deno.test("writeZip() gives back every member, whatever its name", async () => {
  const names = fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(names, contents, async (list, data) => {
      const members = await readStoredZip(
        list.length === 0
          ? writeZip([{ name: "x", data }])
          : writeZip(list.map((name) => ({ name, data }))),
      );
      assertEquals(
        [...members.keys()].sort((a, b) => a < b ? -1 : 1),
        list.length === 0 ? ["x"] : [...list].sort((a, b) => a < b ? -1 : 1),
      );
      for (const content of members.values()) assertEquals(content, data);
    }),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("a pack of any arguments reads back as it was recorded, bytes always the same", async () => {
  const args = fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.jsonValue({ stringUnit: "binary" }),
    { noNullPrototype: true },
  );
  const head = {
    created_at: "2026-01-01T00:00:00Z",
    producer_version: "0.0.0-dev",
    run_id: "run_p",
    env: { arch: "a", os: "o", runtime: "r" },
    capture_mode: "raw",
  };
  await fc.assert(
    fc.asyncProperty(fc.array(args, { maxLength: 6 }), async (list) => {
      const build = async () => {
        const writer = new PackWriter(head);
        list.forEach((each, n) => {
          const value = { intent_id: `i${n}`, tool_name: "t", args: each as JsonObject };
          writer.addIntent(decodeIntent(value, "intents", {
            head,
            overrideRunId: false,
            fillDigests: true,
            dropContent: false,
            report: () => {},
          }));
        });
        return await joined((await writer.finish({ digester: webDigester })).chunks);
      };
      const bytes = await build();
      assertEquals(await build(), bytes);
      const pack = await readRunpack(new Uint8Array(bytes), {
        digester: webDigester,
        ed25519: webEd25519,
      });
      const expected = list.map((each) => Object.keys(each).length === 0 ? undefined : each);
      // JSON has no minus zero.
      assertEquals(
        JSON.parse(JSON.stringify(pack.intents.map((intent) => intent.args ?? null))),
        JSON.parse(JSON.stringify(expected.map((each) => each ?? null))),
      );
    }),
    { seed: SEED, numRuns: 80 },
  );
});
