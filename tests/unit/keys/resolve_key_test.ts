import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { toHex } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { resolveSigningKey } from "../../../core/keys/resolve_signing_key.ts";
import { resolveVerifyKey } from "../../../core/keys/resolve_verify_key.ts";
import { signDigest } from "../../../core/sign/signature.ts";
import { verifySignature } from "../../../core/sign/verify_signature.ts";
import { memoryWorld } from "../../support/memory_ports.ts";

const PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const PRIVATE =
  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
const OTHER_PUBLIC = "C7w0aldmfDgBIL2cf9flHSxf3+o3zS9b9AWyxr9vLXg=";
const KEY_ID = "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c";
const DEV_TEXT =
  "dev mode: ephemeral keypair generated; signatures will not verify across machines";

/** A world with one key pair in files and variables. */
function worldWithKeys() {
  const world = memoryWorld();
  world.files.put("priv.key", `${PRIVATE}\n`);
  world.files.put("pub.key", `${PUBLIC}\n`);
  world.files.put("other.key", `${OTHER_PUBLIC}\n`);
  world.env.set("PRIV", ` ${PRIVATE}\n`);
  world.env.set("PUB", PUBLIC);
  world.env.set("BLANK", " \n");
  return world;
}

const { ports: memory } = worldWithKeys();
/** Like the runtime, the environment throws for names that cannot exist. */
const ports = {
  ...memory,
  env: {
    ...memory.env,
    get(name: string): string | undefined {
      if (/[=\0]/.test(name)) throw new TypeError("Key contains invalid characters");
      return memory.env.get(name);
    },
  },
};

/** Message of a refusal with `key_invalid`. */
async function refusal(work: () => Promise<unknown>, code = "key_invalid"): Promise<string> {
  const error = await assertRejects(work, GaitError);
  assertEquals(error.code, code);
  assertEquals(error.category, "invalid_input");
  return error.message;
}

Deno.test("resolveVerifyKey() prefers a public source and does not read the private one", async () => {
  const missing = { privateKey: "nowhere.key" };
  const fromPath = await resolveVerifyKey({ publicKey: "pub.key", ...missing }, ports);
  assertEquals([fromPath?.keyId, fromPath?.source], [KEY_ID, "path:pub.key"]);
  const fromEnv = await resolveVerifyKey({ publicKeyEnv: "PUB", ...missing }, ports);
  assertEquals([fromEnv?.keyId, fromEnv?.source], [KEY_ID, "env:PUB"]);
});

Deno.test("resolveVerifyKey() falls back to the public half of a private source", async () => {
  for (const options of [{ privateKey: "priv.key" }, { privateKeyEnv: "PRIV" }]) {
    const key = await resolveVerifyKey(options, ports);
    assertEquals(key?.keyId, KEY_ID);
    assert(!Deno.inspect(key).includes(PRIVATE.slice(0, 20)));
  }
  assertEquals(await resolveVerifyKey({}, ports), undefined);
  assertEquals(await resolveVerifyKey({ publicKey: "", privateKeyEnv: "" }, ports), undefined);
});

Deno.test("resolveVerifyKey() refuses sources that are given twice, unset or malformed", async () => {
  const cases = [
    [{ publicKey: "pub.key", publicKeyEnv: "PUB" }, "public key source: set either path or env"],
    [
      { publicKey: "pub.key", privateKey: "priv.key", privateKeyEnv: "PRIV" },
      "private key source: set either path or env",
    ],
    [{ publicKeyEnv: "UNSET" }, "public key env not set: UNSET"],
    [{ publicKeyEnv: "A=B" }, "public key env not set: A=B"],
    [{ publicKeyEnv: "A\0B" }, "public key env not set: A?B"],
    [{ privateKeyEnv: "BLANK" }, "private key env not set: BLANK"],
    [{ publicKey: "priv.key" }, "invalid public key length: 64"],
    [{ privateKey: "pub.key" }, "invalid private key length: 32"],
  ] as const;
  for (const [options, expected] of cases) {
    assertEquals(await refusal(() => resolveVerifyKey(options, ports)), expected);
  }
  const missing = () => resolveVerifyKey({ publicKey: "no.key" }, ports);
  await refusal(missing, "file_not_found");
});

Deno.test("resolveVerifyKey() bounds the size of a key file", async () => {
  const world = memoryWorld();
  world.files.put("big.key", "A".repeat(10_000));
  const work = () => resolveVerifyKey({ publicKey: "big.key" }, world.ports);
  await refusal(work, "key_invalid");
});

