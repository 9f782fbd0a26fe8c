/**
 * From the facts of a decision to an unsigned trace.
 *
 * @module
 */

import { formatInstant, type Instant } from "../base/instant.ts";
import { uniqueSorted } from "../base/text_rules.ts";
import type { Delegation, SkillProvenance } from "../intent/intent.ts";
import type { Digester } from "../ports/digest.ts";
import { eventId, traceId } from "./trace_ids.ts";
import {
  type DelegationRef,
  type SkillRef,
  TRACE_SCHEMA_ID,
  TRACE_SCHEMA_VERSION,
  type UnsignedTrace,
} from "./trace_record.ts";

/** What a trace tells. Empty strings and lists, 0 and `undefined` are left out of the record. */
export interface TraceFacts {
  /** `created_at` of the normalised intent, UTC. */
  readonly createdAt: string;
  /** Wall clock at emission. */
  readonly observedAt: Instant;
  /** Version of the program that decides, e.g. `1.4.0`. */
  readonly producerVersion: string;
  /** 24 hex digits that callers join records by. */
  readonly correlationId?: string;
  /** Tool name of the normalised intent, lower-case. */
  readonly toolName: string;
  /** `args_digest` of the intent, 64 hex digits. */
  readonly argsDigest: string;
  /** `intent_digest` of the intent, 64 hex digits. */
  readonly intentDigest: string;
  /** Digest of the normalised policy, 64 hex digits. */
  readonly policyDigest: string;
  /** Final verdict, after approvals, credentials and simulation. */
  readonly verdict: string;
  /** In any order; a simulated run brings its marker. */
  readonly violations?: readonly string[];
  /** Time for evaluating the policy, ms. */
  readonly latencyMs?: number;
  /** Ids of the tokens that granted the call, joined by `,`. */
  readonly approvalTokenRef?: string;
  /** Present when the intent carries a delegation. */
  readonly delegation?: DelegationFacts;
  /** Present when a skill made the call. */
  readonly skillProvenance?: SkillProvenance;
}

/** Delegation of the intent, and what became of it. */
export interface DelegationFacts {
  /** The delegation of the normalised intent. */
  readonly delegation: Delegation;
  /** Ids of tokens that verified. */
  readonly grantedTokenIds: readonly string[];
  /** Digest of the chain, "" when there is none (spec 02 §3). */
  readonly chainDigest: string;
  /** All reason codes of the decision. */
  readonly reasonCodes: readonly string[];
}

/** A member, or nothing when its value is empty. */
function optional<Name extends string, Value>(name: Name, value: Value): { [K in Name]?: Value } {
  const empty = value === undefined || value === "" || value === 0 ||
    (Array.isArray(value) && value.length === 0);
  return (empty ? {} : { [name]: value }) as { [K in Name]?: Value };
}

/** Reference to the delegation that a call was made under (spec 02 §13.1). */
function delegationRef(facts: DelegationFacts): DelegationRef {
  const { delegation } = facts;
  const granted = uniqueSorted(facts.grantedTokenIds).join(",");
  const reasons = facts.reasonCodes.filter((code) => code.startsWith("delegation_"));
  return {
    ...optional("delegation_token_ref", granted || (delegation.token_refs[0] ?? "")),
    ...optional("requester_identity", delegation.requester_identity),
    ...optional("delegation_depth", delegation.chain.length),
    ...optional("scope_class", delegation.scope_class),
    ...optional("chain_digest", facts.chainDigest),
    ...optional("reason_codes", uniqueSorted(reasons)),
  };
}

/** Reference to the skill that made the call. */
function skillRef(skill: SkillProvenance): SkillRef {
  return {
    skill_name: skill.skill_name,
    ...optional("skill_version", skill.skill_version),
    source: skill.source,
    publisher: skill.publisher,
    ...optional("digest", skill.digest),
    ...optional("signature_key_id", skill.signature_key_id),
  };
}

/**
 * Builds the record of a decision, members in file order, ids derived from its content.
 *
 * @param facts What was decided about what, and when.
 * @param digester Computes SHA-256.
 */
export async function buildTrace(facts: TraceFacts, digester: Digester): Promise<UnsignedTrace> {
  const trace_id = await traceId({
    policy_digest: facts.policyDigest,
    intent_digest: facts.intentDigest,
    verdict: facts.verdict,
  }, digester);
  const observed_at = formatInstant(facts.observedAt);
  return {
    schema_id: TRACE_SCHEMA_ID,
    schema_version: TRACE_SCHEMA_VERSION,
    created_at: facts.createdAt,
    observed_at,
    producer_version: facts.producerVersion,
    trace_id,
    event_id: await eventId({ trace_id, observed_at }, digester),
    ...optional("correlation_id", facts.correlationId ?? ""),
    tool_name: facts.toolName,
    args_digest: facts.argsDigest,
    intent_digest: facts.intentDigest,
    policy_digest: facts.policyDigest,
    verdict: facts.verdict,
    ...optional("violations", uniqueSorted(facts.violations ?? [])),
    ...optional("latency_ms", facts.latencyMs ?? 0),
    ...optional("approval_token_ref", facts.approvalTokenRef ?? ""),
    ...(facts.delegation && { delegation_ref: delegationRef(facts.delegation) }),
    ...(facts.skillProvenance && { skill_provenance: skillRef(facts.skillProvenance) }),
  };
}
