/**
 * A checkpoint of 50 000 events against what any program must do with the same bytes: read and hash the
 * journal, hash and deflate the members of the runpack. The platform's library does it for comparison.
 *
 * @module
 */

import { checkpointSession } from "../core/journal/checkpoint_session.ts";
import { subtleSha256 } from "../core/base/webcrypto.ts";
import { readZip } from "../core/zip/read_zip.ts";
import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";
import { hostPorts, writeSession } from "./session_sets.ts";

const EVENTS = 50_000;

/** Contents of a runpack. */
function membersOf(path: string): Uint8Array<ArrayBuffer>[] {
  return readZip(Deno.readFileSync(path)).members.map((member) => new Uint8Array(member.read()));
}

/** Reads and hashes the journal, hashes and deflates the members. */
async function floor(
  journal: string,
  members: readonly Uint8Array<ArrayBuffer>[],
): Promise<number> {
  await subtleSha256(await Deno.readFile(journal));
  let size = 0;
  for (const member of members) {
    await subtleSha256(member);
    const stream = new Blob([member]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    size += (await new Response(stream).arrayBuffer()).byteLength;
  }
  return size;
}

/** Measures both in turn. */
async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const folder = await Deno.makeTempDir({ prefix: "gait-bench-" });
  const times: { checkpoint: number[]; floor: number[] } = { checkpoint: [], floor: [] };
  try {
    for (let i = 0; i < (quick ? 3 : 9); i++) {
      const journal = `${folder}/s${i}.jsonl`;
      const out = `${folder}/cp${i}.zip`;
      await writeSession(journal, EVENTS);
      let began = performance.now();
      await checkpointSession({ journal, out }, hostPorts);
      times.checkpoint.push(performance.now() - began);
      const members = membersOf(out);
      began = performance.now();
      await floor(journal, members);
      times.floor.push(performance.now() - began);
    }
    const ratios = times.checkpoint.map((time, i) => time / (times.floor[i] ?? NaN));
    return {
      figures: { checkpoint_ms: median(times.checkpoint), floor_ms: median(times.floor) },
      ratios: { to_floor: median(ratios) },
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The bench. */
export const bench: Bench = { name: "session_checkpoint", run };
