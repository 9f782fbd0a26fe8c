import { assert, assertEquals, assertFalse } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { canonicalize } from "../../../core/jcs/canonicalize.ts";
import { checkpointDigest } from "../../../core/session/checkpoint_digest.ts";
import { type CheckpointHead, CheckpointPack } from "../../../core/session/checkpoint_pack.ts";
import type { SessionEvent } from "../../../core/session/records.ts";
import { readZip } from "../../../core/zip/read_zip.ts";

const DATA = new URL("../../golden/data/session/", import.meta.url);

/** One recorded checkpoint. */
interface Vector {
  readonly id: string;
  readonly env: { os: string; arch: string; runtime: string };
  readonly checkpoint_time: string;
  readonly checkpoint_index: number;
  readonly prev_checkpoint_digest: string;
  readonly header: { run_id: string };
  readonly events: SessionEvent[];
  readonly expect: {
    readonly zip_sha256: string;
    readonly members_sha256: Record<string, string>;
    readonly manifest_digest: string;
    readonly checkpoint_digest: string;
    readonly sequence_start: number;
    readonly sequence_end: number;
  };
}

const VECTORS: Vector[] = JSON.parse(
  Deno.readTextFileSync(new URL("checkpoint_vectors.json", DATA)),
);

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

async function hex(data: Uint8Array): Promise<string> {
  return toHex(await webDigester.sha256(data));
}

function headOf(vector: Vector): CheckpointHead {
  return {
    sessionRunId: vector.header.run_id,
    index: vector.checkpoint_index,
    createdAt: vector.checkpoint_time,
    producerVersion: "0.0.0-dev",
    env: vector.env,
  };
}

Deno.test("CheckpointPack builds the recorded runpacks, byte for byte", async () => {
  for (const vector of VECTORS) {
    const { expect } = vector;
    const pack = new CheckpointPack(headOf(vector));
    for (const event of vector.events) assert(pack.add(event));
    const built = await pack.finish({ digester: webDigester });
    const zip = joined(built.chunks);
    for (const member of readZip(zip).members) {
      const digest = await hex(member.read());
      assertEquals(digest, expect.members_sha256[member.name], `${vector.id} ${member.name}`);
    }
    assertEquals(built.manifest.manifest_digest, expect.manifest_digest, vector.id);
    assertEquals(await hex(zip), expect.zip_sha256, vector.id);
    assertEquals(
      checkpointDigest({
        manifest_digest: expect.manifest_digest,
        prev_checkpoint_digest: vector.prev_checkpoint_digest,
        checkpoint_index: vector.checkpoint_index,
        sequence_start: expect.sequence_start,
        sequence_end: expect.sequence_end,
      }),
      expect.checkpoint_digest,
    );
  }
});

Deno.test("CheckpointPack writes canonical JSON for any text", async () => {
  const texts = ["", '"', "\\", "\n\u0000\u001f", "<&>", "\u2028", "é日本\u{1f600}", "\u007f"];
  for (const text of texts) {
    const vector = VECTORS[0] as Vector;
    const pack = new CheckpointPack(headOf(vector));
    const event = vector.events[0] as SessionEvent;
    const odd = { tool_name: text, intent_id: `${text}x`, trace_path: text, reason_codes: [text] };
    assert(pack.add({ ...event, ...odd, created_at: "2026-01-01T03:00:00+02:00" }));
    const { chunks } = await pack.finish({ digester: webDigester });
    for (const name of ["intents.jsonl", "results.jsonl"]) {
      const content = readZip(joined(chunks)).find(name)?.read() ?? new Uint8Array();
      const line = new TextDecoder().decode(content).trimEnd();
      const value = JSON.parse(line);
      assertEquals(canonicalize(value), line);
      assertEquals(value.created_at, "2026-01-01T01:00:00Z");
    }
  }
});

Deno.test("CheckpointPack takes an event into all members or into none", async () => {
  const vector = VECTORS[0] as Vector;
  const pack = new CheckpointPack(headOf(vector), 20_000);
  const event = vector.events[0] as SessionEvent;
  let sequence = 1;
  while (pack.add({ ...event, sequence, tool_name: "\u0001".repeat(20) })) sequence++;
  assert(pack.count > 3);
  assertFalse(pack.add(event));
  const zip = readZip(joined((await pack.finish({ digester: webDigester })).chunks));
  for (const name of ["intents.jsonl", "results.jsonl"]) {
    const lines = new TextDecoder().decode(zip.find(name)?.read()).trimEnd().split("\n");
    assertEquals(lines.length, pack.count);
  }
});

Deno.test("CheckpointPack counts the room of a long run id in every record", () => {
  const vector = VECTORS[0] as Vector;
  const sessionRunId = `run_${"é\\".repeat(400)}`;
  const pack = new CheckpointPack({ ...headOf(vector), sessionRunId }, 60_000);
  const event = vector.events[0] as SessionEvent;
  let taken = 0;
  while (taken < 1000 && pack.add({ ...event, sequence: taken + 1 })) taken++;
  assert(taken > 0 && taken < 60, `${taken} events of more than 1000 bytes each`);
});
