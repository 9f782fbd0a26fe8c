import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  type ApprovalFacts,
  renderApprovalRequest,
  visibleText,
} from "../../../core/approval/render.ts";
import type { JsonObject } from "../../../core/base/json_value.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";

function facts(change: JsonObject = {}, more: Partial<ApprovalFacts> = {}): ApprovalFacts {
  const intent = normalizeIntent({
    schema_id: "gait.gate.intent_request",
    schema_version: "1.0.0",
    created_at: "2026-02-01T10:00:00Z",
    producer_version: "test",
    tool_name: "pay.send",
    args: { amount: 10, to: { iban: "DE00" }, notes: ["a", "b"], empty: {}, none: null },
    targets: [{ kind: "path", value: "/tmp/x", operation: "delete" }],
    context: { identity: "agent", workspace: "/w", risk_class: "high" },
    ...change,
  });
  return {
    intent,
    intent_digest: "1".repeat(64),
    policy_digest: "2".repeat(64),
    rule: { name: "pay", effect: "require_approval" },
    verdict: "require_approval",
    reason_codes: ["needs_ok"],
    min_approvals: 2,
    ...more,
  };
}

Deno.test("renderApprovalRequest() shows the whole call", () => {
  const more = { raw_call_digest: "4".repeat(64), delegation_binding_digest: "3".repeat(64) };
  assertEquals(renderApprovalRequest(facts({}, more)), [
    'tool "pay.send"',
    'identity="agent" workspace="/w" risk="high"',
    "targets:",
    '  kind="path" value="/tmp/x" operation="delete" class="fs.delete" DESTRUCTIVE',
    "arguments:",
    "  args.amount = 10",
    "  args.empty = {}",
    "  args.none = null",
    '  args.notes[0] = "a"',
    '  args.notes[1] = "b"',
    '  args.to.iban = "DE00"',
    "asked by:",
    '  rule "pay" effect=require_approval',
    "  verdict=require_approval approvals=2",
    '  reasons "needs_ok"',
    "digests:",
    `  intent_digest ${"1".repeat(64)}`,
    `  policy_digest ${"2".repeat(64)}`,
    `  delegation_binding_digest ${"3".repeat(64)}`,
    `  raw_call_digest ${"4".repeat(64)}`,
  ]);
});

Deno.test("renderApprovalRequest() shows delegation, provenance and the policy's default", () => {
  const lines = renderApprovalRequest(facts({
    args: {},
    targets: [],
    arg_provenance: [{ arg_path: "$.x", source: "external", source_ref: "mail" }],
    delegation: {
      requester_identity: "worker",
      scope_class: "write",
      token_refs: ["ref-1"],
      expires_at: "2030-01-01T00:00:00Z",
      chain: [{ delegator_identity: "lead", delegate_identity: "worker", scope_class: "write" }],
    },
    skill_provenance: { skill_name: "s", source: "registry", publisher: "acme" },
    context: {
      identity: "agent",
      workspace: "/w",
      risk_class: "high",
      environment_fingerprint: "env-1",
      credential_scopes: ["b", "a"],
      auth_context: { role: "ops" },
    },
  }, { rule: undefined })).join("\n");
  for (
    const part of [
      "  (none declared)",
      "  (none)",
      '  path="$.x" source="external" ref="mail"',
      '  requester="worker" scope="write" tokens="ref-1" expires="2030-01-01T00:00:00Z"',
      '  link "lead" -> "worker" scope="write"',
      'skill name="s" source="registry" publisher="acme"',
      'risk="high" environment="env-1"',
      'credential scopes "a" "b"',
      'auth_context.role = "ops"',
      "  the policy's default verdict",
    ]
  ) assert(lines.includes(part), part);
});

Deno.test("renderApprovalRequest() keeps hostile text on its line and visible", () => {
  const hostile = 'x"\n  args.amount = 1\u001b[2K\u202e\u200b\u2028\u00a0\u3164\ue000\ufeff\\n';
  const lines = renderApprovalRequest(facts({ args: { note: hostile, ["k\ney\u202e"]: 1 } }));
  const note = lines.find((line) => line.includes("args.note"));
  assertEquals(
    note,
    '  args.note = "x\\"\\n  args.amount = 1\\u{001B}[2K\\u{202E}\\u{200B}\\u{2028}\\u{00A0}\\u{3164}\\u{E000}\\u{FEFF}\\\\n"',
  );
  assert(lines.includes('  args["k\\ney\\u{202E}"] = 1'));
  for (const line of lines) {
    assertFalse(/[\p{C}\p{Zl}\p{Zp}]/u.test(line), JSON.stringify(line));
  }
});

Deno.test("renderApprovalRequest() warns about letters that may look alike", () => {
  const note = "note: some texts hold characters outside ASCII; letters may look alike";
  assertEquals(renderApprovalRequest(facts({ args: { to: "p\u0430ypal" } })).at(-1), note);
  assertFalse(renderApprovalRequest(facts()).includes(note));
});

Deno.test("visibleText() writes different texts differently", () => {
  const texts = [
    "\n",
    "\\n",
    "\\u{000A}",
    "\u000a ",
    '"',
    '\\"',
    "",
    " ",
    "\u00a0",
    "\\u{00A0}",
    "\ud83d\ude00",
  ];
  assertEquals(new Set(texts.map(visibleText)).size, texts.length);
});
