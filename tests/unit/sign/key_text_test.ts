import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { toBase64, toHex } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { keyId } from "../../../core/sign/key_id.ts";
import {
  formatPrivateKey,
  formatPublicKey,
  parsePrivateKey,
  parsePublicKey,
} from "../../../core/sign/key_text.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";

const KEYS = "tests/golden/data/runpack/data/keys";
const PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const PRIVATE =
  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
const KEY_ID = "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c";
/** Text of a key file of the vectors. */
function vector(name: string): string {
  return Deno.readTextFileSync(`${KEYS}/${name}`);
}

const options = { ed25519: webEd25519 };

Deno.test("parsePublicKey() reads the text with white space around and line breaks inside", async () => {
  const crlf = vector("crlf.key");
  for (
    const text of [PUBLIC, `${PUBLIC}\n`, crlf, `${PUBLIC.slice(0, 20)}\r\n${PUBLIC.slice(20)}`]
  ) {
    const key = parsePublicKey(text);
    assertEquals(formatPublicKey(key), PUBLIC);
    assertEquals(await keyId(key, webDigester), KEY_ID);
  }
});

Deno.test("parsePublicKey() refuses every malformed vector", () => {
  const names = [...Deno.readDirSync(KEYS)].map(({ name }) => name)
    .filter((name) => /^bad_|seed_only/.test(name));
  assertEquals(names.length, 7);
  for (const name of names.filter((name) => name !== "seed_only.key")) {
    const text = vector(name);
    const error = assertThrows(() => parsePublicKey(text, { source: name }), GaitError);
    assertEquals(error.code, "key_invalid");
    assertEquals(error.place?.source, name);
  }
});

Deno.test("parsePublicKey() refuses other spellings of base64", () => {
  const last = PUBLIC.replace("Mbg=", "Mbh=");
  const urlSafe = PUBLIC.replace("/", "_");
  for (
    const text of [
      last,
      urlSafe,
      ` ${PUBLIC.slice(0, 8)} ${PUBLIC.slice(8)}`,
      "",
      "\u00a0",
      "=".repeat(5000),
    ]
  ) {
    assertThrows(() => parsePublicKey(text), GaitError, "not padded standard base64");
  }
});

Deno.test("parsePublicKey() refuses points of small order", () => {
  const identity = new Uint8Array(32);
  identity[0] = 1;
  const negative = Uint8Array.from(identity);
  negative[31] = 0x80;
  for (const key of [new Uint8Array(32), identity, negative]) {
    assertThrows(() => parsePublicKey(toBase64(key)), GaitError, "small order");
  }
});

Deno.test("parsePrivateKey() reads seed and public half and formats them back", async () => {
  const key = await parsePrivateKey(`\t${PRIVATE}\r\n`, options);
  assertEquals(toHex(key.seed), "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  assertEquals(formatPublicKey(key.publicKey), PUBLIC);
  assertEquals(formatPrivateKey(key), PRIVATE);
});

Deno.test("parsePrivateKey() refuses a bare seed and a foreign public half", async () => {
  const seedOnly = vector("seed_only.key");
  await assertRejects(
    () => parsePrivateKey(seedOnly, options),
    GaitError,
    "invalid private key length: 32",
  );
  const mixed = vector("mixed_halves.key");
  await assertRejects(
    () => parsePrivateKey(mixed, options),
    GaitError,
    "does not belong to its seed",
  );
});

Deno.test("parsePrivateKey() never repeats the text in its error", async () => {
  for (
    const text of [PRIVATE.slice(0, 84), `${PRIVATE}AAAA`, `!${PRIVATE}`, PRIVATE.slice(0, 44)]
  ) {
    const error = await assertRejects(
      () => parsePrivateKey(text, { ...options, source: "k" }),
      GaitError,
    );
    assertEquals(error.code, "key_invalid");
    const shown = Deno.inspect(error) + JSON.stringify(error.details);
    assert(!shown.includes(PRIVATE.slice(2, 14)), shown);
    assertStringIncludes(error.located, "k: ");
  }
});
