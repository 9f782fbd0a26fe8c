/** The parts of the release: versions, targets, envelopes, statements, what a program carries. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { toBase64, utf8 } from "../../../core/base/bytes.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import { starter } from "../../../scripts/npm/entries.ts";
import { npmPackage } from "../../../scripts/npm/package.ts";
import { strayFiles } from "../../../scripts/publish_dry_run.ts";
import { open, preAuthEncoding, seal } from "../../../scripts/release/dsse.ts";
import { compileArgs } from "../../../scripts/release/binary.ts";
import { filled, filledFormula } from "../../../scripts/release/installers.ts";
import { permissionFindings, readPayload } from "../../../scripts/release/payload.ts";
import { systemOf } from "../../../scripts/release/program_format.ts";
import { readText } from "../../../scripts/sources.ts";
import { withVersion } from "../../../scripts/release/stage.ts";
import {
  billOfMaterials,
  lockedComponents,
  provenance,
} from "../../../scripts/release/statements.ts";
import { targetOf } from "../../../scripts/release/targets.ts";
import { checkoutVersion, releaseVersion } from "../../../scripts/release/version.ts";

const PORTS = { digester: webDigester, ed25519: webEd25519 };
const SOURCE = {
  version: "1.2.3",
  commit: "a".repeat(40),
  time: "2026-01-01T00:00:00Z",
  repository: "https://forge.example/gait",
  runtime: "2.9.6",
};

Deno.test("releaseVersion() takes tags and refuses what is no semantic version", () => {
  assertEquals(releaseVersion(["--version", "v1.2.3"]), "1.2.3");
  assertEquals(releaseVersion(["--version=1.2.3-rc.1"]), "1.2.3-rc.1");
  assertEquals(releaseVersion([]), checkoutVersion());
  for (const wrong of ["", "1.2", "01.2.3", "1.2.3+build", '1.2.3";evil', "1.2.3-", "latest"]) {
    assertThrows(() => releaseVersion(["--version", wrong]), Error, "no semantic version");
  }
});

Deno.test("withVersion() changes two files and nothing else", () => {
  const source = 'export const VERSION = "0.0.0-dev";\n';
  assertEquals(
    withVersion("version.ts", source, "1.2.3"),
    'export const VERSION = "1.2.3";\n',
  );
  assertEquals(withVersion("core/a.ts", source, "1.2.3"), source);
  assertEquals(
    withVersion("deno.json", '{\n  "version": "0.0.0-dev"\n}', "1.2.3"),
    '{\n  "version": "1.2.3"\n}',
  );
  assertThrows(() => withVersion("version.ts", "", "1.2.3"), Error, "no place");
});

Deno.test("targetOf() knows both names and says what there is", () => {
  assertEquals(targetOf("linux-x64"), targetOf("x86_64-unknown-linux-gnu"));
  assertThrows(() => targetOf("plan9"), Error, "the targets are linux-x64");
});

Deno.test("preAuthEncoding() gives the bytes of the DSSE specification", () => {
  const encoded = preAuthEncoding("http://example.com/HelloWorld", utf8("hello world"));
  assertEquals(
    new TextDecoder().decode(encoded),
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
});

Deno.test("open() refuses every edit of an envelope and every other key", async () => {
  const signer = await signerFromSeed(new Uint8Array(32).fill(7), PORTS);
  const other = await signerFromSeed(new Uint8Array(32).fill(8), PORTS);
  const payload = utf8('{"a":1}');
  const envelope = await seal(payload, signer);
  assertEquals(await open(envelope, signer.publicKey), payload);
  const [own] = envelope.signatures;
  assert(own !== undefined);
  const forged = { ...own, sig: toBase64(new Uint8Array(64)) };
  const edits = [
    { ...envelope, payload: toBase64(utf8('{"a":2}')) },
    { ...envelope, payload: "!" },
    { ...envelope, payloadType: "application/json" },
    { ...envelope, signatures: [] },
    { ...envelope, signatures: [{ ...own, keyid: other.keyId }] },
    { ...envelope, signatures: [own, forged] },
    { ...envelope, signatures: [{ ...own, sig: "?" }] },
  ];
  for (const edited of edits) assertEquals(await open(edited, signer.publicKey), undefined);
  assertEquals(await open(envelope, other.publicKey), undefined);
});

Deno.test("provenance() names artifacts, commit and version", () => {
  const text = JSON.stringify(provenance(SOURCE, [{ name: "a", sha256: "b".repeat(64) }]));
  for (const part of ["in-toto.io/Statement/v1", SOURCE.commit, "1.2.3", "b".repeat(64)]) {
    assert(text.includes(part), part);
  }
});

Deno.test("billOfMaterials() holds the runtime as required and tools as excluded", () => {
  const locked = lockedComponents({ npm: { "ajv@8.20.0": {}, "@a/b@1.0.0_c@2.0.0": {} } });
  assertEquals(locked.map(({ purl, scope }) => [purl, scope]), [
    ["pkg:npm/%40a/b@1.0.0", "excluded"],
    ["pkg:npm/ajv@8.20.0", "excluded"],
  ]);
  const text = JSON.stringify(billOfMaterials(SOURCE, locked));
  assert(text.includes('"specVersion":"1.6"') && text.includes("denoland/deno@v2.9.6"));
});

const STORED = {
  allow_read: [],
  allow_write: null,
  allow_env: null,
  allow_run: null,
  allow_net: null,
  allow_sys: null,
  allow_ffi: null,
  deny_import: [],
  prompt: false,
};

Deno.test("readPayload() finds the last description in a program", () => {
  const description = {
    argv: [],
    code_cache_key: null,
    note: 'a "quoted" } brace',
    permissions: STORED,
    entrypoint_key: "cli.js",
    unstable_config: { features: [] },
  };
  const text = `junk{"argv":[]}junk${JSON.stringify(description)}tail}`;
  assertEquals(readPayload(utf8(text)), {
    permissions: STORED,
    entrypoint: "cli.js",
    unstable: [],
    codeCache: false,
  });
  const cached = text.replace('"code_cache_key":null', '"code_cache_key":1498167292903378931');
  assertEquals(readPayload(utf8(cached))?.codeCache, true);
  assertEquals(readPayload(utf8(text.replace('"code_cache_key":null,', "")))?.codeCache, true);
  assertEquals(readPayload(utf8("nothing")), undefined);
  assertEquals(readPayload(utf8('{"argv":[')), undefined);
});

Deno.test("compileArgs() keeps no cache of compiled code unless it is asked for", () => {
  const target = targetOf("linux-x64");
  const flags = ["--allow-env", "--allow-read"];
  const request = { target, version: "1.2.3", bundle: "/b", flags, output: "/o", codeCache: false };
  const args = compileArgs(request, "/o/gait");
  assertEquals(args.slice(0, 8), [
    "compile",
    "--quiet",
    "--no-config",
    "--no-lock",
    "--no-check",
    "--no-remote",
    "--no-npm",
    "--no-code-cache",
  ]);
  assertEquals(args.slice(8), [
    "--no-prompt",
    "--deny-import",
    ...flags,
    "--unstable-worker-options",
    ...["--app-name", "gait", "--target", target.triple, "--output", "/o/gait"],
    ...["--include", "/b", "/b/cli.js"],
  ]);
  assertEquals(
    compileArgs({ ...request, codeCache: true }, "/o/gait"),
    args.filter((arg) => arg !== "--no-code-cache"),
  );
});

/** A header with some bytes in it. */
function header(length: number, parts: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [at, values] of Object.entries(parts)) bytes.set(values, Number(at));
  return bytes;
}

