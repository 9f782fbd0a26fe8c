/**
 * The lists of a rule's `match`, as data: the reader, the digest, the formatter and the linter all walk
 * this table (spec 02 §4.4, §5, §15.3).
 *
 * @module
 */

import type { RuleMatch } from "./policy.ts";

/** Keys of `match` that hold a list of texts. */
export type MatchListKey = {
  [K in keyof RuleMatch]: RuleMatch[K] extends readonly string[] ? K : never;
}[keyof RuleMatch];

/** One list of `match`. */
export interface MatchList {
  /** Key in the policy text. */
  readonly key: MatchListKey;
  /** Whether values are lower-cased. */
  readonly fold: boolean;
  /** Name in the digest. */
  readonly digestName: string;
  /** Whether the digest names it even when it is empty. */
  readonly always: boolean;
}

function list(key: MatchListKey, digestName: string, traits: string): MatchList {
  return { key, digestName, fold: traits.includes("fold"), always: traits.includes("always") };
}

/** Lists that the formatter writes before `require_delegation`. */
export const MATCH_LISTS_BEFORE: readonly MatchList[] = [
  list("tool_names", "ToolNames", "fold always"),
  list("risk_classes", "RiskClasses", "fold always"),
  list("target_kinds", "TargetKinds", "fold always"),
  list("target_values", "TargetValues", "always"),
  list("endpoint_classes", "EndpointClasses", "fold"),
  list("skill_publishers", "SkillPublishers", "fold"),
  list("skill_sources", "SkillSources", "fold"),
  list("data_classes", "DataClasses", "fold"),
  list("destination_kinds", "DestinationKinds", "fold"),
  list("destination_values", "DestinationValues", ""),
  list("destination_operations", "DestinationOps", "fold"),
  list("provenance_sources", "ProvenanceSources", "fold always"),
  list("identities", "Identities", "always"),
  list("workspace_prefixes", "WorkspacePrefixes", "always"),
];

/** Lists that the formatter writes behind `require_delegation`. */
export const MATCH_LISTS_BEHIND: readonly MatchList[] = [
  list("allowed_delegator_identities", "AllowedDelegatorIdentities", ""),
  list("allowed_delegate_identities", "AllowedDelegateIdentities", ""),
  list("delegation_scopes", "DelegationScopes", "fold"),
];

/** All lists of `match`. */
export const MATCH_LISTS: readonly MatchList[] = [...MATCH_LISTS_BEFORE, ...MATCH_LISTS_BEHIND];
