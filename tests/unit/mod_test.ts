/** The public surface of the library: what is exported, and that everything exported is named there. */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import * as library from "../../mod.ts";
import { readText } from "../../scripts/sources.ts";

/** Every value that the library exports. A change here is a change of the published interface. */
const VALUES = [
  "APPROVAL_TOKEN_CODES",
  "DELEGATION_TOKEN_CODES",
  "ENDPOINT_CLASSES",
  "ENVIRONMENT_CODES",
  "ERROR_CODES",
  "ERROR_MAP",
  "EVIDENCE_CODES",
  "GaitError",
  "INPUT_CODES",
  "LIMITS",
  "TARGET_KINDS",
  "VERDICTS",
  "argsDigest",
  "buildTrace",
  "canonicalize",
  "compilePolicy",
  "countApprovals",
  "decide",
  "delegationBindingDigest",
  "digestOfJson",
  "encodeApprovalToken",
  "encodeDelegationToken",
  "encodeTrace",
  "explain",
  "formatInstant",
  "formatPolicy",
  "formatPrivateKey",
  "formatPublicKey",
  "intentDigest",
  "intentDigests",
  "isJsonObject",
  "keyId",
  "lintPolicy",
  "loadTemplate",
  "mintApprovalToken",
  "mintDelegationToken",
  "normalizeIntent",
  "parseApprovalToken",
  "parseDelegationToken",
  "parseJson",
  "parsePolicy",
  "parsePrivateKey",
  "parsePublicKey",
  "parseTimestamp",
  "parseTrace",
  "policyDigest",
  "rawCallDigest",
  "readApproverKeyring",
  "readTokenTerms",
  "renderExplanation",
  "sha256Hex",
  "signTrace",
  "signerFromSeed",
  "templateNames",
  "verifyApprovalToken",
  "verifyDelegation",
  "verifyDelegationToken",
  "verifyKey",
  "verifyTrace",
  "verifyTraceText",
  "webDigester",
  "webEd25519",
];

Deno.test("mod.ts exports exactly the values of the published interface", () => {
  assertEquals(Object.keys(library).toSorted(), VALUES);
});

Deno.test("mod.ts exports by explicit name only", () => {
  const source = readText("mod.ts");
  assertEquals(source.includes("export *"), false);
  for (const [, path = ""] of source.matchAll(/ from "(\.[^"]+)";/g)) {
    assertMatch(path, /^\.\/core\/[a-z]+\/[a-z0-9_]+\.ts$/); // no private file, no host
    assertEquals(path.includes("/_"), false);
  }
});

Deno.test("docs/library.md names every function of the library", () => {
  const text = readText("docs/library.md");
  const functions = Object.entries(library)
    .filter(([, value]) => typeof value === "function").map(([name]) => name);
  for (const name of functions) {
    assert(text.includes(`\`${name}\``), `docs/library.md lacks ${name}`);
  }
});

Deno.test("decide() and explain() take only what compilePolicy() made", async () => {
  const { policy } = await library.parsePolicy("default_verdict: allow", { source: "p.yaml" });
  const intent = library.normalizeIntent({
    tool_name: "file.read",
    context: { identity: "a", workspace: "/", risk_class: "low" },
  });
  assertEquals(library.decide(library.compilePolicy(policy), intent).verdict, "allow");
  for (const forged of [{ policy }, Object.create({ policy })]) {
    assertThrows(() => library.decide(forged, intent), TypeError, "compilePolicy");
    assertThrows(() => library.explain(forged, intent), TypeError, "compilePolicy");
  }
});
