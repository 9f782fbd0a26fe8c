import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import {
  encodeDetached,
  parseDetached,
  signaturePath,
  signDetached,
} from "../../../core/sign/detached.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import type { TrustedKey } from "../../../core/trust/trusted_key.ts";
import { verifyDetached } from "../../../core/trust/verify_detached.ts";

const PORTS = { digester: webDigester, ed25519: webEd25519 };
const RECORD = '{"created_at":"2026-01-02T00:00:00Z","schema_id":"gait.test"}\n';
const NAME = "audit.json";
const SOURCE = { source: "audit.sig.json" };

/** A key pair from one byte: what signs, and what is trusted. */
async function keyPair(seed: number, terms: Partial<TrustedKey> = {}) {
  const signer = await signerFromSeed(new Uint8Array(32).fill(seed), PORTS);
  const { publicKey, keyId } = signer;
  const key: TrustedKey = {
    publicKey,
    keyId,
    source: "path:k",
    identity: "",
    revoked: false,
    ...terms,
  };
  return { signer, key };
}

/** Text of the signature of the record. */
async function signatureText(seed = 1, text = RECORD, subject = NAME): Promise<string> {
  const { signer } = await keyPair(seed);
  const record = { subject, text, producerVersion: "1.0.0" };
  return encodeDetached(await signDetached(record, { signer, digester: webDigester }));
}

/** Verifies a signature text. */
async function verify(
  signature: string,
  change: { record?: string; name?: string; keys?: readonly TrustedKey[]; strict?: boolean } = {},
) {
  return await verifyDetached({
    detached: parseDetached(signature, SOURCE),
    record: utf8(change.record ?? RECORD),
    name: change.name ?? NAME,
    keys: change.keys ?? [(await keyPair(1)).key],
    strict: change.strict ?? false,
  }, PORTS);
}

Deno.test("verifyDetached() accepts what a trusted key signed, and names the signer", async () => {
  const { key } = await keyPair(1, { identity: "gate@example.org" });
  const report = await verify(await signatureText(), { keys: [(await keyPair(2)).key, key] });
  assertEquals([report.ok, report.findings, report.recordKind], [true, [], "gait.test"]);
  assertEquals(report.signers, [{ keyId: key.keyId, identity: "gate@example.org" }]);
});

Deno.test("verifyDetached() refuses another record, another name and another key", async () => {
  const text = await signatureText();
  const cases: [Parameters<typeof verify>[1], string, RegExp][] = [
    [{ record: RECORD.trim() }, "digest_mismatch", /SHA-256 differs/],
    [{ record: "" }, "digest_mismatch", /SHA-256 differs/],
    [{ name: "other.json" }, "verification_failed", /is for audit\.json, not other\.json/],
    [{ keys: [(await keyPair(2)).key] }, "signature_invalid", /key id mismatch/],
    [{ keys: [(await keyPair(1, { revoked: true })).key] }, "key_not_trusted", /revoked/],
  ];
  for (const [change, code, message] of cases) {
    const { ok, findings } = await verify(text, change);
    assertEquals([ok, findings.map((finding) => finding.code)], [false, [code]]);
    assertMatch(findings[0]?.message ?? "", message);
  }
});

Deno.test("verifyDetached() judges the validity of a key at the time of the record", async () => {
  const at = (text: string) => parseTimestamp(text)?.instant ?? 0n;
  const text = await signatureText();
  const later = (await keyPair(1, { notBefore: at("2026-02-01T00:00:00Z") })).key;
  const then = (await keyPair(1, { notAfter: at("2026-02-01T00:00:00Z") })).key;
  assertEquals((await verify(text, { keys: [later] })).findings.map(({ code }) => code), [
    "key_not_trusted",
  ]);
  assertEquals((await verify(text, { keys: [then] })).ok, true);
  const undated = await signatureText(1, "no JSON");
  assertEquals((await verify(undated, { record: "no JSON", keys: [then] })).ok, false);
  assertEquals((await verify(undated, { record: "no JSON" })).ok, true);
});

Deno.test("verifyDetached() sees every edit of the statement", async () => {
  const text = await signatureText();
  const other = JSON.parse(await signatureText(1, "{}"));
  const edits: ((value: ReturnType<typeof JSON.parse>) => void)[] = [
    (value) => value.producer_version = "2.0.0",
    (value) => value.subject = "other.json",
    (value) => value.subject_sha256 = other.subject_sha256,
    (value) => value.signature = other.signature,
    (value) => value.signature.sig = other.signature.sig,
    (value) => value.signature.signed_digest = other.signature.signed_digest,
    (value) => value.signature.extra = 1,
    (value) => value.signature = {},
  ];
  for (const edit of edits) {
    const value = JSON.parse(text);
    edit(value);
    assertEquals((await verify(JSON.stringify(value))).ok, false, String(edit));
  }
  const unnamed = JSON.parse(text);
  delete unnamed.signature.key_id;
  assertEquals((await verify(JSON.stringify(unnamed))).ok, true);
  assertEquals((await verify(JSON.stringify(unnamed), { strict: true })).ok, false);
});

Deno.test("parseDetached() takes whole statements only", async () => {
  const value = JSON.parse(await signatureText());
  const texts = [
    "[]",
    "null",
    JSON.stringify({ ...value, more: "x" }),
    JSON.stringify({ ...value, subject: 1 }),
    JSON.stringify({ ...value, schema_version: "2.0.0" }),
    JSON.stringify({ ...value, schema_id: "gait.trace" }),
    JSON.stringify({ ...value, signature: [] }),
    JSON.stringify({ ...value, signature: undefined }),
    JSON.stringify(value).replace("}", ',"alg":"none"}'),
    JSON.stringify(value).replace("{", '{"__proto__":"x",'),
  ];
  for (const text of texts) assertThrows(() => parseDetached(text, SOURCE), GaitError);
  await assertRejects(() => verify("{"), GaitError);
});

Deno.test("signaturePath() puts the signature beside the record", () => {
  assertEquals(signaturePath("a/audit.json"), "a/audit.sig.json");
  assertEquals(signaturePath("a/audit"), "a/audit.sig.json");
});
