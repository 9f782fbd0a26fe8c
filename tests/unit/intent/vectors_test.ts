/** Every intent vector, in process: the command-line tests run the same cases through the program. */
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { intentDigests } from "../../../core/intent/digests.ts";
import type { NormalizedIntent } from "../../../core/intent/intent.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { argsPreimage, intentPreimage } from "../../../core/intent/preimage.ts";
import { parseJson } from "../../../core/text/json.ts";

interface Case {
  readonly id: string;
  readonly files: readonly string[];
  readonly digests?: {
    readonly intent_digest?: string;
    readonly args_digest?: string;
    readonly intent_preimage?: string;
    readonly args_preimage?: string;
  };
  readonly expect: { readonly exit_code: number };
  readonly divergence: { readonly wanted: { readonly exit_code?: number } | null } | null;
}

const GATE = new URL("../../golden/data/gate/", import.meta.url);

/** Vectors without a `wanted` outcome whose integers do not survive: divergence P6 refuses them. */
const REFUSED_BY_P6 = new Set(["intent-normalize/rich", "intent-normalize/pt-rich"]);

async function cases(group: string): Promise<Case[]> {
  return JSON.parse(await Deno.readTextFile(new URL(`${group}/cases.json`, GATE))) as Case[];
}

/** Reads and normalises the intent of a case as the commands do. */
async function evaluate(group: string, file: string, strict = true): Promise<NormalizedIntent> {
  const bytes = await Deno.readFile(new URL(`${group}/${file}`, GATE));
  return normalizeIntent(parseJson(bytes, { source: file, refuseUnsafeIntegers: strict }));
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

async function compare(intent: NormalizedIntent, vector: Case): Promise<void> {
  const wanted = vector.digests ?? {};
  if (wanted.intent_preimage !== undefined) {
    assertEquals(intentPreimage(intent), wanted.intent_preimage, vector.id);
  }
  if (wanted.args_preimage !== undefined) {
    assertEquals(argsPreimage(intent), wanted.args_preimage, vector.id);
  }
  const digests = await intentDigests(intent, webDigester);
  if (wanted.intent_digest !== undefined) {
    assertEquals(digests.intent_digest, wanted.intent_digest, vector.id);
  }
  if (wanted.args_digest !== undefined) {
    assertEquals(digests.args_digest, wanted.args_digest, vector.id);
  }
}

Deno.test("normalizeIntent() reproduces every intent-normalize vector", async () => {
  let compared = 0;
  for (const vector of await cases("intent-normalize")) {
    const file = vector.files.find((name) => name.startsWith("intents/"));
    assert(file !== undefined, vector.id);
    const mustRefuse = vector.divergence?.wanted?.exit_code === 6 || REFUSED_BY_P6.has(vector.id);
    const mayRefuse = mustRefuse || vector.divergence?.wanted === null;
    const error = await failure(evaluate("intent-normalize", file));
    if (error !== undefined) {
      assert(mayRefuse, `${vector.id}: ${error}`);
      assertInstanceOf(error, GaitError, vector.id);
      assertEquals(error.category, "invalid_input", vector.id);
      continue;
    }
    assert(!mustRefuse, `${vector.id} must be refused`);
    await compare(await evaluate("intent-normalize", file), vector);
    compared++;
  }
  assert(compared >= 75, `only ${compared} vectors compared`);
});

Deno.test("normalizeIntent() reproduces the digests of rich intents when integers may round", async () => {
  for (const vector of await cases("intent-normalize")) {
    if (vector.id !== "intent-normalize/rich") continue;
    await compare(await evaluate("intent-normalize", "intents/rich.json", false), vector);
  }
});

Deno.test("normalizeIntent() refuses every intent-reject vector as invalid input", async () => {
  let refused = 0;
  for (const vector of await cases("intent-reject")) {
    const file = vector.files.find((name) => name.startsWith("intents/"));
    if (file === undefined) continue;
    const error = await failure(evaluate("intent-reject", file));
    assertInstanceOf(error, GaitError, vector.id);
    assertEquals(error.category, "invalid_input", vector.id);
    if (vector.id.endsWith("-tool")) assert(error.message.includes("tool_name"), vector.id);
    refused++;
  }
  assert(refused >= 45, `only ${refused} vectors refused`);
});

Deno.test("normalizeIntent() reproduces the digests of spec 02 §17.3", async () => {
  const rich = `{"tool_name":"  Tool.Write ","args":{" path ":" /tmp/x ","n":1.0,` +
    `"big":9007199254740993,"neg":-0.0,"arr":[" a ",null,true,{"k":" v "}],"h":"<&>é😀"},` +
    `"targets":[{"kind":"PATH","value":" /tmp/x ","operation":"WRITE"},` +
    `{"kind":"url","value":"https://API.Example.com:8443/p?q","operation":"post",` +
    `"sensitivity":"PII"},{"kind":"path","value":"/tmp/x","operation":"write"}],` +
    `"arg_provenance":[{"arg_path":" $.path ","source":"USER"},{"arg_path":"$.h",` +
    `"source":"external","source_ref":" r ","integrity_digest":"AA${"0".repeat(62)}"}],` +
    `"skill_provenance":{"skill_name":" s ","skill_version":" 1 ","source":"Registry",` +
    `"publisher":" Acme ","signature_key_id":" k "},"context":{"identity":" Alice ",` +
    `"workspace":" C:\\\\ws\\\\a ","risk_class":"HIGH","session_id":" s1 ","request_id":"",` +
    `"auth_context":{" z ":" y "},"credential_scopes":[" b ","a","b",""],` +
    `"environment_fingerprint":" env ","extra":1}}`;
  const intent = normalizeIntent(parseJson(rich, { source: "rich" }));
  assertEquals(intent.unknownContextKeys, ["extra"]);
  assertEquals(await intentDigests(intent, webDigester), {
    args_digest: "5a2175deb96b880ee54bc5aa94e191984432f02ff7b88b94d8647df988e7f5bd",
    intent_digest: "0c74fd309a30990f6c26a857bf941ea343c5296f5341e17e9eb415b81ae25ac8",
  });
  const delegated = normalizeIntent({
    tool_name: "t",
    context: { identity: "a", workspace: "w", risk_class: "low" },
    delegation: {
      requester_identity: "agent.specialist",
      scope_class: "write",
      token_refs: ["delegation_valid_01"],
      chain: [{
        delegator_identity: "agent.lead",
        delegate_identity: "agent.specialist",
        scope_class: "write",
        token_ref: "delegation_valid_01",
      }],
    },
  });
  const digests = await intentDigests(delegated, webDigester);
  assertEquals(
    digests.delegation_binding_digest,
    "b89bc7920bc9e710434c4019b40eff4b76fd9659cc9ed81fcc44e72e67ee542e",
  );
});
