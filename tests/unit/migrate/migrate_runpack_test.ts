import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { type MigratedPack, migrateRunpack } from "../../../core/migrate/migrate_runpack.ts";
import { readRunpack } from "../../../core/runpack/read_pack.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import { readStoredZip } from "../../support/plain_zip.ts";

const PORTS = { digester: webDigester, ed25519: webEd25519 };
const PACKS = new URL("../../golden/data/runpack/data/packs/", import.meta.url);

/** A pack of the vectors. */
async function packOf(name: string) {
  return await readRunpack(await Deno.readFile(new URL(name, PACKS)), PORTS);
}

/** Signatures of a migrated pack. */
async function signaturesOf({ chunks }: MigratedPack): Promise<unknown[]> {
  const zip = new Uint8Array(await new Blob([...chunks]).arrayBuffer());
  await readRunpack(zip, PORTS);
  const members = await readStoredZip(zip);
  return JSON.parse(new TextDecoder().decode(members.get("manifest.json"))).signatures ?? [];
}

Deno.test("migrateRunpack() keeps signatures whose content stays the same", async () => {
  const pack = await packOf("signed_good.zip");
  const migrated = await migrateRunpack(pack, { dropSignatures: false }, PORTS);
  assertEquals(migrated.signatures, "kept");
  assertEquals(await signaturesOf(migrated), [...pack.manifest.signatures]);
});

Deno.test("migrateRunpack() adds a signature to those it keeps", async () => {
  const pack = await packOf("signed_good.zip");
  const signer = await signerFromSeed(new Uint8Array(32).fill(9), PORTS);
  const migrated = await migrateRunpack(pack, { dropSignatures: false, signer }, PORTS);
  assertEquals((await signaturesOf(migrated)).length, pack.manifest.signatures.length + 1);
});

Deno.test("migrateRunpack() drops signatures only when told to", async () => {
  const pack = await packOf("signed_good.zip");
  const migrated = await migrateRunpack(pack, { dropSignatures: true }, PORTS);
  assertEquals(migrated.signatures, "dropped");
  assertEquals(await signaturesOf(migrated), []);
});

Deno.test("migrateRunpack() refuses to lose signatures when the content changes", async () => {
  const pack = await packOf("signed_good.zip");
  const run = { ...pack.run, created_at: "2026-01-01T00:00:00.000Z", producer_version: "other" };
  const changed = { ...pack, run };
  const work = () => migrateRunpack(changed, { dropSignatures: false }, PORTS);
  assertEquals((await assertRejects(work, GaitError)).code, "signatures_lost");
  assertEquals(
    (await migrateRunpack(changed, { dropSignatures: true }, PORTS)).signatures,
    "dropped",
  );
});

Deno.test("migrateRunpack() signs what was unsigned", async () => {
  const pack = await packOf("x_pretty.zip");
  assertEquals((await migrateRunpack(pack, { dropSignatures: false }, PORTS)).signatures, "none");
  const signer = await signerFromSeed(new Uint8Array(32).fill(9), PORTS);
  const migrated = await migrateRunpack(pack, { dropSignatures: false, signer }, PORTS);
  assertEquals((await signaturesOf(migrated)).length, 1);
});
