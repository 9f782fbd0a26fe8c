/** `gait verify record` over the side records of a decision. */

import { assertEquals, assertMatch } from "@std/assert";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, POLICY, run, SIGNED } from "./_run.ts";

const KEY = ["--public-key", "keys/gate_public.key"];
const RECORD = "out/audit.json";

/** A world with an approval audit and its signature in `out/`. */
async function auditWorld(): Promise<MemoryWorld> {
  const world = await gateWorld(
    POLICY.replace("effect: allow\n", "effect: require_approval\n"),
  );
  const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", ...SIGNED];
  const { exit } = await run(world, ...line, "--no-config", "--approval-audit-out", RECORD);
  assertEquals(exit, 4);
  return world;
}

/** Verifies a record. */
async function verify(world: MemoryWorld, ...argv: string[]) {
  return await run(world, "verify", "record", "--json", ...argv);
}

Deno.test("verify record accepts an audit of the gate and says whose it is", async () => {
  const world = await auditWorld();
  const { exit, json } = await verify(world, RECORD, ...KEY);
  assertEquals([exit, json.ok, json.signature_status], [0, true, "verified"]);
  assertEquals([json.path, json.signature_path], [RECORD, "out/audit.sig.json"]);
  assertEquals(json.record_schema_id, "gait.gate.approval_audit_record");
  assertEquals(json.signers[0].key_id, json.trust_anchors[0].key_id);
  const plain = await run(world, "verify", "record", RECORD, ...KEY);
  assertMatch(plain.stdout, /^verify record: ok \(out\/audit\.json\)\nsigned by: [0-9a-f]{64}\n/);
});

Deno.test("verify record refuses an edited record, a renamed one and a foreign key", async () => {
  const world = await auditWorld();
  const text = world.files.text(RECORD) ?? "";
  world.files.put("copy.json", text);
  const moved = ["copy.json", "--signature", "out/audit.sig.json", ...KEY];
  const cases: [string[], string][] = [
    [[RECORD, "--public-key", "keys/bob_public.key"], "signature_invalid"],
    [moved, "verification_failed"],
  ];
  for (const [argv, code] of cases) {
    const { exit, json } = await verify(world, ...argv);
    assertEquals([exit, json.ok, json.error_code], [2, false, code], argv.join(" "));
    assertEquals(json.signature_status, "failed");
  }
  world.files.put(RECORD, text.replace("alice", "mallory") + " ");
  const { exit, json } = await verify(world, RECORD, ...KEY);
  assertEquals([exit, json.error_code], [2, "digest_mismatch"]);
  assertEquals(
    (await run(world, "verify", "record", RECORD, ...KEY)).stdout.split("\n")[1],
    "finding: the record is not what was signed: its SHA-256 differs",
  );
});

Deno.test("verify record needs a key, a record and a signature", async () => {
  const world = await auditWorld();
  const cases: [string[], number, RegExp][] = [
    [[RECORD], 6, /public key not configured/],
    [[...KEY], 6, /expected <record\.json>/],
    [["out/audit.sig.json", ...KEY], 6, /not its signature/],
    [["policy.yaml", ...KEY], 6, /policy\.yaml\.sig\.json/],
    [[RECORD, "--signature", "policy.yaml", ...KEY], 6, /policy\.yaml/],
    [[RECORD, "--profile", "strict"], 6, /needs a key/],
  ];
  for (const [argv, code, message] of cases) {
    const { exit, json } = await verify(world, ...argv);
    assertEquals([exit, json.ok], [code, false], JSON.stringify(json));
    assertMatch(json.error, message);
  }
});
