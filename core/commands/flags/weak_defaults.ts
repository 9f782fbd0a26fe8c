/**
 * Warnings about weak setups, each with a stable code (divergence C11).
 *
 * @module
 */

import { printableList } from "../../base/printable.ts";
import type { EnforceOutcome, EnforceRequest } from "../../enforce/request.ts";
import type { CommandContext, Warning } from "../frame/command.ts";

/** What is weak about the setup, in a fixed order. */
function weaknesses(request: EnforceRequest): Warning[] {
  const { intent: { intent }, policy } = request;
  const out: Warning[] = [];
  const add = (code: string, message: string, severity: Warning["severity"]) =>
    void out.push({ code, message, severity });
  if (intent.unknownContextKeys.length > 0) {
    const keys = printableList(intent.unknownContextKeys);
    add(
      "unknown_context_keys",
      `the intent's context has keys that no rule knows: ${keys}`,
      "notice",
    );
  }
  if (policy.parsed.policy.default_verdict === "allow") {
    add("default_verdict_allow", "the policy allows every call that no rule matches", "warning");
  }
  if (request.simulate) {
    add(
      "simulate_non_enforcing",
      "--simulate decides without enforcing; exit 0 is no allow",
      "critical",
    );
  }
  return out;
}

/** Reports what is weak about the setup. */
export function warnWeakDefaults(
  request: EnforceRequest,
  context: CommandContext,
): void {
  for (const warning of weaknesses(request)) context.warn(warning);
}

/** Reports a setup that cannot approve what the decision asks to be approved. */
export function warnMissingApprovalKey(
  outcome: EnforceOutcome,
  request: EnforceRequest,
  context: CommandContext,
): void {
  if (outcome.approval.required === 0 || request.approval.keys !== undefined) return;
  context.warn({
    code: "approval_key_missing",
    message: "no approval key is configured: only tokens signed with the gate's own key count",
    severity: "warning",
  });
}
