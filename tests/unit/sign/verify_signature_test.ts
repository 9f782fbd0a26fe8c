import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { fromHex, toBase64, toHex } from "../../../core/base/bytes.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import type { SignPorts } from "../../../core/sign/signer.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { signDigest } from "../../../core/sign/signature.ts";
import { verifySignature } from "../../../core/sign/verify_signature.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import { loadNativeCrypto } from "../../../host/native_crypto.ts";

const web: SignPorts = { digester: webDigester, ed25519: webEd25519 };
const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const digest = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const signer = await signerFromSeed(seed, web);
const good = await signDigest(digest, signer);

/** Outcome text of a verification with the trusted key. */
async function outcome(signature: unknown, ports = web): Promise<string> {
  const result = await verifySignature({ signature, digest, publicKey: signer.publicKey }, ports);
  return result.ok ? `ok ${result.keyId}` : `${result.code}: ${result.reason}`;
}

/** RFC 8032 §7.1, tests 1 to 3 and SHA(abc). */
const RFC_8032 = [
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
] as const;

Deno.test("webEd25519 and the native scheme reproduce RFC 8032", async () => {
  const native = await loadNativeCrypto();
  for (const ed25519 of [webEd25519, native.ed25519]) {
    for (const [secret, publicHex, messageHex, signatureHex] of RFC_8032) {
      const key = await ed25519.fromSeed(fromHex(secret) as Uint8Array);
      assertEquals(toHex(key.publicKey), publicHex);
      const message = fromHex(messageHex) as Uint8Array;
      const signature = await key.sign(message);
      assertEquals(toHex(signature), signatureHex);
      const { publicKey } = key;
      assertEquals(await ed25519.verify({ publicKey, message, signature }), true);
      signature[5] = (signature[5] as number) ^ 1;
      assertEquals(await ed25519.verify({ publicKey, message, signature }), false);
    }
  }
});

