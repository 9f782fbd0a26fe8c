/**
 * The outcome of an enforced decision as JSON, text and exit code (spec 02 §14.4, §14.5; divergence C2).
 *
 * @module
 */

import { EXIT } from "../../base/error_map.ts";
import { onOneLine } from "../../base/printable.ts";
import { evidenceMembers } from "../../enforce/evidence_members.ts";
import type { EnforceOutcome, EnforceRequest } from "../../enforce/request.ts";
import type { Verdict } from "../../policy/policy.ts";
import type { ExitMode } from "../flags/gate_setup.ts";
import type { CommandContext, CommandResult } from "../frame/command.ts";

/** Members of the JSON output; empty ones are dropped by the frame. */
export function outcomeJson(
  outcome: EnforceOutcome,
  request: EnforceRequest,
): CommandResult["json"] {
  const { simulation } = outcome;
  return {
    ok: true,
    profile: request.profile,
    verdict: outcome.verdict,
    reason_codes: outcome.reason_codes,
    violations: outcome.violations,
    matched_rule: outcome.decision.rule?.name,
    trace_id: outcome.trace.trace_id,
    event_id: outcome.trace.event_id,
    observed_at: outcome.trace.observed_at,
    trace_path: outcome.tracePath,
    policy_digest: request.policy.digest,
    intent_digest: outcome.intentDigest,
    raw_call_digest: request.intent.rawCallDigest,
    ...evidenceMembers(outcome),
    simulate_mode: request.simulate,
    ...simulation && {
      would_have_blocked: simulation.would_have_blocked,
      simulated_verdict: simulation.simulated_verdict,
      simulated_reason_codes: simulation.simulated_reason_codes,
    },
  };
}

/** A line, unless its value is empty; names and paths come from outside and stay on it. */
function line(label: string, value: string): string[] {
  return value === "" ? [] : [`${label}: ${onOneLine(value)}`];
}

/** Lines for people, headed by the name of the command. */
export function outcomeText(outcome: EnforceOutcome, command: string): string[] {
  const { approval, delegation, credential, simulation } = outcome;
  return [
    `${command}: verdict=${outcome.verdict}`,
    ...line("rule", outcome.decision.rule?.name ?? "(default verdict)"),
    ...line("trace", outcome.tracePath),
    ...(simulation === undefined ? [] : [
      `simulate: would_have_blocked=${simulation.would_have_blocked} ` +
      `simulated_verdict=${simulation.simulated_verdict}`,
    ]),
    ...line("reasons", outcome.reason_codes.join(",")),
    ...line("violations", outcome.violations.join(",")),
    ...line("approvals", approval.required > 0 ? `${approval.valid}/${approval.required}` : ""),
    ...line("approval audit", approval.auditPath),
    ...line("delegations", delegation.required ? String(delegation.valid) : ""),
    ...line("delegation audit", delegation.auditPath),
    ...(credential === undefined
      ? []
      : line("credential", `${credential.issued.credential_ref} (${credential.issued.issuer})`)),
    ...line("credential evidence", credential?.evidencePath ?? ""),
  ];
}

/** Colour of the first line. */
export function outcomeTone(outcome: EnforceOutcome): "good" | "bad" | "attention" {
  if (outcome.simulation !== undefined) return "attention";
  if (outcome.verdict === "allow") return "good";
  return outcome.verdict === "block" ? "bad" : "attention";
}

const STRICT: Readonly<Record<Verdict, number>> = {
  allow: EXIT.ok,
  dry_run: EXIT.blocked,
  block: EXIT.blocked,
  require_approval: EXIT.approval,
};

/**
 * Exit code: only a real allow exits 0 in strict mode; in compatible mode `dry_run` and simulations exit 0
 * as the reference does, with a warning.
 */
export function exitOf(outcome: EnforceOutcome, mode: ExitMode, context: CommandContext): number {
  const strict = outcome.simulation === undefined ? STRICT[outcome.verdict] : EXIT.blocked;
  const lenient = outcome.simulation !== undefined || outcome.verdict === "dry_run";
  if (mode === "strict" || !lenient) return strict;
  context.warn({
    code: "exit_zero_without_allow",
    message: "exit 0 does not mean allow here; --exit-mode strict makes it so",
    severity: "warning",
  });
  return EXIT.ok;
}
