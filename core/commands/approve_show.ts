/**
 * `gait approve --show`: what you see is what you sign.
 *
 * @module
 */

import { renderApprovalRequest } from "../approval/render.ts";
import { GaitError } from "../base/errors.ts";
import { loadIntent } from "../enforce/loaded_intent.ts";
import { loadPolicy } from "../enforce/loaded_policy.ts";
import { decide } from "../gate/decide.ts";
import { intentDigests } from "../intent/digests.ts";
import type { CommandContext, CommandResult } from "./frame/command.ts";

/** Shows the call, its targets and digests, and the rule that asks. */
export async function showApproval(context: CommandContext): Promise<CommandResult> {
  const { args, ports } = context;
  const [intentPath, policyPath] = [args.text("intent"), args.text("policy")];
  if (intentPath === "" || policyPath === "") {
    throw new GaitError("usage", "--show needs --intent and --policy", {
      hint: "digests alone do not show what would be approved",
    });
  }
  const policy = await loadPolicy(policyPath, ports);
  const { intent, rawCallDigest } = await loadIntent(intentPath, ports);
  const decision = decide(policy.compiled, intent);
  const digests = await intentDigests(intent, ports.digester);
  const lines = renderApprovalRequest({
    intent,
    intent_digest: digests.intent_digest,
    policy_digest: policy.digest,
    raw_call_digest: rawCallDigest,
    ...(digests.delegation_binding_digest && {
      delegation_binding_digest: digests.delegation_binding_digest,
    }),
    rule: decision.rule,
    verdict: decision.verdict,
    reason_codes: decision.reason_codes,
    min_approvals: decision.min_approvals,
  });
  return {
    exit: 0,
    json: {
      ok: true,
      verdict: decision.verdict,
      matched_rule: decision.rule?.name,
      intent_digest: digests.intent_digest,
      policy_digest: policy.digest,
      raw_call_digest: rawCallDigest,
      delegation_binding_digest: digests.delegation_binding_digest,
      min_approvals: decision.min_approvals,
      lines,
    },
    text: lines,
  };
}
