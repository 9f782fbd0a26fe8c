/** Text of the template `baseline-highrisk` (spec 02 §16). */
export const TEXT =
  `# baseline-highrisk: for agents that can reach production, money or customers' data.
#
# What no rule matches is blocked. Valid under the oss-prod profile, given a credential broker and
# approver keys that are bound to identities.
schema_id: gait.gate.policy
schema_version: 1.0.0

# What happens to a call that no rule matches.
default_verdict: block

# A critical call that does not say what it touches, or where its arguments come from, is blocked before
# any rule is asked.
fail_closed:
  enabled: true
  risk_classes: [critical]
  required_fields: [targets, arg_provenance]

# The first rule that matches decides. Lower priority numbers come first.
rules:
# Deleting is never right for this agent.
- name: block-destructive-tool-delete
  priority: 10
  effect: block
  match:
    tool_names: [tool.delete]
  reason_codes: [destructive_tool_blocked]
  violations: [destructive_operation]

# Data that came from outside, or from another tool, must not leave by a write.
- name: block-tainted-egress-write
  priority: 12
  effect: block
  match:
    tool_names: [tool.write]
    target_kinds: [host, url, bucket]
    provenance_sources: [external, tool_output]
  reason_codes: [blocked_tainted_egress]
  violations: [tainted_data_exfiltration]

# A specialist may write to the outside on behalf of the lead: the delegation token is verified, and the
# credential comes from the broker.
- name: allow-delegated-egress-write
  priority: 15
  effect: allow
  match:
    tool_names: [tool.write]
    risk_classes: [high, critical]
    target_kinds: [host, url, bucket]
    require_delegation: true
    allowed_delegator_identities: [agent.lead]
    allowed_delegate_identities: [agent.specialist]
    delegation_scopes: [write]
    max_delegation_depth: 2
  require_broker_credential: true
  broker_reference: highrisk-egress
  broker_scopes: [write]
  reason_codes: [delegated_egress_write_allowed]

# Every other write to the outside.
- name: block-undelegated-egress-write
  priority: 16
  effect: block
  match:
    tool_names: [tool.write]
    target_kinds: [host, url, bucket]
  reason_codes: [delegation_required_for_egress_write]
  violations: [missing_or_invalid_delegation]

# Writes that stay inside need two different people and a credential from the broker.
- name: require-approval-tool-write
  priority: 20
  effect: require_approval
  match:
    tool_names: [tool.write]
  min_approvals: 2
  require_distinct_approvers: true
  require_broker_credential: true
  broker_reference: highrisk-egress
  broker_scopes: [write]
  reason_codes: [approval_required_for_write]
  violations: [approval_required]

# Reading is fine at low risk.
- name: allow-safe-tool-read
  priority: 30
  effect: allow
  match:
    tool_names: [tool.read]
    risk_classes: [low]
  reason_codes: [safe_read_allowed]
`;
