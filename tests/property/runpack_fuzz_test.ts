/**
 * Mutated archives: none may crash the reader, make it hang, or be accepted with other content.
 * `GAIT_FUZZ_ARCHIVES` sets how many; `GAIT_FUZZ_SEED` repeats a run.
 */

import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import { canonicalize } from "../../core/jcs/canonicalize.ts";
import { verifyRunpack } from "../../core/runpack/verify_runpack.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";
import { readZip } from "../../core/zip/read_zip.ts";
import { writeZip } from "../../core/zip/write_zip.ts";
import { buildZip } from "../support/zip_build.ts";
import { contentMembers, manifestOf, packOf, testKey } from "../support/runpack_build.ts";

const COUNT = Number(Deno.env.get("GAIT_FUZZ_ARCHIVES") ?? 20_000);
const SEED = Number(Deno.env.get("GAIT_FUZZ_SEED") ?? 20_260_206);
/** Longest time for one archive, ms; far above what any of these needs. */
const MAX_MS = 2_000;

/** A small deterministic generator (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

/** Values that break arithmetic more often than random ones. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff];

/** One change. */
function mutateOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length);
  const length = 1 + random(40);
  const out = bytes.slice();
  switch (random(7)) {
    case 0:
      out[at] = (out[at] ?? 0) ^ (1 << random(8));
      return out;
    case 1:
      out[at] = EDGES[random(EDGES.length)] ?? 0;
      return out;
    case 2:
      return bytes.slice(0, at);
    case 3:
      return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    case 4: {
      const from = random(bytes.length);
      const piece = bytes.subarray(from, from + length);
      return new Uint8Array([...bytes.subarray(0, at), ...piece, ...bytes.subarray(at)]);
    }
    case 5:
      out.copyWithin(at, random(bytes.length), random(bytes.length));
      return out;
    default:
      // The records at the end steer everything else.
      out[bytes.length - 1 - random(Math.min(bytes.length, 420))] = random(256);
      return out;
  }
}

/** One to four changes. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes;
  for (let i = random(4); i >= 0 && out.length > 0; i--) out = mutateOnce(out, random);
  return out;
}

/** A sound archive in which one member was changed; `undefined` when the change changed nothing. */
function mutateMember(all: Readonly<Record<string, Uint8Array>>, random: Random) {
  const names = Object.keys(all);
  const chosen = names[random(names.length)] as string;
  const content = all[chosen] as Uint8Array;
  const changed = mutate(content, random);
  if (sameBytes(content, changed)) return undefined;
  const entries = Object.entries({ ...all, [chosen]: changed });
  return buildZip(entries.map(([name, data]) => ({ name, content: data })));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Content by member name. */
function contents(bytes: Uint8Array): Map<string, string> {
  return new Map(readZip(bytes).members.map((member) => [member.name, member.read().toHex()]));
}

Deno.test(`verifyRunpack() refuses ${COUNT} mutated archives (seed ${SEED})`, async () => {
  const members = await contentMembers(2);
  const manifest = await manifestOf(members);
  const all = { ...members, "manifest.json": utf8(canonicalize(manifest)) };
  const seeds = [
    writeZip(Object.entries(all).map(([name, data]) => ({ name, data }))),
    await packOf(members, manifest),
    await packOf(members, manifest, { comment: utf8("a comment") }),
  ];
  const key = await testKey();
  const ports = { digester: webDigester, ed25519: webEd25519 };
  const random = generator(SEED);
  const codes = new Map<string, number>();
  for (let i = 0; i < COUNT; i++) {
    const seed = seeds[i % seeds.length] as Uint8Array;
    // Half of them are sound archives with a changed member, so that what lies deeper is reached too.
    const bytes = random(2) === 0 ? mutate(seed, random) : mutateMember(all, random);
    if (bytes === undefined || sameBytes(bytes, seed)) continue;
    const start = performance.now();
    let code = "accepted";
    try {
      const report = await verifyRunpack(bytes, { keys: [key], strict: true }, ports);
      if (!report.ok) code = report.findings[0]?.code ?? "none";
      // What is accepted must be the same pack in another wrapping: a comment, another encoding.
      else assertEquals(contents(bytes), contents(seed), `archive ${i}`);
    } catch (thrown) {
      assert(thrown instanceof GaitError, `archive ${i}: ${thrown}`);
      assert(thrown.code !== "internal_failure", `archive ${i}: ${thrown.message}`);
      code = thrown.code;
    }
    codes.set(code, (codes.get(code) ?? 0) + 1);
    assert(performance.now() - start < MAX_MS, `archive ${i} took too long`);
  }
  const accepted = codes.get("accepted") ?? 0;
  // Only bytes of the comment are free.
  assert(accepted < COUNT / 50, `accepted ${accepted}`);
});
