import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Bytes } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { digestOfJson } from "../../../core/digest/digest.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import {
  argsDigest,
  delegationBindingDigest,
  intentDigest,
  intentDigests,
  rawCallDigest,
} from "../../../core/intent/digests.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";

const BASE = {
  tool_name: "t",
  context: { identity: "a", workspace: "w", risk_class: "low" },
};

Deno.test("intentDigests() gives the digests of spec 02 §17.3", async () => {
  const intent = normalizeIntent(BASE);
  assertEquals(await intentDigests(intent, webDigester), {
    args_digest: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    intent_digest: "2e25fafcf83fa9e6c15aae6c09b8f206bc0c1f19e8ca980720512d4bf699130b",
  });
});

Deno.test("intentDigests() agrees with the single functions", async () => {
  const intent = normalizeIntent({ ...BASE, delegation: { requester_identity: "r" } });
  const all = await intentDigests(intent, webDigester);
  assertEquals(all.args_digest, await argsDigest(intent, webDigester));
  assertEquals(all.intent_digest, await intentDigest(intent, webDigester));
  assertEquals(
    all.delegation_binding_digest,
    await delegationBindingDigest(intent, webDigester),
  );
  assertEquals(await delegationBindingDigest(normalizeIntent(BASE), webDigester), undefined);
});

Deno.test("intentDigests() hands on the failure of a digester", async () => {
  const broken = {
    sha256: (): Promise<Bytes> => Promise.reject(new GaitError("io_failure", "Cannot hash: gone")),
  };
  const intent = normalizeIntent({ ...BASE, delegation: { requester_identity: "r" } });
  await assertRejects(() => intentDigests(intent, broken), GaitError);
});

Deno.test("rawCallDigest() tells calls apart that share an intent digest", async () => {
  const call = { tool_name: "sh", args: { cmd: "ls" } };
  const digest = await rawCallDigest(call, webDigester);
  assertEquals(digest, await digestOfJson(webDigester, { args: { cmd: "ls" }, tool_name: "sh" }));
  const variants = [
    { tool_name: "SH", args: { cmd: "ls" } },
    { tool_name: "sh", args: { cmd: "ls\n" } },
    { tool_name: "sh", args: { " cmd": "ls" } },
  ];
  const intents = await Promise.all(
    variants.map((variant) => intentDigest(normalizeIntent({ ...BASE, ...variant }), webDigester)),
  );
  assertEquals(new Set(intents).size, 1);
  for (const variant of variants) {
    assertNotEquals(await rawCallDigest(variant, webDigester), digest);
  }
});
