import { assert, assertEquals, assertRejects } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { canonicalize } from "../../../core/jcs/canonicalize.ts";
import { type VerifyOptions, verifyRunpack } from "../../../core/runpack/verify_runpack.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import { readZip } from "../../../core/zip/read_zip.ts";
import { writeZip } from "../../../core/zip/write_zip.ts";
import {
  contentMembers,
  manifestOf,
  type Members,
  packOf,
  testKey,
} from "../../support/runpack_build.ts";

const ports = { digester: webDigester, ed25519: webEd25519 };
const key = await testKey();
const strict: VerifyOptions = { keys: [key], strict: true };

/** Whether a pack is accepted; a refusal may be a report or an error. */
async function accepted(bytes: Uint8Array, options: VerifyOptions = strict): Promise<boolean> {
  try {
    return (await verifyRunpack(bytes, options, ports)).ok;
  } catch (thrown) {
    assert(thrown instanceof GaitError, String(thrown));
    assert(thrown.code !== "internal_failure", thrown.message);
    return false;
  }
}

/** A signed pack in the form that gait writes. */
async function writtenPack(calls: number): Promise<Uint8Array> {
  const members = await contentMembers(calls);
  const manifest = utf8(canonicalize(await manifestOf(members)));
  const all: Members = { ...members, "manifest.json": manifest };
  return writeZip(Object.entries(all).map(([name, data]) => ({ name, data })));
}

Deno.test("verifyRunpack() verifies a signed pack under every profile", async () => {
  const pack = await writtenPack(3);
  const report = await verifyRunpack(pack, strict, ports);
  assertEquals(report.findings, []);
  assertEquals(report.warnings, []);
  assertEquals(report.notCanonical, []);
  assertEquals(report.signatureStatus, "verified");
  assertEquals([report.intentsTotal, report.resultsTotal], [3, 3]);
  assertEquals(report.signers, [{ keyId: key.keyId, identity: "" }]);
  assert(await accepted(pack, { keys: [] }));
  const unverified = await verifyRunpack(pack, { keys: [] }, ports);
  assertEquals(unverified.signatureStatus, "unverified");
});

Deno.test("verifyRunpack() refuses every flipped byte of a pack that gait wrote", async () => {
  const pack = await writtenPack(1);
  const members = readZip(pack).members.map((member) => member.read());
  const survivors: number[] = [];
  for (let at = 0; at < pack.length; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const broken = pack.slice();
      broken[at] = (broken[at] ?? 0) ^ mask;
      if (!await accepted(broken)) continue;
      // Another encoding of the same content is the same pack: its digests say so.
      assertEquals(readZip(broken).members.map((member) => member.read()), members);
      survivors.push(at);
    }
  }
  assertEquals(survivors, []);
});

/** Every value that differs from a JSON value in one leaf. */
function* mutations(value: JsonValue): Generator<JsonValue> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      yield value.filter((_, j) => j !== i);
      for (const changed of mutations(item)) yield value.map((v, j) => j === i ? changed : v);
    }
    yield [...value, null];
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const { [name]: _gone, ...rest } = value;
      yield rest;
      for (const changed of mutations(item)) yield { ...value, [name]: changed };
    }
    yield { ...value, extra: "x" };
  } else if (typeof value === "string") {
    yield `${value}x`;
    yield value.slice(1);
    yield value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase();
    yield "";
    yield null;
    yield 1;
  } else yield typeof value === "number" ? value + 1 : !value;
}

Deno.test("verifyRunpack() refuses every mutation of a leaf of the manifest and its signature", async () => {
  const members = await contentMembers(2);
  const manifest = await manifestOf(members);
  let count = 0;
  for (const changed of mutations(manifest)) {
    if (canonicalize(changed) === canonicalize(manifest)) continue;
    count++;
    const pack = await packOf(members, changed as JsonObject);
    assert(!await accepted(pack), canonicalize(changed));
  }
  assert(count > 100);
});

Deno.test("verifyRunpack() refuses every mutation of a leaf of a record", async () => {
  const members = await contentMembers(2);
  const manifest = await manifestOf(members);
  for (const name of Object.keys(members)) {
    const lines = new TextDecoder().decode(members[name]).split("\n");
    const [line = ""] = lines;
    for (const changed of mutations(JSON.parse(line))) {
      const text = canonicalize(changed);
      if (text === line) continue;
      const content = utf8([text, ...lines.slice(1)].join("\n"));
      const pack = await packOf({ ...members, [name]: content }, manifest);
      assert(!await accepted(pack, { keys: [key] }), text);
    }
  }
});

