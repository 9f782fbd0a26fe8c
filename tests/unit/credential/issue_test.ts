import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import {
  credentialHmacKey,
  envCredential,
  envCredentialKey,
  stubCredential,
} from "../../../core/credential/issue.ts";
import {
  callerContext,
  credentialRequest,
  encodeCredentialRequest,
  readBrokerKind,
} from "../../../core/credential/request.ts";
import { credentialRecord, encodeCredentialRecord } from "../../../core/credential/record.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { flag, goldenCases, type GoldenStep, goldenText, outText } from "../approval/_golden.ts";
import { testSigner } from "../approval/_tokens.ts";

const GROUP = "brokers";

/** Rules of the recorded policies. */
const RULES = {
  "br.yaml": { broker_reference: "vault/egress", broker_scopes: ["Write", "read"] },
  "br-noref.yaml": { broker_reference: "", broker_scopes: [] },
};

function requestOf(step: GoldenStep) {
  const raw = JSON.parse(goldenText(GROUP, flag(step, "--intent") ?? ""));
  const call = { tool_name: normalizeIntent(raw).tool_name, caller: callerContext(raw) };
  const rule = flag(step, "--policy") === "br.yaml" ? RULES["br.yaml"] : RULES["br-noref.yaml"];
  // Policies hold scopes in lower case.
  const broker_scopes = rule.broker_scopes.map((scope) => scope.toLowerCase());
  return credentialRequest(call, { ...rule, broker_scopes }, {
    reference: flag(step, "--credential-ref") ?? "",
    scopes: (flag(step, "--credential-scopes") ?? "").split(","),
  });
}

/** Recorded runs with a broker whose call was allowed. */
function issuedBy(kind: string) {
  return goldenCases(GROUP).filter((one) =>
    one.steps === undefined && flag(one, "--policy") !== "nobroker.yaml" &&
    (flag(one, "--credential-broker") ?? "").trim().toLowerCase() === kind &&
    outText(one, "credential_ref") !== ""
  );
}

Deno.test("stubCredential() gives the recorded references", async () => {
  const cases = issuedBy("stub");
  assert(cases.length >= 6);
  for (const one of cases) {
    const issued = await stubCredential(requestOf(one), webDigester);
    assertEquals(issued.credential_ref, outText(one, "credential_ref"), one.id);
    assertEquals(issued.issuer, outText(one, "credential_issuer"), one.id);
  }
});

Deno.test("stubCredential() gives the reference of the specification", async () => {
  const request = {
    tool_name: "tool.write",
    identity: "example-user",
    workspace: "/tmp/workspace",
    session_id: "",
    request_id: "",
    reference: "myref",
    scope: ["Zed", "write"],
  };
  const issued = await stubCredential(request, webDigester);
  assertEquals(issued.credential_ref, "stub:0f9df58fe14b55bd16d5935f");
});

Deno.test("envCredential() gives the recorded references", async () => {
  const cases = issuedBy("env");
  assert(cases.length >= 6);
  for (const one of cases) {
    const key = envCredentialKey(requestOf(one), flag(one, "--credential-env-prefix") ?? "");
    const issued = await envCredential(webDigester, { key, value: one.env?.[key] });
    assertEquals(issued?.credential_ref, outText(one, "credential_ref"), one.id);
  }
});

Deno.test("envCredential() gives nothing for an unset or blank variable", async () => {
  for (const value of [undefined, "", "  ", "\t\n\u00a0"]) {
    assertEquals(await envCredential(webDigester, { key: "K", value }), undefined);
  }
});

Deno.test("envCredentialKey() normalises names", () => {
  const cases: Record<string, string> = {
    "a.b-c//d!!e": "A_B_C_D_E",
    "//": "DEFAULT",
    "\u00df": "DEFAULT",
    "a..b": "A__B",
    "_a_": "A",
    "\u017f": "S",
    "a\u0000b": "A_B",
  };
  for (const [reference, expected] of Object.entries(cases)) {
    assertEquals(envCredentialKey({ reference, tool_name: "t" }, "P_"), `P_${expected}`, reference);
  }
  const key = envCredentialKey({ reference: "", tool_name: "my.tool" }, " ");
  assertEquals(key, "GAIT_BROKER_TOKEN_MY_TOOL");
});

