import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import { createKeyPair, rotatedPrefix } from "../../../core/keys/create_key_pair.ts";
import { resolveStoredKey } from "../../../core/keys/resolve_signing_key.ts";
import { memoryWorld } from "../../support/memory_ports.ts";

const REQUEST = { outDir: "gait-out/keys", prefix: "gait", replace: false };

Deno.test("createKeyPair() writes two halves that belong together, readable by the owner", async () => {
  const { files, ports } = memoryWorld();
  const pair = await createKeyPair(REQUEST, ports);
  assertEquals(pair.privateKeyPath, "gait-out/keys/gait_private.key");
  assertEquals(pair.publicKeyPath, "gait-out/keys/gait_public.key");
  assertMatch(files.text(pair.privateKeyPath) ?? "", /^[A-Za-z0-9+/]{86}==\n$/);
  assertMatch(files.text(pair.publicKeyPath) ?? "", /^[A-Za-z0-9+/]{43}=\n$/);
  for (const path of [pair.privateKeyPath, pair.publicKeyPath]) {
    assertEquals((await files.stat(path))?.mode, 0o600);
  }
  const { privateKeyPath: privateKey, publicKeyPath: publicKey } = pair;
  const key = await resolveStoredKey({ privateKey, publicKey }, ports);
  assertEquals(key?.signer.keyId, pair.keyId);
});

Deno.test("createKeyPair() never replaces unless asked to", async () => {
  for (const existing of ["gait_private.key", "gait_public.key"]) {
    const { files, ports } = memoryWorld();
    files.put(`gait-out/keys/${existing}`, "precious");
    const error = await assertRejects(() => createKeyPair(REQUEST, ports), GaitError);
    assertEquals(error.code, "already_exists");
    assertEquals([...files.files().values()], ["precious"]);
    const pair = await createKeyPair({ ...REQUEST, replace: true }, ports);
    assertEquals(files.text(pair.privateKeyPath)?.length, 89);
    assertEquals(files.text(pair.publicKeyPath)?.length, 45);
  }
});

Deno.test("createKeyPair() leaves no half behind when writing fails at any step", async () => {
  for (let at = 1; at <= 4; at++) {
    const { files, ports } = memoryWorld();
    files.fault.at = at;
    await assertRejects(() => createKeyPair(REQUEST, ports), GaitError, "injected fault");
    assertEquals([...files.files().keys()], [], `fault ${at}`);
  }
});

Deno.test("createKeyPair() refuses places outside the named directory", async () => {
  const { ports, files } = memoryWorld();
  for (const prefix of ["../x", "a/b", "a\\b", "c:x", "x\n"]) {
    const work = () => createKeyPair({ ...REQUEST, prefix }, ports);
    assertEquals((await assertRejects(work, GaitError)).code, "path_not_allowed");
  }
  for (const outDir of ["", "  "]) {
    const work = () => createKeyPair({ ...REQUEST, outDir }, ports);
    assertEquals((await assertRejects(work, GaitError)).code, "path_not_allowed");
  }
  assertEquals(files.operations, 0);
});

Deno.test("createKeyPair() does not write through a link", async () => {
  const { ports, files } = memoryWorld();
  files.put("target", "precious");
  files.link("gait-out/keys/gait_private.key", "/work/target");
  for (const replace of [false, true]) {
    await assertRejects(() => createKeyPair({ ...REQUEST, replace }, ports), GaitError);
  }
  assertEquals(files.text("target"), "precious");
});

Deno.test("createKeyPair() names paths cleaned", async () => {
  const cases = [
    ["./k//", "k/gait_public.key"],
    ["../k/./", "../k/gait_public.key"],
    [
      "/a/../b",
      "/b/gait_public.key",
    ],
    ["/../b", "/b/gait_public.key"],
    [".", "gait_public.key"],
    ["a/..", "gait_public.key"],
  ];
  for (const [outDir, expected] of cases) {
    const pair = await createKeyPair({ ...REQUEST, outDir: outDir ?? "" }, memoryWorld().ports);
    assertEquals(pair.publicKeyPath, expected);
  }
});

Deno.test("rotatedPrefix() stamps whole seconds in UTC", () => {
  const now = parseTimestamp("2026-02-06T01:02:03.999999999+01:00")?.instant ?? 0n;
  assertEquals(rotatedPrefix("gait", now), "gait_20260206T000203Z");
  assertEquals(rotatedPrefix("", now), "_20260206T000203Z");
});