/** Finding codes of a pack whose records were changed before it was signed. */
async function codesOf(change: (members: Members) => void, more: JsonObject = {}) {
  const members = await contentMembers(2);
  change(members);
  const pack = await packOf(members, await manifestOf(members, more));
  const lax = await verifyRunpack(pack, { keys: [key] }, ports);
  const report = await verifyRunpack(pack, strict, ports);
  return { lax: lax.findings.map(({ code }) => code), strict: report.findings.map((f) => f.code) };
}

function edit(name: string, from: string, to: string): (members: Members) => void {
  return (members) => {
    const text = new TextDecoder().decode(members[name]);
    assert(text.includes(from));
    members[name] = utf8(text.replace(from, to));
  };
}

Deno.test("verifyRunpack() tells what is doubtful from what is wrong in signed records", async () => {
  const digest = await codesOf(edit("intents.jsonl", '"limit":0', '"limit":1'));
  assertEquals(digest, { lax: [], strict: ["digest_mismatch"] });
  const foreign = await codesOf(edit("results.jsonl", "run_test", "run_other"));
  assertEquals(foreign, { lax: [], strict: ["foreign_record"] });
  const run = await codesOf(edit("run.json", "run_test", "run_other"));
  assertEquals(run, { lax: ["foreign_record"], strict: ["foreign_record"] });
  const broken = await codesOf(edit("intents.jsonl", "{", "["));
  assertEquals(broken.lax, ["record_invalid"]);
  const twice = await codesOf(edit("intents.jsonl", '"run_id"', '"tool_name":"x","run_id"'));
  assertEquals(twice.lax, ["record_invalid"]);
  const typed = await codesOf(edit("intents.jsonl", '"intent_0"', "7"));
  assertEquals(typed.lax, ["record_invalid"]);
  const unknown = await codesOf(() => {}, { note: "x" });
  assertEquals(unknown, { lax: [], strict: ["record_invalid"] });
});

Deno.test("verifyRunpack() refuses false digests of records where a chain asks for it", async () => {
  const members = await contentMembers(2);
  edit("intents.jsonl", '"limit":0', '"limit":1')(members);
  const pack = await packOf(members, await manifestOf(members));
  const report = await verifyRunpack(pack, { keys: [key], refuseFalseDigests: true }, ports);
  assertEquals(report.findings.map(({ code, path, line }) => [code, path, line]), [
    ["digest_mismatch", "intents.jsonl", 1],
  ]);
});

Deno.test("verifyRunpack() refuses another run than the one that was asked for", async () => {
  const pack = await writtenPack(1);
  const report = await verifyRunpack(pack, { keys: [key], expectedRunId: "run_other" }, ports);
  assertEquals(report.findings.map(({ code }) => code), ["foreign_record"]);
});

Deno.test("verifyRunpack() asks for a signature when a key is given, unless that is waived", async () => {
  const members = await contentMembers(1);
  const { signatures: _none, ...manifest } = await manifestOf(members);
  const pack = await packOf(members, manifest);
  const codes = async (options: VerifyOptions) =>
    (await verifyRunpack(pack, options, ports)).findings.map(({ code }) => code);
  assertEquals(await codes({ keys: [] }), []);
  assertEquals(await codes({ keys: [key] }), ["signature_missing"]);
  assertEquals(await codes({ keys: [key], allowUnsigned: true }), []);
  assertEquals(await codes({ keys: [], requireSignature: true }), ["signature_missing"]);
});

Deno.test("verifyRunpack() judges the terms of a key at the time of the artifact", async () => {
  const pack = await writtenPack(1);
  const at = 1_767_225_600_000_000_000n; // 2026-01-01T00:00:00Z
  for (
    const [terms, ok] of [
      [{ notBefore: at, notAfter: at }, true],
      [{ notBefore: at + 1n }, false],
      [{ notAfter: at - 1n }, false],
      [{ revoked: true }, false],
    ] as const
  ) {
    const report = await verifyRunpack(pack, { keys: [{ ...key, ...terms }] }, ports);
    assertEquals(report.ok, ok);
    if (!ok) assertEquals(report.findings.map(({ code }) => code), ["key_not_trusted"]);
  }
});

Deno.test("verifyRunpack() throws for what is no runpack at all", async () => {
  await assertRejects(() => verifyRunpack(utf8("PK"), strict, ports), GaitError);
  const empty = writeZip([{ name: "run.json", data: utf8("{}") }]);
  const error = await assertRejects(() => verifyRunpack(empty, strict, ports), GaitError);
  assertEquals((error as GaitError).code, "archive_corrupt");
});
