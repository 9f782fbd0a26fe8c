import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { readZip } from "../../../core/zip/read_zip.ts";
import {
  buildZip,
  bytesOf,
  deflateRaw,
  type RawArchive,
  type RawEntry,
} from "../../support/zip_build.ts";

const text = (value: string) => bytesOf(value);

/** An entry with some content. */
function entry(name: string | Uint8Array, more: Partial<RawEntry> = {}): RawEntry {
  return { name, content: text("content of a member"), ...more };
}

/** Reads everything in an archive. */
function readAll(bytes: Uint8Array): { problems: string[]; contents: string[] } {
  const { members, problems } = readZip(bytes);
  const contents = members.map((member) => new TextDecoder().decode(member.read()));
  return { problems: problems.map(({ message }) => message), contents };
}

Deno.test("readZip() reads stored and deflated members, comments and equal extra fields", async () => {
  const content = text("abc".repeat(1000));
  const extra = Uint8Array.of(0x55, 0x54, 5, 0, 1, 0, 0xa6, 0xce, 0x12);
  const entries = [
    entry("a", { content, packed: await deflateRaw(content), extra }),
    entry("b", { content: text(""), extra }),
  ];
  const { problems, contents } = readAll(buildZip(entries, { comment: text("a comment") }));
  assertEquals(problems, []);
  assertEquals(contents, ["abc".repeat(1000), ""]);
  assertEquals(readZip(buildZip([])).members, []);
});

Deno.test("readZip() accepts the timestamps that Info-ZIP writes longer in the local header", () => {
  const central = Uint8Array.of(0x55, 0x54, 5, 0, 3, 1, 2, 3, 4);
  const local = Uint8Array.of(0x55, 0x54, 9, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8);
  assertEquals(readAll(buildZip([entry("a", { extra: central, localExtra: local })])).problems, []);
  const other = Uint8Array.of(0x55, 0x54, 9, 0, 3, 9, 2, 3, 4, 5, 6, 7, 8);
  assertRefused("extra", buildZip([entry("a", { extra: central, localExtra: other })]));
});

/** Expects a refusal with a code. */
function assertRefused(name: string, bytes: Uint8Array, code = "archive_corrupt"): void {
  const error = assertThrows(() => readAll(bytes), GaitError) as GaitError;
  assertEquals(error.code, code, `${name}: ${error.message}`);
}

Deno.test("readZip() refuses archives that lie about themselves", async () => {
  const packed = await deflateRaw(text("x".repeat(5000)));
  const zeros = { content: text("x".repeat(5000)), packed };
  const junk = text("PK junk");
  const archives: Record<string, [readonly RawEntry[], RawArchive?]> = {
    "bytes before": [[entry("a")], { prefix: junk }],
    "bytes after": [[entry("a")], { suffix: junk }],
    "bytes between": [[entry("a", { gap: junk }), entry("b")]],
    "bytes before the directory": [[entry("a")], { beforeCentral: junk }],
    "an end record in the comment": [[entry("a")], { comment: buildZip([]) }],
    "a wrong checksum": [[entry("a", { crc: 1 })]],
    "a larger size": [[entry("a", { ...zeros, size: 5001 })]],
    "a smaller size": [[entry("a", { ...zeros, size: 4999 })]],
    "a stored member of two sizes": [[entry("a", { size: 5 })]],
    "an impossible ratio": [[entry("a", { ...zeros, size: 100_000_000 })]],
    "another local size": [[entry("a", { ...zeros, localSize: 1 })]],
    "another local name": [[entry("a", { localName: "b" })]],
    "another local extra": [[entry("a", { localExtra: text("abcd") })]],
    "encryption": [[entry("a", { flags: 1 })]],
    "strong encryption": [[entry("a", { flags: 0x41 })]],
    "an unknown method": [[entry("a", { method: 12 })]],
    "overlapping entries": [[entry("a"), entry("b", { offset: 0 })]],
    "an offset outside": [[entry("a", { offset: 0xfffffff0 })]],
    "a compressed size outside": [[entry("a", { ...zeros, compressedSize: 0x7fffffff })]],
    "too many entries": [[entry("a")], { count: 2 }],
    "too few entries": [[entry("a"), entry("b")], { count: 1 }],
    "a count of Zip64": [[entry("a")], { count: 0xffff }],
    "members of two programs": [[entry("a"), entry("b", { madeBy: 20 })]],
    "a descriptor that is none": [[entry("a", { flags: 8, gap: text("0123456789ab") })]],
  };
  for (const [name, [entries, around]] of Object.entries(archives)) {
    assertRefused(name, buildZip(entries, around ?? {}));
  }
  const trailing = new Uint8Array([...packed, 0]);
  assertRefused("bytes in a stream", buildZip([entry("a", { ...zeros, packed: trailing })]));
  assertRefused("a long name", buildZip([entry("n".repeat(2000))]));
});

Deno.test("readZip() refuses a bomb by its declared size and by its content", async () => {
  const large = new Uint8Array(64 * 1024 * 1024);
  const packed = await deflateRaw(large);
  const start = performance.now();
  assertRefused(
    "above the limit",
    buildZip([entry("a", { content: large, packed, size: 105_000_000 })]),
    "input_too_large",
  );
  assertRefused("more than declared", buildZip([entry("a", { content: large, packed, size: 10 })]));
  const many = Array.from(
    { length: 18 },
    (_, i) => entry(`m${i}`, { packed, content: large }),
  );
  assertRefused("in total", buildZip(many), "input_too_large");
  // A generous bound: refusing must not mean inflating.
  assert(performance.now() - start < 5000);
});

Deno.test("readZip() reports names that are unsafe, ambiguous or no regular files", () => {
  const names = [
    "../evil",
    "a/../../evil",
    "/abs",
    "..\\evil",
    "C:evil",
    "a\u0000b",
    "a/",
    "a//b",
    "./a",
    "",
    "a\u202eb",
    "con.txt",
    "dir/NUL",
    "trailing.",
    "trailing ",
    "a:b",
    "a\nb",
  ];
  for (const name of names) {
    const { problems } = readAll(buildZip([entry(name)]));
    assertEquals(problems.length, 1, JSON.stringify(name));
  }
  assertEquals(readAll(buildZip([entry(Uint8Array.of(0x61, 0xff))])).problems.length, 1);
  assertEquals(readAll(buildZip([entry("run.json"), entry("RUN.json")])).problems.length, 1);
  assertEquals(readAll(buildZip([entry("\u00e9"), entry("e\u0301")])).problems.length, 1);
  assertEquals(readAll(buildZip([entry("a"), entry("a")])).problems.length, 1);
  assertEquals(readAll(buildZip([entry("a", { external: 0xa1ff0000 })])).problems.length, 1);
  assertEquals(readAll(buildZip([entry("a", { external: 0x41ed0010 })])).problems.length, 1);
  assertEquals(readAll(buildZip([entry("dir/file.json"), entry("x_y-z.json")])).problems, []);
});

Deno.test("readZip() finds the last of two members with one name", () => {
  const archive = readZip(buildZip([
    entry("a", { content: text("first") }),
    entry("a", { content: text("second") }),
  ]));
  assertEquals(archive.find("a")?.read(), text("second"));
  assertEquals(archive.find("b"), undefined);
});

Deno.test("readZip() refuses every truncation of an archive", async () => {
  const content = text("abc".repeat(50));
  const bytes = buildZip([entry("a", { content, packed: await deflateRaw(content) }), entry("b")]);
  for (let length = 0; length < bytes.length; length++) {
    assertRefused(`cut at ${length}`, bytes.slice(0, length));
  }
});
