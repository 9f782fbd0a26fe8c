import { assertEquals } from "@std/assert";
import type { ApprovalAuditRecord } from "../../../core/approval/audit.ts";
import { encodeConsumptionStore, newConsumptionStore } from "../../../core/approval/consumption.ts";
import { CONFIG_KEYS } from "../../../core/config/config_keys.ts";
import type { CredentialRecord } from "../../../core/credential/record.ts";
import type { DelegationAuditRecord } from "../../../core/delegation/audit.ts";
import type { Delegation, DelegationLink, IntentContext } from "../../../core/intent/intent.ts";
import type { ArgProvenance, SkillProvenance, Target } from "../../../core/intent/intent.ts";
import type { Policy, Rule, RuleMatch } from "../../../core/policy/policy.ts";
import { encodeRateLimitState } from "../../../core/quota/state.ts";
import type { PolicyChangeRecord } from "../../../core/service/policy/policy_change.ts";
import type { DetachedSignature } from "../../../core/sign/detached.ts";
import type { TraceRecord } from "../../../core/trace/trace_record.ts";
import type { WireApprovalAuditRecord } from "../../../schemas/generated/approval_audit_record.ts";
import { validateApprovalStore } from "../../../schemas/generated/approval_store.ts";
import type { WireBrokerCredentialRecord } from "../../../schemas/generated/broker_credential_record.ts";
import type { WireDelegationAuditRecord } from "../../../schemas/generated/delegation_audit_record.ts";
import type { WireDetachedSignature } from "../../../schemas/generated/detached_signature.ts";
import type {
  WireIntentRequestArgProvenance,
  WireIntentRequestContext,
  WireIntentRequestDelegation,
  WireIntentRequestDelegationLink,
  WireIntentRequestSkillProvenance,
  WireIntentRequestTarget,
} from "../../../schemas/generated/intent_request.ts";
import type {
  WirePolicy,
  WirePolicyApproval,
  WirePolicyDataflow,
  WirePolicyEndpoint,
  WirePolicyMatch,
  WirePolicyRateLimit,
  WirePolicyRule,
} from "../../../schemas/generated/policy.ts";
import type { WirePolicyChange } from "../../../schemas/generated/policy_change.ts";
import { PROJECT_CONFIG } from "../../../schemas/generated/project_config.ts";
import { validateRateLimitState } from "../../../schemas/generated/rate_limit_state.ts";
import type { WireTrace } from "../../../schemas/generated/trace.ts";

/** `true` when two types have the same members by name, leaving out what never leaves the program. */
type SameKeys<Wire, Core, Internal extends PropertyKey = never> = [keyof Wire] extends
  [Exclude<keyof Core, Internal>] ? [Exclude<keyof Core, Internal>] extends [keyof Wire] ? true
  : false
  : false;

/** `true` when every value of one type is one of the other. */
type Fits<Core, Wire> = [Core] extends [Wire] ? true : false;

Deno.test("schemas name the members that the core reads and writes", () => {
  const policy: [
    SameKeys<WirePolicy, Policy>,
    SameKeys<WirePolicyRule, Rule>,
    SameKeys<WirePolicyMatch, RuleMatch>,
    SameKeys<WirePolicyEndpoint, Rule["endpoint"], "actionIsExplicit" | "unusedAction">,
    SameKeys<WirePolicyDataflow, Rule["dataflow"], "unusedAction">,
    SameKeys<WirePolicyRateLimit, Rule["rate_limit"], "unusedWindow" | "unusedScope">,
    SameKeys<WirePolicyApproval, Rule["approval"]>,
  ] = [true, true, true, true, true, true, true];
  const intent: [
    SameKeys<WireIntentRequestTarget, Target, "inferredClass" | "inferredDomain">,
    SameKeys<WireIntentRequestArgProvenance, ArgProvenance>,
    SameKeys<WireIntentRequestSkillProvenance, SkillProvenance>,
    SameKeys<WireIntentRequestDelegation, Delegation>,
    SameKeys<WireIntentRequestDelegationLink, DelegationLink>,
    SameKeys<WireIntentRequestContext, IntentContext>,
  ] = [true, true, true, true, true, true];
  const records: [
    Fits<ApprovalAuditRecord, WireApprovalAuditRecord>,
    SameKeys<WireApprovalAuditRecord, ApprovalAuditRecord>,
    Fits<DelegationAuditRecord, WireDelegationAuditRecord>,
    SameKeys<WireDelegationAuditRecord, DelegationAuditRecord>,
    Fits<CredentialRecord, WireBrokerCredentialRecord>,
    SameKeys<WireBrokerCredentialRecord, CredentialRecord>,
    Fits<Omit<DetachedSignature, "signature">, Omit<WireDetachedSignature, "signature">>,
    SameKeys<WireDetachedSignature, DetachedSignature>,
    Fits<PolicyChangeRecord, WirePolicyChange>,
    SameKeys<WirePolicyChange, PolicyChangeRecord>,
    SameKeys<WireTrace, TraceRecord>,
  ] = [true, true, true, true, true, true, true, true, true, true, true];
  // The assertions are the types; a difference does not compile.
  assertEquals([...policy, ...intent, ...records].every(Boolean), true);
});

Deno.test("project_config names the keys of the configuration reader", () => {
  const paths = Object.entries(PROJECT_CONFIG.properties ?? {}).flatMap(([section, schema]) =>
    Object.entries(schema.properties ?? {}).map(([key, { type }]) => [`${section}.${key}`, type])
  );
  const known = CONFIG_KEYS.map(({ path, type }) => [path, [type, "null"]]);
  assertEquals(new Map(paths as [string, unknown][]), new Map(known as [string, unknown][]));
});

Deno.test("state files that the core writes conform", () => {
  for (const afterLoss of [true, false]) {
    const store = newConsumptionStore(1_770_336_000_000_000_001n, { afterLoss });
    const spent = new Map([["0".repeat(64), {
      signed_digest: "0".repeat(64),
      token_id: "0".repeat(24),
      expires_at: 1_770_336_000_000_000_000n,
      consumed_at: 0n,
    }]]);
    assertEquals(validateApprovalStore(JSON.parse(encodeConsumptionStore(store))), []);
    const full = encodeConsumptionStore({ ...store, pruned_until: 0n, spent });
    assertEquals(validateApprovalStore(JSON.parse(full)), []);
  }
  const counters = new Map([["minute|tool|2026-02-06T00:00:00Z|tool.read", 2]]);
  assertEquals(validateRateLimitState(JSON.parse(encodeRateLimitState({ counters }))), []);
});
