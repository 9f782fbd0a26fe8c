/**
 * The conditions of a rule's `match` block, in the order in which they are tried (spec 02 §4.4), and the
 * dimension of the intent that each one looks at.
 *
 * @module
 */

import type { RuleMatch } from "../policy/policy.ts";

/** Dimensions of an intent that conditions compare with. */
export const DIMENSIONS = [
  "tool",
  "risk",
  "identity",
  "workspace",
  "kind",
  "value",
  "class",
  "operation",
  "sensitivity",
  "provenance",
  "publisher",
  "skill_source",
  "delegator",
  "delegate",
  "scope",
  "delegation",
] as const;
/** A dimension. */
export type Dimension = typeof DIMENSIONS[number];

/** Keys of a match block that hold a list. */
export type ListKey = {
  [K in keyof RuleMatch]: RuleMatch[K] extends readonly string[] ? K : never;
}[keyof RuleMatch];

/** Conditions that hold a list, in the order in which they are tried. */
export const LIST_SLOTS: readonly { readonly key: ListKey; readonly dimension: Dimension }[] = [
  { key: "tool_names", dimension: "tool" },
  { key: "risk_classes", dimension: "risk" },
  { key: "identities", dimension: "identity" },
  { key: "workspace_prefixes", dimension: "workspace" },
  { key: "target_kinds", dimension: "kind" },
  { key: "destination_kinds", dimension: "kind" },
  { key: "target_values", dimension: "value" },
  { key: "destination_values", dimension: "value" },
  { key: "destination_operations", dimension: "operation" },
  { key: "endpoint_classes", dimension: "class" },
  { key: "data_classes", dimension: "sensitivity" },
  { key: "provenance_sources", dimension: "provenance" },
  { key: "skill_publishers", dimension: "publisher" },
  { key: "skill_sources", dimension: "skill_source" },
  { key: "allowed_delegator_identities", dimension: "delegator" },
  { key: "allowed_delegate_identities", dimension: "delegate" },
  { key: "delegation_scopes", dimension: "scope" },
];

/** Slot of "a delegation is present", which `require_delegation` and `max_delegation_depth` ask for. */
export const DELEGATION_SLOT = LIST_SLOTS.length;
/** Number of slots. */
export const SLOT_COUNT = LIST_SLOTS.length + 1;

/** Conditions whose outcome may depend on how a path is spelled or a class is declared (G1, G2). */
export const SPELLED_KEYS: readonly ListKey[] = [
  "workspace_prefixes",
  "target_values",
  "destination_values",
  "endpoint_classes",
];