Deno.test("systemOf() tells the systems of programs apart", () => {
  const elf = { 0: [0x7f, 0x45, 0x4c, 0x46, 2, 1] };
  const mach = [0xcf, 0xfa, 0xed, 0xfe];
  const pe = { 0: [0x4d, 0x5a], 60: [0x80], 0x80: [0x50, 0x45, 0, 0, 0x64, 0x86] };
  const cases: [Uint8Array, string | undefined][] = [
    [header(64, { ...elf, 18: [0x3e] }), "linux-x64"],
    [header(64, { ...elf, 18: [0xb7] }), "linux-arm64"],
    [header(64, { ...elf, 18: [3] }), undefined],
    [header(64, { 0: [0x7f, 0x45, 0x4c, 0x46, 1, 1], 18: [0x3e] }), undefined],
    [header(64, { 0: [...mach, 7, 0, 0, 1] }), "macos-x64"],
    [header(64, { 0: [...mach, 12, 0, 0, 1] }), "macos-arm64"],
    [header(256, pe), "windows-x64"],
    [header(0x85, { 0: [0x4d, 0x5a], 60: [0x80], 0x80: [0x50, 0x45] }), undefined],
    [header(256, { ...pe, 60: [0xff, 0xff, 0xff, 0xff] }), undefined],
    [header(63, { ...elf, 18: [0x3e] }), undefined],
    [utf8("#!/bin/sh\n".repeat(10)), undefined],
  ];
  for (const [bytes, system] of cases) assertEquals(systemOf(bytes), system);
});