Deno.test("envCredential() makes keyed references that need the gate key", async () => {
  const [one, two] = [await testSigner(1), await testSigner(2)];
  const source = { key: "K", value: " secret " };
  const keyed = async (signer: typeof one) =>
    await envCredential(webDigester, {
      ...source,
      hmacKey: await credentialHmacKey(signer, webDigester),
    });
  const [a, again, b] = [await keyed(one), await keyed(one), await keyed(two)];
  assertEquals(a, again);
  assertEquals(a?.credential_ref_hmac.length, 64);
  assertNotEquals(a?.credential_ref_hmac, b?.credential_ref_hmac);
  assertEquals(a?.credential_ref, (await envCredential(webDigester, source))?.credential_ref);
});

Deno.test("envCredential() leaves the bare hash out where asked to", async () => {
  const hmacKey = new Uint8Array(32);
  const bare = (await envCredential(webDigester, { key: "K", value: "s" }))?.credential_ref ?? "";
  const only = await envCredential(webDigester, { key: "K", value: "s", hmacKey, keyedOnly: true });
  assert(only !== undefined);
  assert(!JSON.stringify(only).includes(bare.split(":")[2] ?? "?"));
  assertEquals(only.credential_ref, `env:K:hmac-${only.credential_ref_hmac.slice(0, 32)}`);
  await assertRejects(
    () => envCredential(webDigester, { key: "K", value: "s", keyedOnly: true }),
    TypeError,
  );
});

Deno.test("credentialRecord() writes the recorded record", () => {
  let compared = 0;
  for (const one of [...issuedBy("stub"), ...issuedBy("env"), ...issuedBy("command")]) {
    const recorded = one.expect.files_out["out/credential_evidence.json"];
    if (recorded === undefined) continue;
    const request = requestOf(one);
    const issued = {
      issuer: String(recorded["broker"]),
      credential_ref: String(recorded["credential_ref"]),
      credential_ref_hmac: "",
    };
    const head = {
      created_at: String(recorded["created_at"]),
      producer_version: String(recorded["producer_version"]),
      trace_id: String(recorded["trace_id"]),
    };
    const text = encodeCredentialRecord(credentialRecord(request, issued, head));
    assertEquals(text, `${JSON.stringify(recorded, null, 2)}\n`, one.id);
    compared++;
  }
  assert(compared >= 15, `${compared} records`);
});

Deno.test("encodeCredentialRequest() writes what recorded commands read", () => {
  let compared = 0;
  for (const one of issuedBy("command")) {
    const recorded = one.expect.files_out["request.json"];
    if (recorded === undefined) continue;
    const text = new TextDecoder().decode(encodeCredentialRequest(requestOf(one)));
    assertEquals(text, JSON.stringify(recorded), one.id);
    compared++;
  }
  assert(compared >= 3);
});

Deno.test("callerContext() reads texts as they are written", () => {
  const context = { identity: " Bob ", workspace: "C:\\w", session_id: 1, request_id: null };
  assertEquals(callerContext({ context }), {
    identity: "Bob",
    workspace: "C:\\w",
    session_id: "",
    request_id: "",
  });
  const nothing = { identity: "", workspace: "", session_id: "", request_id: "" };
  for (const intent of [null, {}, { context: null }, []]) {
    assertEquals(callerContext(intent), nothing);
  }
});

Deno.test("readBrokerKind() knows the four brokers", () => {
  const cases = { "": "off", " NONE ": "off", Off: "off", STUB: "stub", env: "env" };
  for (const [text, kind] of Object.entries(cases)) assertEquals(readBrokerKind(text), kind);
  assertEquals(readBrokerKind("command"), "command");
  const error = assertThrows(() => readBrokerKind(" vault "), GaitError);
  assertEquals(error.message, "unsupported credential broker: vault");
});
