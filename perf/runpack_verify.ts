/**
 * Verification of a signed runpack of 10 000 calls, over inflating and hashing the same bytes with the
 * platform; and the memory that a pack with a member of 90 MiB takes.
 *
 * @module
 */

import { webDigester } from "../core/digest/web_digester.ts";
import { verifyRunpack } from "../core/runpack/verify_runpack.ts";
import { webEd25519 } from "../core/sign/web_ed25519.ts";
import { readZip } from "../core/zip/read_zip.ts";
import {
  contentMembers,
  manifestOf,
  packOf,
  signedPack,
  testKey,
} from "../tests/support/runpack_build.ts";
import { deflateRaw } from "../tests/support/zip_build.ts";
import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";

const CALLS = 10_000;
const LARGE_BYTES = 90 * 1024 * 1024;
const PORTS = { digester: webDigester, ed25519: webEd25519 };

/** Inflates and hashes with nothing but the platform. */
async function platformOnly(packed: readonly Uint8Array[]): Promise<void> {
  for (const data of packed) {
    const stream = new Blob([new Uint8Array(data)]).stream()
      .pipeThrough(new DecompressionStream("deflate-raw"));
    await webDigester.sha256(new Uint8Array(await new Response(stream).arrayBuffer()));
  }
}

/** Time of one run, ms. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A pack whose intents fill 90 MiB. */
async function largePack(): Promise<Uint8Array> {
  const members = await contentMembers(2_000);
  const unit = members["intents.jsonl"] ?? new Uint8Array();
  const large = new Uint8Array(Math.floor(LARGE_BYTES / unit.length) * unit.length);
  for (let at = 0; at < large.length; at += unit.length) large.set(unit, at);
  members["intents.jsonl"] = large;
  return await packOf(members, await manifestOf(members));
}

/** Memory of a child over an empty one, MB. */
async function memoryMb(): Promise<number> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  try {
    await Deno.writeFile(path, await largePack());
    return await childMemoryMb(path);
  } finally {
    await Deno.remove(path);
  }
}

/** Peak of a child that verifies a file, over one that does nothing, MB. */
async function childMemoryMb(path: string): Promise<number> {
  const child = new URL("./runpack_memory_child.ts", import.meta.url);
  const peaks: number[] = [];
  for (const mode of ["empty", "verify"]) {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", "--allow-read", child.href, mode, path],
      stdout: "piped",
      stderr: "inherit",
    });
    const { success, stdout } = await command.output();
    if (!success) throw new Error("memory child failed");
    peaks.push(Number(new TextDecoder().decode(stdout)));
  }
  const [empty = NaN, verify = NaN] = peaks;
  return verify - empty;
}

/** Measures. */
async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const pack = await signedPack(CALLS);
  const members = readZip(pack).members.map((member) => member.read());
  const packed = await Promise.all(members.map(deflateRaw));
  const options = { keys: [await testKey()], strict: true };
  const times: Record<"platform" | "container" | "full", number[]> = {
    platform: [],
    container: [],
    full: [],
  };
  const rounds = quick ? 7 : 21;
  for (let i = -3; i < rounds; i++) {
    const platform = await timed(() => platformOnly(packed));
    const container = await timed(() =>
      verifyRunpack(pack, { ...options, containerOnly: true }, PORTS)
    );
    const full = await timed(() => verifyRunpack(pack, options, PORTS));
    // The first rounds let the compiler settle.
    if (i < 0) continue;
    times.platform.push(platform);
    times.container.push(container);
    times.full.push(full);
  }
  const ratio = (name: "container" | "full") =>
    median(times[name].map((ms, i) => ms / (times.platform[i] ?? NaN)));
  return {
    figures: {
      platform_ms: median(times.platform),
      container_ms: median(times.container),
      full_ms: median(times.full),
    },
    ratios: {
      container_to_platform: ratio("container"),
      full_to_platform: ratio("full"),
      large_member_mb: await memoryMb(),
    },
  };
}

/** The bench. */
export const bench: Bench = { name: "runpack_verify", run };
