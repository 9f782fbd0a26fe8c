/**
 * Warnings about weak setups, each with a stable code (divergence C11).
 *
 * @module
 */

import type { Settings } from "../../config/settings.ts";
import type { EnforceRequest } from "../../enforce/request.ts";
import type { CommandContext, Warning } from "../frame/command.ts";
import type { ExitMode } from "./gate_setup.ts";

/** Whether any rule asks for approvals. */
function asksForApproval(request: EnforceRequest): boolean {
  const { policy } = request.policy.parsed;
  return policy.default_verdict === "require_approval" ||
    policy.rules.some((rule) => rule.effect === "require_approval" || rule.min_approvals > 0);
}

/** What is weak about the setup, in a fixed order. */
function weaknesses(
  request: EnforceRequest,
  setup: { readonly exitMode: ExitMode; readonly settings: Settings },
): Warning[] {
  const { intent: { intent }, policy } = request;
  const out: Warning[] = [];
  const add = (code: string, message: string, severity: Warning["severity"]) =>
    void out.push({ code, message, severity });
  if (intent.unknownContextKeys.length > 0) {
    const keys = intent.unknownContextKeys.join(", ");
    add(
      "unknown_context_keys",
      `the intent's context has keys that no rule knows: ${keys}`,
      "notice",
    );
  }
  if (policy.parsed.policy.default_verdict === "allow") {
    add("default_verdict_allow", "the policy allows every call that no rule matches", "warning");
  }
  const approvalKey = ["public_key", "public_key_env", "private_key", "private_key_env"]
    .some((kind) => setup.settings.text(`gate.approval_${kind}`) !== "");
  const keyring = setup.settings.text("gate.approver_keys") !== "";
  if (asksForApproval(request) && !approvalKey && !keyring) {
    const message =
      "no approval key is configured: only tokens signed with the gate's own key count";
    add("approval_key_missing", message, "warning");
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
  setup: { readonly exitMode: ExitMode; readonly settings: Settings },
  context: CommandContext,
): void {
  for (const warning of weaknesses(request, setup)) context.warn(warning);
}
