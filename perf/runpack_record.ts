/**
 * Recording a run from lines against the floor of any recorder: parsing the same lines and taking one
 * native SHA-256 per call. Signing, compression, member digests and the check after writing are included.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { Findings } from "../core/runs/findings.ts";
import { lineItems } from "../core/runs/line_items.ts";
import { recordRun } from "../core/runs/record_run.ts";
import { loadNativeCrypto } from "../host/native_crypto.ts";
import { memoryWorld } from "../tests/support/memory_ports.ts";
import { signerFromSeed } from "../core/sign/signer.ts";
import type { Bench, BenchOptions, BenchResult } from "./harness.ts";

const CALLS = 10_000;
const encoder = new TextEncoder();

/** One call and its result, a line each. */
function callLines(n: number): [call: string, result: string] {
  const args = { path: `/srv/data/${n % 977}/report-${n}.txt`, mode: "r", limit: n % 4096 };
  const result = { ok: true, bytes: n * 7, lines: [`line ${n}`, `line ${n + 1}`] };
  const id = { intent_id: `intent_${n}` };
  return [
    JSON.stringify({ type: "call", ...id, tool_name: "tool.read", args }),
    JSON.stringify({ type: "result", ...id, status: "ok", result }),
  ];
}

/** Bytes in pieces, as a pipe gives them. */
async function* pieces(data: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += 65_536) yield data.subarray(at, at + 65_536);
}

/** Parses every line and hashes every call. */
function floor(lines: readonly (readonly [string, string])[]): number {
  let sum = 0;
  for (const [call, result] of lines) {
    JSON.parse(call);
    JSON.parse(result);
    sum += createHash("sha256").update(call + result).digest().length;
  }
  return sum;
}

/** The middle value. */
function median(list: number[]): number {
  return list.sort((a, b) => a - b)[list.length >> 1] ?? NaN;
}

/** Measures both in turn, so that a busy machine slows both alike. */
async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const lines = Array.from({ length: CALLS }, (_, n) => callLines(n));
  const data = encoder.encode(lines.map((pair) => `${pair.join("\n")}\n`).join(""));
  const native = await loadNativeCrypto();
  const world = memoryWorld();
  const ports = { ...world.ports, ...native };
  const signer = await signerFromSeed(new Uint8Array(32).fill(1), native);
  const options = {
    runId: "run_bench",
    captureMode: "raw",
    defaultCaptureMode: "raw",
    fillGaps: true,
    outDir: "out",
    force: true,
    signer,
  } as const;
  const times: { record: number[]; floor: number[] } = { record: [], floor: [] };
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    let start = performance.now();
    const findings = new Findings({ strict: false });
    await recordRun(lineItems(pieces(data), "-"), { options, ports, findings });
    times.record.push(performance.now() - start);
    start = performance.now();
    floor(lines);
    times.floor.push(performance.now() - start);
  }
  const record = median(times.record);
  return {
    figures: { calls_per_s: CALLS / record * 1e3, record_us_per_call: record / CALLS * 1e3 },
    ratios: { record_to_floor: record / median(times.floor) },
  };
}

/** The bench. */
export const bench: Bench = { name: "runpack_record", run };
