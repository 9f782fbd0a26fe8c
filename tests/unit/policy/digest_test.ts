import { assertEquals, assertNotEquals } from "@std/assert";
import { policyDigest, policyPreimage } from "../../../core/policy/digest.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { digester } from "./_vectors.ts";

async function digestOf(text: string): Promise<string> {
  const { policy } = await parsePolicy(text, { source: "p.yaml" });
  return await policyDigest(policy, digester);
}

const FULL = `default_verdict: DRY_RUN
fail_closed: {enabled: true, required_fields: [Targets, endpoint_class, delegation, arg_provenance]}
rules:
  - name: full rule-x
    priority: 5
    effect: allow
    match: {tool_names: [T, a], risk_classes: [LOW], target_kinds: [PATH], target_values: [/A], endpoint_classes: [fs.read], skill_publishers: [Acme], skill_sources: [REG], data_classes: [PII], destination_kinds: [URL], destination_values: [V], destination_operations: [POST], provenance_sources: [USER], identities: [Bob], workspace_prefixes: [/W], require_delegation: true, allowed_delegator_identities: [L], allowed_delegate_identities: [S], delegation_scopes: [W], max_delegation_depth: 2}
    endpoint: {egress_classes: [net.http], domain_allowlist: [A.com], domain_denylist: [B.com], path_allowlist: [/x], path_denylist: [/y], destructive_action: block, action: require_approval, reason_code: r, violation: v}
    reason_codes: [z, a]
    violations: [q]
    min_approvals: 2
    require_broker_credential: true
    broker_reference: ref
    broker_scopes: [W]
    rate_limit: {requests: 3, window: HOUR, scope: TOOL}
    dataflow: {enabled: true, destination_kinds: [URL], destination_values: [V], destination_operations: [P], action: BLOCK, reason_code: rr, violation: vv}
  - {name: b, effect: block}
`;

Deno.test("policyDigest() reproduces the published vectors", async () => {
  const vectors: readonly (readonly [string, string])[] = [
    ["default_verdict: allow", "65819d9cf07c7619aa8aaf2bd4e8d6f8e3f86b139b49a68c535fd14d77a5009f"],
    ["", "07a528a879e4f0e0cd5a0e2ca801924746b47dac624862207ef21d4ec266f8f9"],
    [
      "rules: [{name: a, effect: require_approval}]",
      "7c8ca3ef79f638c061bcf823b91724bf2fe80471b9ae6484819841c991180473",
    ],
    [FULL, "47a21a2ce242e8eb9b28a7960f1c2856f9f463becf495478824db278525126e6"],
  ];
  for (const [text, digest] of vectors) assertEquals(await digestOf(text), digest);
});

Deno.test("policyDigest() covers approval only when it is set", async () => {
  const rule = (fields: string) => `rules: [{name: a, effect: require_approval${fields}}]`;
  const plain = await digestOf(rule(""));
  assertEquals(await digestOf(rule(", approval: {single_use: false, max_ttl: ''}")), plain);
  const single = await digestOf(rule(", approval: {single_use: true}"));
  const reusable = await digestOf(rule(", approval: {reusable: true}"));
  const bounded = await digestOf(rule(", approval: {max_ttl: 1h}"));
  assertEquals(new Set([plain, single, reusable, bounded]).size, 4);
});

Deno.test("policyPreimage() holds approval with its set members only", async () => {
  const text = "rules: [{name: a, effect: block, approval: {max_ttl: 1h, single_use: true}}]";
  const { policy } = await parsePolicy(text, { source: "p" });
  assertEquals(policyPreimage(policy), {
    SchemaID: "gait.gate.policy",
    SchemaVersion: "1.0.0",
    DefaultVerdict: "require_approval",
    FailClosed: { Enabled: false, RiskClasses: [], RequiredFields: [] },
    Rules: [{
      Name: "a",
      Priority: 0,
      Effect: "block",
      Match: {
        ToolNames: [],
        RiskClasses: [],
        TargetKinds: [],
        TargetValues: [],
        ProvenanceSources: [],
        Identities: [],
        WorkspacePrefixes: [],
      },
      ReasonCodes: [],
      Violations: [],
      Approval: { SingleUse: true, MaxTTL: "1h" },
    }],
  });
});

Deno.test("policyDigest() distinguishes every single change of the full policy", async () => {
  const digests = [await digestOf(FULL)];
  const edits = [
    ["DRY_RUN", "allow"],
    ["max_delegation_depth: 2", "max_delegation_depth: 0"],
    ["destructive_action: block", "destructive_action: require_approval"],
    ["requests: 3", "requests: 4"],
    ["broker_reference: ref", "broker_reference: Ref"],
    ["priority: 5", "priority: 6"],
    ["identities: [Bob]", "identities: [bob]"],
    ["require_delegation: true", "require_delegation: false"],
  ] as const;
  for (const [from, to] of edits) {
    const edited = FULL.replace(from, to);
    assertNotEquals(edited, FULL);
    digests.push(await digestOf(edited));
  }
  assertEquals(new Set(digests).size, edits.length + 1);
});