Deno.test("permissionFindings() wants exactly the flags, no prompt and no imports", () => {
  const flags = ["--allow-read"];
  assertEquals(permissionFindings(STORED, flags), []);
  assertEquals(permissionFindings(STORED, ["--allow-read=a,b"]), [
    'allow-read is [], not ["a","b"]',
  ]);
  const wide = [{ allow_ffi: [] }, { allow_net: ["x"] }, { prompt: true }, { deny_import: null }, {
    allow_all: true,
  }];
  for (const change of wide) {
    assertEquals(permissionFindings({ ...STORED, ...change }, flags).length, 1);
  }
});

Deno.test("filled() puts facts into installers and no code", () => {
  const template = "v='@VERSION@' k='@RELEASE_KEY@' u='@BASE_URL@'";
  const facts = { version: "1.2.3", key: "AAAA", baseUrl: "https://forge.example/d" };
  assertEquals(filled(template, facts), "v='1.2.3' k='AAAA' u='https://forge.example/d'");
  for (const baseUrl of ["http://forge.example", "https://a';rm -rf /", "file:///x"]) {
    assertThrows(() => filled(template, { ...facts, baseUrl }), Error, "https://");
  }
});

Deno.test("filledFormula() is whole or nothing", () => {
  const template = readText("packaging/homebrew/gait.rb");
  const facts = {
    version: "1.2.3",
    key: "",
    baseUrl: "https://forge.example/o/releases/download/v",
  };
  const names = ["linux-x64", "linux-arm64", "macos-x64", "macos-arm64"];
  const sums = new Map(names.map((name, i) => [`gait-1.2.3-${name}`, String(i).repeat(64)]));
  const text = filledFormula(template, facts, sums) ?? "";
  assertEquals(text.match(/@[A-Z]/), null);
  for (const sum of sums.values()) assert(text.includes(sum));
  assertEquals(filledFormula(template, { ...facts, baseUrl: "" }, sums), undefined);
  sums.delete("gait-1.2.3-macos-x64");
  assertEquals(filledFormula(template, facts, sums), undefined);
});

Deno.test("npmPackage() mirrors the exports of deno.json", () => {
  const config = { name: "@gait/gait", license: "Apache-2.0" };
  const { entryPoints, fields } = npmPackage(
    { ...config, exports: { ".": "./mod.ts", "./sdk": "./sdk.ts" } },
    "1.2.3",
  );
  assertEquals(entryPoints.map(({ name, path }) => [name, path]), [
    [".", "./mod.ts"],
    ["./sdk", "./sdk.ts"],
  ]);
  assertEquals([fields.version, fields.dependencies], ["1.2.3", undefined]);
  assertEquals(npmPackage({ ...config, exports: "./mod.ts" }, "1.2.3").entryPoints.length, 1);
});

Deno.test("starter() is written in the language of old versions before it refuses them", () => {
  const [before = ""] = starter().split("var args");
  assertEquals(/=>|`|\?\?|\?\.|\bawait\b|\bconst\b|\blet\b/.test(before), false);
});

Deno.test("strayFiles() finds what must not be published", () => {
  const list = "  file:///s/mod.ts (1KB)\n  file:///s/links/dnt/mod.ts (2KB)\n";
  assertEquals(strayFiles(list, "/s/"), ["links/dnt/mod.ts"]);
  assertEquals(strayFiles("", "/s/"), ["the dry run lists no mod.ts"]);
});
