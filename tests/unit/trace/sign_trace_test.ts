import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { toHex, utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import type { JsonObject } from "../../../core/base/json_value.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { canonicalize } from "../../../core/jcs/canonicalize.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { webEd25519 } from "../../../core/sign/web_ed25519.ts";
import { TRACE_MEMBERS } from "../../../core/trace/_members.ts";
import { buildTrace, type TraceFacts } from "../../../core/trace/build_trace.ts";
import { encodeTrace } from "../../../core/trace/encode_trace.ts";
import { parseTrace } from "../../../core/trace/parse_trace.ts";
import { signableText, signTrace } from "../../../core/trace/sign_trace.ts";
import type { TraceRecord } from "../../../core/trace/trace_record.ts";
import { verifyTrace } from "../../../core/trace/verify_trace.ts";
import { verifyTraceText } from "../../../core/trace/verify_trace_text.ts";

const ports = { digester: webDigester, ed25519: webEd25519 };
const signer = await signerFromSeed(Uint8Array.from({ length: 32 }, (_, i) => i), ports);
const { publicKey } = signer;
const observedAt = parseTimestamp("2026-11-23T01:00:02.711194596Z")?.instant ?? 0n;

const SMALL: TraceFacts = {
  createdAt: "2026-02-05T00:00:00Z",
  observedAt,
  producerVersion: "0.0.0-dev",
  correlationId: "67499f7d31e7a107d746782b",
  toolName: "tool.read",
  argsDigest: "3dac3d9396c816b7e4926c7c4b8f17dd0e6c5a306b4362f05218096095062dd2",
  intentDigest: "ab08feedd8290ed2377d19b3de95f01d6fac279b6da4cbd0ac0c3303a730291b",
  policyDigest: "65819d9cf07c7619aa8aaf2bd4e8d6f8e3f86b139b49a68c535fd14d77a5009f",
  verdict: "allow",
  latencyMs: 0.070106,
};

const RICH: TraceFacts = {
  ...SMALL,
  toolName: "tool.x<&>\u2028é😀",
  violations: ["b", "a", "b"],
  approvalTokenRef: "tok",
  delegation: {
    delegation: {
      requester_identity: "worker",
      scope_class: "write",
      token_refs: ["ref1", "ref2"],
      chain: [{
        delegator_identity: "lead",
        delegate_identity: "worker",
        scope_class: "write",
        token_ref: "ref1",
        issued_at: "0001-01-01T00:00:00Z",
        expires_at: "0001-01-01T00:00:00Z",
      }],
      issued_at: "0001-01-01T00:00:00Z",
      expires_at: "0001-01-01T00:00:00Z",
    },
    grantedTokenIds: ["t2", "t1"],
    chainDigest: "cd",
    reasonCodes: ["matched", "delegation_granted"],
  },
  skillProvenance: {
    skill_name: "s",
    skill_version: "",
    source: "registry",
    publisher: "acme",
    digest: "",
    signature_key_id: "k",
  },
};

/** Builds and signs. */
async function signed(facts: TraceFacts): Promise<TraceRecord> {
  return await signTrace(await buildTrace(facts, webDigester), { signer, digester: webDigester });
}

/** Messages of a verification of a record as a file. */
async function messages(record: object, options: Record<string, unknown> = {}): Promise<string[]> {
  const text = JSON.stringify(record);
  const report = await verifyTraceText({ text, publicKey, ...options }, ports);
  assertEquals(report.ok, report.findings.length === 0);
  assertEquals(report.ok, report.signatureStatus !== "failed");
  return report.findings.map(({ message }) => message);
}

Deno.test("signTrace() reproduces the reference's trace byte for byte", async () => {
  const record = await signed(SMALL);
  assertEquals(record.trace_id, "56bca974d8738b1eab44e14d");
  assertEquals(record.event_id, "755a2b0e436ea6b608cdc84c");
  assertEquals(record.signature, {
    alg: "ed25519",
    key_id: "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c",
    sig: "/Q9MRKuH8GV2Go8oM527HNf7O2WYpJ5lBhyUJj6R1dLaaBsK9uyfaJaberNau9Cvbw351FBxMsoEId8AGOgPAw==",
    signed_digest: "fc89f91201698e5988a92edd40902af28fd1de99b52cfdee02daa3f7ba588804",
  });
});

Deno.test("buildTrace() writes members in file order and leaves empty ones out", async () => {
  assertEquals(Object.keys(await signed(RICH)), [
    ...["schema_id", "schema_version", "created_at", "observed_at", "producer_version", "trace_id"],
    ...["event_id", "correlation_id", "tool_name", "args_digest", "intent_digest", "policy_digest"],
    ...["verdict", "violations", "latency_ms", "approval_token_ref", "delegation_ref"],
    ...["skill_provenance", "signature"],
  ]);
  const { correlationId: _c, ...rest } = SMALL;
  const bare = await buildTrace({ ...rest, latencyMs: 0, violations: [] }, webDigester);
  for (const name of ["correlation_id", "latency_ms", "violations", "delegation_ref"]) {
    assertEquals(name in bare, false, name);
  }
});

Deno.test("buildTrace() refers to granted tokens, else to the first named one", async () => {
  const granted = await buildTrace(RICH, webDigester);
  assertEquals(granted.delegation_ref, {
    delegation_token_ref: "t1,t2",
    requester_identity: "worker",
    delegation_depth: 1,
    scope_class: "write",
    chain_digest: "cd",
    reason_codes: ["delegation_granted"],
  });
  assertEquals(granted.violations, ["a", "b"]);
  assertEquals(granted.skill_provenance, {
    skill_name: "s",
    source: "registry",
    publisher: "acme",
    signature_key_id: "k",
  });
  if (RICH.delegation === undefined) throw new Error("no delegation");
  const none = { ...RICH.delegation, grantedTokenIds: [], reasonCodes: [], chainDigest: "" };
  const { delegation_ref } = await buildTrace({ ...RICH, delegation: none }, webDigester);
  assertEquals(delegation_ref?.delegation_token_ref, "ref1");
  assertEquals(Object.keys(delegation_ref ?? {}).includes("reason_codes"), false);
});

Deno.test("signableText() is the canonical JSON of the record without its signature", async () => {
  for (const facts of [SMALL, RICH]) {
    const { signature, ...unsigned } = await signed(facts);
    const plain: JsonObject = JSON.parse(JSON.stringify(unsigned));
    assertEquals(signableText(unsigned), canonicalize(plain));
    const digest = toHex(await webDigester.sha256(utf8(canonicalize(plain))));
    assertEquals(signature?.signed_digest, digest);
  }
});

Deno.test("signableText() covers every member of the table in canonical order", async () => {
  const names = TRACE_MEMBERS.map(({ name }) => name);
  assertEquals(Object.keys(JSON.parse(signableText(await buildTrace(RICH, webDigester)))), [
    ...names.toSorted((a, b) => (a < b ? -1 : 1)),
  ]);
});

Deno.test("signableText() refuses a lone surrogate", async () => {
  const trace = await buildTrace({ ...SMALL, toolName: "\ud800" }, webDigester);
  assertThrows(() => signableText(trace), GaitError, "surrogate");
});

Deno.test("encodeTrace() writes the file form and verifies after reading it back", async () => {
  const text = encodeTrace(await signed(RICH));
  assertStringIncludes(
    text,
    '{\n  "schema_id": "gait.gate.trace",\n  "schema_version": "1.0.0",\n',
  );
  assertStringIncludes(text, '"tool_name": "tool.x\\u003c\\u0026\\u003e\\u2028é😀"');
  assertEquals(text.endsWith("\n  }\n}\n"), true);
  const report = await verifyTraceText({ text, publicKey, strict: true }, ports);
  assertEquals(report.findings, []);
  assertEquals(report.signatureStatus, "verified");
  assertEquals(report.keyId, signer.keyId);
  assertEquals(parseTrace(text).record, parseTrace(JSON.stringify(JSON.parse(text))).record);
});

Deno.test("verifyTrace() refuses members that the signature does not cover, at every level", async () => {
  const record = await signed(RICH);
  assertEquals(await messages({ ...record, note: 1 }), [
    "member not covered by the signature: note",
  ]);
  assertEquals(
    await messages({ ...record, skill_provenance: { ...record.skill_provenance, x: null } }),
    [
      "member not covered by the signature: skill_provenance.x",
    ],
  );
  assertEquals(
    await messages({ ...record, delegation_ref: { ...record.delegation_ref, "\u001b[1m": [] } }),
    [
      "member not covered by the signature: delegation_ref.?[1m",
    ],
  );
  const proto = JSON.stringify(record).replace("{", '{"__proto__":{"verdict":"allow"},');
  const report = await verifyTraceText({ text: proto, publicKey }, ports);
  assertEquals(report.findings[0]?.message, "member not covered by the signature: __proto__");
});

Deno.test("verifyTrace() reports unknown members under the signature; strict refuses them", async () => {
  const { signature: _old, ...unsigned } = await signed(RICH);
  const extended = {
    ...unsigned,
    zzz: { b: 1, a: [2] },
    skill_provenance: { ...unsigned.skill_provenance, x: 1 },
  };
  const digest = await webDigester.sha256(utf8(canonicalize(JSON.parse(JSON.stringify(extended)))));
  const { signDigest } = await import("../../../core/sign/signature.ts");
  const record = { ...extended, signature: await signDigest(digest, signer) };
  const text = JSON.stringify(record);
  const report = await verifyTraceText({ text, publicKey }, ports);
  assertEquals(report.ok, true);
  assertEquals(report.unknownSignedMembers, ["skill_provenance.x", "zzz"]);
  assertEquals(await messages(record, { strict: true }), [
    "unknown member: skill_provenance.x",
    "unknown member: zzz",
  ]);
  assertEquals((await messages({ ...record, zzz: { b: 1, a: [3] } }))[0], "signed_digest mismatch");
  assertEquals((await messages({ ...record, more: 1 }))[0], "signed_digest mismatch");
});

Deno.test("verifyTrace() waives a missing signature only when asked to", async () => {
  const { signature: _old, ...unsigned } = await signed(SMALL);
  assertEquals(await messages(unsigned), ["trace signature missing"]);
  assertEquals(await messages(unsigned, { allowUnsigned: true }), []);
  assertEquals(await messages(unsigned, { allowUnsigned: true, publicKey: undefined }), []);
  const report = await verifyTrace({
    record: parseTrace(JSON.stringify(unsigned)),
    publicKey,
    allowUnsigned: true,
  }, ports);
  assertEquals(report.signatureStatus, "unsigned");
  assertEquals(await messages({ ...unsigned, verdict: "block" }, { allowUnsigned: true }), [
    "trace_id is not derived from policy_digest, intent_digest and verdict",
  ]);
  await assertRejects(
    () => messages(unsigned, { publicKey: undefined }),
    GaitError,
    "public key not configured",
  );
});

Deno.test("verifyTrace() refuses a bad signature although unsigned traces are allowed", async () => {
  const record = await signed(SMALL);
  const forged = { ...record, signature: { ...record.signature, sig: "A".repeat(86) + "==" } };
  assertEquals(await messages(forged, { allowUnsigned: true }), ["signature verification failed"]);
  assertEquals(
    (await messages({ ...record, signature: {} }, { allowUnsigned: true }))[0],
    "missing signed_digest",
  );
  await assertRejects(
    () => messages(record, { allowUnsigned: true, publicKey: undefined }),
    GaitError,
  );
});

Deno.test("verifyTrace() accepts an event id over UTC or over the spelled time", async () => {
  const { signature: _s, ...unsigned } = await signed(SMALL);
  const spelled = { ...unsigned, observed_at: "2026-11-23T03:00:02.711194596+02:00" };
  const record = await signTrace(spelled, { signer, digester: webDigester });
  assertEquals(await messages(record), []);
  const later = { ...unsigned, observed_at: "2026-11-23T03:00:03.711194596+02:00" };
  assertEquals(await messages(await signTrace(later, { signer, digester: webDigester })), [
    "event_id is not derived from trace_id and observed_at",
  ]);
});

Deno.test("parseTrace() refuses wrong types and names the member", async () => {
  const record = await signed(RICH);
  const cases: readonly [object | string | number, string][] = [
    [[], "not a JSON object"],
    ["text", "not a JSON object"],
    [{ ...record, verdict: 1 }, "verdict"],
    [{ ...record, created_at: "2026-02-30T00:00:00Z" }, "created_at"],
    [{ ...record, created_at: "" }, "created_at"],
    [{ ...record, violations: "x" }, "violations"],
    [{ ...record, violations: ["x", 1] }, "violations[1]"],
    [{ ...record, latency_ms: "1" }, "latency_ms"],
    [{ ...record, delegation_ref: [] }, "delegation_ref"],
    [{ ...record, delegation_ref: { delegation_depth: 1.5 } }, "delegation_ref.delegation_depth"],
    [{ ...record, skill_provenance: { source: {} } }, "skill_provenance.source"],
    [{ ...record, signature: "x" }, "signature"],
    [{ ...record, signature: { sig: 1 } }, "signature.sig"],
  ];
  for (const [value, expected] of cases) {
    const error = assertThrows(() => parseTrace(JSON.stringify(value)), GaitError, expected);
    assertEquals(error.code, "schema_violation");
  }
});

Deno.test("verifyTraceText() treats a member that stands twice as failed verification", async () => {
  const text = JSON.stringify(await signed(SMALL)).replace(
    '"verdict":',
    '"verdict":"block","verdict":',
  );
  const report = await verifyTraceText({ text, publicKey }, ports);
  assertEquals([report.ok, report.signatureStatus, report.verdict], [false, "failed", "allow"]);
  await assertRejects(() => verifyTraceText({ text: `${text}x`, publicKey }, ports), GaitError);
});

Deno.test("verifyTraceText() ends on deep or huge hostile input", async () => {
  const record = JSON.stringify(await signed(SMALL));
  const deep = (n: number) => record.replace("{", `{"x":${"[".repeat(n)}${"]".repeat(n)},`);
  assertEquals((await verifyTraceText({ text: deep(200), publicKey }, ports)).ok, false);
  for (const n of [300, 100_000]) {
    await assertRejects(() => verifyTraceText({ text: deep(n), publicKey }, ports), GaitError);
  }
  const names = Array.from({ length: 5000 }, (_, i) => `"n${i}":0`).join(",");
  const report = await verifyTraceText(
    { text: record.replace("{", `{${names},`), publicKey },
    ports,
  );
  assertEquals(report.ok, false);
  assertEquals(report.findings.length <= 101, true);
});
