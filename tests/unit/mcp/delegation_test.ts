import { assertEquals, assertNotEquals } from "@std/assert";
import { gateWorld, run, SIGNED } from "../commands/_run.ts";

const POLICY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: reads
    priority: 10
    effect: allow
    match:
      tool_names: [tool.read]
      skill_publishers: [acme]
  - name: delegated
    priority: 20
    effect: allow
    match:
      tool_names: [tool.act]
      require_delegation: true
      delegation_scopes: [write]
`;

const PROXY = ["mcp", "proxy", "--policy", "policy.yaml", "--call", "call.json", "--json"];

Deno.test("mcp proxy lets skill rules match", async () => {
  const world = await gateWorld(POLICY);
  const skill = { skill_name: "s", source: "registry", publisher: "acme" };
  world.files.put("call.json", JSON.stringify({ name: "tool.read", skill_provenance: skill }));
  assertEquals((await run(world, ...PROXY, ...SIGNED)).json.verdict, "allow");
  world.files.put("call.json", JSON.stringify({ name: "tool.read" }));
  assertEquals((await run(world, ...PROXY, ...SIGNED)).json.verdict, "block");
});

Deno.test("mcp proxy judges the times of a delegation and wants its token", async () => {
  const world = await gateWorld(POLICY);
  const call = (expires: string) =>
    JSON.stringify({
      name: "tool.act",
      context: { identity: "bot" },
      delegation: {
        requester_identity: "bot",
        scope_class: "write",
        expires_at: expires,
        chain: [{ delegator_identity: "alice", delegate_identity: "bot" }],
      },
    });
  world.files.put("call.json", call("2027-01-01T00:00:00Z"));
  const bare = await run(world, ...PROXY, ...SIGNED);
  assertEquals([bare.exit, bare.json.verdict, bare.json.delegation_required], [3, "block", true]);
  const minted = await run(
    world,
    ...["delegate", "mint", "--delegator", "alice", "--delegate", "bot", "--scope", "write"],
    ...["--ttl", "1h", "--key-mode", "prod", "--private-key", "keys/alice_private.key"],
    ...["--out", "token.json", "--json"],
  );
  assertEquals(minted.exit, 0);
  const shown = [
    ...["--delegation-token", "token.json"],
    ...["--delegation-public-key", "keys/alice_public.key"],
  ];
  const granted = await run(world, ...PROXY, ...SIGNED, ...shown);
  assertEquals([granted.exit, granted.json.valid_delegations], [0, 1]);
  world.files.put("call.json", call("2026-01-01T00:00:00Z"));
  const expired = await run(world, ...PROXY, ...SIGNED, ...shown);
  assertEquals(expired.json.verdict, "block");
  assertNotEquals(expired.json.intent_digest, granted.json.intent_digest);
});