Deno.test("webEd25519 and the native scheme agree on hostile signatures and keys", async () => {
  const native = await loadNativeCrypto();
  const key = await webEd25519.fromSeed(seed);
  const signature = await key.sign(digest);
  // S + L: the same equation, another spelling (RFC 8032 §5.1.7 asks to refuse it).
  const order = (1n << 252n) + 27742317777372353535851937790883648493n;
  let s = order;
  for (let i = 0; i < 32; i++) s += BigInt(signature[32 + i] as number) << BigInt(8 * i);
  const malleated = Uint8Array.from(signature);
  for (let i = 0; i < 32; i++) malleated[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
  const { publicKey } = key;
  const checks = [
    { publicKey, message: digest, signature: malleated },
    { publicKey, message: digest, signature: new Uint8Array(64) },
    { publicKey, message: digest, signature: signature.subarray(0, 63) },
    { publicKey: publicKey.subarray(0, 31), message: digest, signature },
    { publicKey: new Uint8Array(32).fill(255), message: digest, signature },
    { publicKey, message: new Uint8Array(), signature },
  ];
  for (const check of checks) {
    assertEquals(await webEd25519.verify(check), false);
    assertEquals(await native.ed25519.verify(check), false);
  }
});

Deno.test("native SHA-256 agrees with WebCrypto", async () => {
  const { digester } = await loadNativeCrypto();
  for (const length of [0, 1, 55, 56, 64, 1000]) {
    const data = new Uint8Array(length).fill(7);
    assertEquals(toHex(await digester.sha256(data)), toHex(await webDigester.sha256(data)));
  }
});

Deno.test("signDigest() writes members in file order and verifies with either scheme", async () => {
  assertEquals(Object.keys(good), ["alg", "key_id", "sig", "signed_digest"]);
  assertEquals(await outcome(good), `ok ${signer.keyId}`);
  assertEquals(await outcome(good, await loadNativeCrypto()), `ok ${signer.keyId}`);
  await assertRejects(() => signDigest(digest.subarray(1), signer), RangeError);
});

Deno.test("signerFromSeed() refuses a seed of another length", async () => {
  await assertRejects(() => signerFromSeed(new Uint8Array(64), web), RangeError);
});

Deno.test("verifySignature() reports the first failing step", async () => {
  const { key_id: _omitted, ...anonymous } = good;
  const cases: readonly [unknown, string][] = [
    [anonymous, `ok ${signer.keyId}`],
    [{ ...good, signed_digest: "" }, "signature_invalid: missing signed_digest"],
    [{ ...good, signed_digest: 5 }, "signature_invalid: missing signed_digest"],
    [
      { ...good, signed_digest: good.signed_digest.toUpperCase() },
      "digest_mismatch: signed_digest mismatch",
    ],
    [{ ...good, signed_digest: "ab", alg: "x" }, "digest_mismatch: signed_digest mismatch"],
    [{ ...good, alg: "Ed25519", key_id: "x" }, "signature_invalid: unsupported alg: Ed25519"],
    [{ ...good, alg: undefined }, "signature_invalid: unsupported alg: "],
    [{ ...good, alg: "\u001b[2J\u202e" }, "signature_invalid: unsupported alg: ?[2J?"],
    [{ ...good, key_id: "ff", sig: "*" }, "signature_invalid: key id mismatch"],
    [{ ...good, key_id: good.key_id.toUpperCase() }, "signature_invalid: key id mismatch"],
    [{ ...good, sig: "***" }, "signature_invalid: decode sig: illegal base64 data at input byte 0"],
    [
      { ...good, sig: `${good.sig}\n` },
      "signature_invalid: decode sig: not canonical standard base64",
    ],
    [
      { ...good, sig: good.sig.replace(/.==$/, (end) => (end[0] === "A" ? "B==" : "/==")) },
      "signature_invalid: decode sig: not canonical standard base64",
    ],
    [{ ...good, sig: "" }, "signature_invalid: invalid signature length: 0"],
    [{ ...good, sig: "AAAA" }, "signature_invalid: invalid signature length: 3"],
    [
      { ...good, sig: toBase64(new Uint8Array(64)) },
      "signature_invalid: signature verification failed",
    ],
    [{ ...good, key_id: "" }, "signature_invalid: key id mismatch"],
    [{ ...good, key_id: null }, "signature_invalid: key id mismatch"],
    [
      { ...good, key_id: "", sig: toBase64(new Uint8Array(64)) },
      "signature_invalid: signature verification failed",
    ],
    [
      { ...good, note: "x" },
      "unsigned_member: member not covered by the signature: signature.note",
    ],
    [
      JSON.parse(JSON.stringify(good).replace("{", '{"__proto__":1,')),
      "unsigned_member: member not covered by the signature: signature.__proto__",
    ],
  ];
  for (const [signature, expected] of cases) assertEquals(await outcome(signature), expected);
});

Deno.test("verifySignature() never throws on what is no signature object", async () => {
  for (
    const hostile of [null, undefined, 0, "x", [], [good], {}, { alg: {} }, Object.create(good)]
  ) {
    const result = await verifySignature({
      signature: hostile,
      digest,
      publicKey: signer.publicKey,
    }, web);
    assertEquals(result.ok, false);
  }
});

Deno.test("verifySignature() fails with another key, a key of another length or of small order", async () => {
  const other = await signerFromSeed(new Uint8Array(32), web);
  assertNotEquals(other.keyId, signer.keyId);
  const { key_id: _omitted, ...anonymous } = good;
  for (
    const publicKey of [other.publicKey, new Uint8Array(32), new Uint8Array(31), new Uint8Array()]
  ) {
    const result = await verifySignature({ signature: anonymous, digest, publicKey }, web);
    assertEquals(result.ok, false);
  }
  // With the identity as key, R = identity and S = 0 would verify for any message.
  const identity = new Uint8Array(32);
  identity[0] = 1;
  const sig = new Uint8Array(64);
  sig[0] = 1;
  const forged = { ...anonymous, sig: toBase64(sig) };
  assertEquals(
    (await verifySignature({ signature: forged, digest, publicKey: identity }, web)).ok,
    false,
  );
});
