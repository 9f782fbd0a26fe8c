/**
 * What the audit records of approvals and delegations have in common.
 *
 * @module
 */

import { compareCodePoints } from "../base/text_rules.ts";

/** What ties an audit record to its trace. */
export interface AuditHead {
  /** Time of the gate result, UTC RFC 3339. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
  readonly tool_name: string;
  readonly intent_digest: string;
  readonly policy_digest: string;
}

/** A member that is left out when empty. */
export function unlessEmpty<Name extends string>(
  name: Name,
  value: string,
): { readonly [key in Name]?: string } {
  return value === "" ? {} : { [name]: value } as { readonly [key in Name]: string };
}

/** Compares two lists of texts member by member. */
export function compareTexts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareCodePoints(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
