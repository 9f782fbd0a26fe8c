/** Signed runpacks for tests and measurements, made without the code that writes them in production. */

import { toBase64, toHex, utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import { canonicalize } from "../../core/jcs/canonicalize.ts";
import { keyId } from "../../core/sign/key_id.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";
import type { TrustedKey } from "../../core/trust/trusted_key.ts";
import { buildZip, deflateRaw, type RawArchive, type RawEntry } from "./zip_build.ts";

/** Members by name. */
export type Members = Record<string, Uint8Array>;

const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);

/** Hex SHA-256. */
export async function sha256(data: Uint8Array | string): Promise<string> {
  return toHex(await webDigester.sha256(typeof data === "string" ? utf8(data) : data));
}

/** The key that signs. */
export async function testKey(): Promise<TrustedKey> {
  const { publicKey } = await webEd25519.fromSeed(SEED);
  const id = await keyId(publicKey, webDigester);
  return { publicKey, keyId: id, source: "path:test.key", identity: "", revoked: false };
}

function record(kind: string, members: JsonObject): JsonObject {
  return {
    created_at: "2026-01-01T00:00:00Z",
    producer_version: "0.0.0-dev",
    run_id: "run_test",
    schema_id: `gait.runpack.${kind}`,
    schema_version: "1.0.0",
    ...members,
  };
}

/** The four content members of a run with a number of calls. */
export async function contentMembers(calls: number): Promise<Members> {
  const intents: string[] = [];
  const results: string[] = [];
  for (let i = 0; i < calls; i++) {
    const args = {
      path: `/work/src/file_${i}.ts`,
      query: `find ${(i * 7919) % 10007}`,
      limit: i % 9,
    };
    const result = {
      ok: true,
      message: `call ${i} returned ${(i * 31) % 997} rows`,
      rows: i % 997,
    };
    intents.push(canonicalize(record("intent", {
      args,
      args_digest: await sha256(canonicalize(args)),
      intent_id: `intent_${i}`,
      tool_name: `tool.${["read", "write", "search"][i % 3]}`,
    })));
    results.push(canonicalize(record("result", {
      intent_id: `intent_${i}`,
      result,
      result_digest: await sha256(canonicalize(result)),
      status: "ok",
    })));
  }
  const env = { arch: "amd64", os: "linux", runtime: "go" };
  const timeline = [{ event: "start", ts: "2026-01-01T00:00:00Z" }];
  return {
    "intents.jsonl": utf8(intents.map((line) => `${line}\n`).join("")),
    "refs.json": utf8(canonicalize(record("refs", { receipts: [] }))),
    "results.jsonl": utf8(results.map((line) => `${line}\n`).join("")),
    "run.json": utf8(canonicalize(record("run", { env, timeline }))),
  };
}

/** Signs a manifest in place of its signatures. */
export async function signManifest(manifest: JsonObject): Promise<JsonObject> {
  const key = await webEd25519.fromSeed(SEED);
  const { signatures: _old, ...rest } = manifest;
  const blank = { ...rest, manifest_digest: "" };
  const signed = { ...rest, manifest_digest: await sha256(canonicalize(blank)) };
  const digest = await webDigester.sha256(utf8(canonicalize(signed)));
  const signature = {
    alg: "ed25519",
    key_id: (await testKey()).keyId,
    sig: toBase64(await key.sign(digest)),
    signed_digest: toHex(digest),
  };
  return { ...signed, signatures: [signature] };
}

/** The signed manifest of members. */
export async function manifestOf(members: Members, more: JsonObject = {}): Promise<JsonObject> {
  const files = [];
  for (const path of Object.keys(members).sort()) {
    files.push({ path, sha256: await sha256(members[path] as Uint8Array) });
  }
  return await signManifest(record("manifest", { capture_mode: "reference", files, ...more }));
}

/** Packs members and a manifest into an archive, compressed as the platform does. */
export async function packOf(
  members: Members,
  manifest: JsonObject,
  archive: RawArchive = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const all = { ...members, "manifest.json": utf8(canonicalize(manifest)) };
  const entries: RawEntry[] = [];
  for (const [name, content] of Object.entries(all)) {
    entries.push({ name, content, packed: await deflateRaw(content) });
  }
  return buildZip(entries, archive);
}

/** A signed pack that verifies. */
export async function signedPack(calls = 3): Promise<Uint8Array<ArrayBuffer>> {
  const members = await contentMembers(calls);
  return await packOf(members, await manifestOf(members));
}
