import { assertEquals, assertThrows } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { encodeChain, parseChain } from "../../../core/session/chain.ts";
import { checkpointDigest } from "../../../core/session/checkpoint_digest.ts";
import type { SessionCheckpoint } from "../../../core/session/records.ts";
import { chainPath, cleanPath, sessionPath } from "../../../core/session/session_paths.ts";
import { headError, verifyLinks } from "../../../core/session/verify_links.ts";

const IDENTITY = { session_id: "s", run_id: "run_s" };
const HEADER = {
  ...IDENTITY,
  created_at: "2026-01-01T00:00:00Z",
  producer_version: "0",
  started_at: "2026-01-01T00:00:00Z",
};

/** Checkpoints of two events each, linked. */
function checkpoints(count: number): SessionCheckpoint[] {
  const out: SessionCheckpoint[] = [];
  for (let index = 1; index <= count; index++) {
    const previous = out.at(-1)?.checkpoint_digest;
    const link = {
      manifest_digest: String(index).repeat(64).slice(0, 64),
      ...(previous !== undefined && { prev_checkpoint_digest: previous }),
      checkpoint_index: index,
      sequence_start: 2 * index - 1,
      sequence_end: 2 * index,
    };
    out.push({
      ...IDENTITY,
      ...link,
      schema_id: "gait.runpack.session_checkpoint",
      schema_version: "1.0.0",
      created_at: "2026-01-01T00:00:00Z",
      producer_version: "0",
      runpack_path: `cp${index}.zip`,
      checkpoint_digest: checkpointDigest(link),
    });
  }
  return out;
}

function chainOf(list: readonly SessionCheckpoint[]) {
  return parseChain(utf8(encodeChain(HEADER, list)), "chain.json");
}

Deno.test("checkpointDigest() gives the value of the specification", () => {
  const digest = checkpointDigest({
    manifest_digest: "2bb9c7b92d4b6bacc1b13622192e2f7728b2688d9193d86aa9903737dd7234d2",
    checkpoint_index: 1,
    sequence_start: 1,
    sequence_end: 2,
  });
  assertEquals(digest, "1b263ec585b6f26aeabbc04a9ee0926f61a0a0273cd84094a0f289898f9bc2bb");
});

Deno.test("verifyLinks() accepts an intact chain and finds every tampering", () => {
  const list = checkpoints(4);
  assertEquals(verifyLinks(chainOf(list)), { errors: [], firstBadSequence: undefined });
  const changes: Partial<SessionCheckpoint>[] = [
    { checkpoint_index: 9 },
    { sequence_start: 4 },
    { sequence_start: 1 },
    { sequence_end: 5 },
    { sequence_end: 2 },
    { manifest_digest: "f".repeat(64) },
    { prev_checkpoint_digest: "f".repeat(64) },
    { checkpoint_digest: "f".repeat(64) },
    { run_id: "run_other" },
    { session_id: "other" },
  ];
  for (const change of changes) {
    const forged = list.map((each, i) => i === 1 ? { ...each, ...change } : each);
    const report = verifyLinks(chainOf(forged));
    assertEquals(report.errors.length > 0, true, JSON.stringify(change));
    assertEquals(report.firstBadSequence, 3, JSON.stringify(change));
  }
  assertEquals(verifyLinks(chainOf(list.slice(1))).firstBadSequence, 1);
  assertEquals(verifyLinks(chainOf([...list].reverse())).errors.length > 0, true);
});

Deno.test("headError() finds a chain that was cut or went on", () => {
  const list = checkpoints(3);
  const heads = list.map((each) => each.checkpoint_digest);
  assertEquals(headError(chainOf(list), heads[2] ?? ""), undefined);
  assertEquals(headError(chainOf(list.slice(0, 2)), heads[2] ?? "")?.includes("truncated"), true);
  assertEquals(headError(chainOf(list), heads[1] ?? "")?.includes("goes on"), true);
});

Deno.test("parseChain() refuses what is no chain", () => {
  const value = JSON.parse(encodeChain(HEADER, checkpoints(1)));
  const bad: unknown[] = [
    [],
    { ...value, checkpoints: [] },
    { ...value, checkpoints: null },
    { ...value, checkpoints: [1] },
    { ...value, session_id: " " },
    { ...value, schema_id: "other" },
    { ...value, schema_version: "2.0.0" },
    { ...value, created_at: "never" },
  ];
  for (const each of bad) {
    assertThrows(() => parseChain(utf8(JSON.stringify(each)), "c"), GaitError);
  }
  assertThrows(() => parseChain(utf8('{"a":1,"a":2}'), "c"), GaitError);
});

Deno.test("chainPath() follows the naming rule of the specification", () => {
  const names: [string, string][] = [
    ["demo.journal.jsonl", "demo.journal_chain.json"],
    ["x", "x_chain.json"],
    [".hid.jsonl", ".hid_chain.json"],
    ["d/.jsonl", "d/session_chain.json"],
    ["/a.b/c", "/a.b/c_chain.json"],
  ];
  for (const [journal, chain] of names) assertEquals(chainPath(journal), chain);
});

Deno.test("sessionPath() cleans a path and refuses ways out", () => {
  assertEquals(sessionPath("  ./a//b/../c ", "journal"), "a/c");
  assertEquals(sessionPath("/x/../../y", "journal"), "/y");
  assertEquals(cleanPath("a/.."), ".");
  for (const bad of ["", "  ", ".", "/", "..", "../x", "a/../../x", "x\0y"]) {
    assertThrows(() => sessionPath(bad, "journal"), GaitError);
  }
});