Deno.test("resolveSigningKey() makes a fresh key in dev mode and warns", async () => {
  const first = await resolveSigningKey({ keyMode: "dev" }, ports);
  const second = await resolveSigningKey({ keyMode: "dev" }, ports);
  assertNotEquals(first.signer.keyId, second.signer.keyId);
  assertEquals([first.ephemeral, first.source], [true, "dev"]);
  assertEquals(first.warnings.map(({ code, message }) => [code, message]), [[
    "dev_signing_key",
    DEV_TEXT,
  ]]);
});

Deno.test("resolveSigningKey() wipes the seed of a dev key", async () => {
  const seeds: Uint8Array[] = [];
  const random = {
    bytes(length: number) {
      const seed = new Uint8Array(length).fill(7);
      seeds.push(seed);
      return seed;
    },
  };
  const { signer } = await resolveSigningKey({ keyMode: "dev" }, { ...ports, random });
  assertEquals(toHex(seeds[0] ?? new Uint8Array()), "00".repeat(32));
  const digest = new Uint8Array(32);
  const signature = await signDigest(digest, signer);
  const request = { signature, digest, publicKey: signer.publicKey };
  assertEquals((await verifySignature(request, ports)).ok, true);
});

Deno.test("resolveSigningKey() refuses every explicit source in dev mode", async () => {
  for (
    const source of [
      { privateKey: "priv.key" },
      { privateKeyEnv: "PRIV" },
      { publicKey: "pub.key" },
      { signerCommand: "signer" },
      { signerSocket: "/run/s" },
    ]
  ) {
    const text = await refusal(() => resolveSigningKey({ keyMode: "dev", ...source }, ports));
    assertEquals(text, "dev mode does not accept explicit key sources");
  }
});

Deno.test("resolveSigningKey() signs with a stored key in prod mode", async () => {
  const sources = [[{ privateKey: "priv.key" }, "path:priv.key"], [
    { privateKeyEnv: "PRIV" },
    "env:PRIV",
  ]] as const;
  for (const [options, name] of sources) {
    const key = await resolveSigningKey({ keyMode: "prod", ...options }, ports);
    assertEquals([key.signer.keyId, key.source, key.ephemeral], [KEY_ID, name, false]);
    assertEquals(key.warnings, []);
    assert(!Deno.inspect(key, { depth: 9 }).includes("AAECAwQF"));
  }
});

Deno.test("resolveSigningKey() refuses what prod mode cannot sign with", async () => {
  const cases = [
    [{}, "prod mode requires a private key source"],
    [{ publicKey: "pub.key" }, "prod mode requires a private key source"],
    [
      { privateKey: "priv.key", privateKeyEnv: "PRIV" },
      "private key source: set either path or env",
    ],
    [{ privateKeyEnv: "UNSET" }, "private key env not set: UNSET"],
    [{ privateKey: "pub.key" }, "invalid private key length: 32"],
    [
      { privateKey: "priv.key", publicKey: "other.key" },
      "public key does not match the signing key",
    ],
    [
      { privateKey: "priv.key", signerCommand: "s" },
      "signing key source: set either a private key or a signer",
    ],
    [{ signerArgs: ["a"] }, "signer arguments need a signer command"],
    [
      { signerCommand: "s", signerSocket: "/run/s" },
      "signer source: set either command or socket",
    ],
  ] as const;
  for (const [options, expected] of cases) {
    const work = () => resolveSigningKey({ keyMode: "prod", ...options }, ports);
    assertEquals(await refusal(work), expected);
  }
  await resolveSigningKey({ keyMode: "prod", privateKey: "priv.key", publicKey: "pub.key" }, ports);
});

Deno.test("resolveSigningKey() knows two modes, spelled exactly", async () => {
  for (const keyMode of ["", "Dev", "PROD", "prod ", "test"]) {
    const text = await refusal(() => resolveSigningKey({ keyMode }, ports), "unsupported_value");
    assertEquals(text, `unsupported key mode: ${JSON.stringify(keyMode)}`);
  }
});

Deno.test("resolveSigningKey() warns about a private key file that others may read", async () => {
  const world = memoryWorld();
  world.files.put("open.key", PRIVATE, 0o640);
  world.files.link("link.key", "open.key");
  for (const privateKey of ["open.key", "link.key"]) {
    const key = await resolveSigningKey({ keyMode: "prod", privateKey }, world.ports);
    assertEquals(key.warnings.map(({ code, message }) => [code, message]), [[
      "key_file_permissions",
      `private key file ${privateKey} is accessible to others (mode 0640); use 0600`,
    ]]);
  }
});

Deno.test("resolveSigningKey() signs although permissions cannot be looked up", async () => {
  const world = memoryWorld();
  world.files.put("open.key", PRIVATE, 0o644);
  world.files.fault.at = 2;
  const key = await resolveSigningKey({ keyMode: "prod", privateKey: "open.key" }, world.ports);
  assertEquals([key.signer.keyId, key.warnings], [KEY_ID, []]);
});
