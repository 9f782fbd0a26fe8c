/** Text of the template `baseline-lowrisk` (spec 02 §16). */
export const TEXT =
  `# baseline-lowrisk: for trying things out, and for agents whose tools can do little harm.
#
# Calls are allowed unless a rule says otherwise. Before production, move to baseline-mediumrisk: the
# oss-prod profile refuses calls that default_verdict: allow would decide.
schema_id: gait.gate.policy
schema_version: 1.0.0

# What happens to a call that no rule matches.
default_verdict: allow

# Off: calls of any risk class are evaluated with whatever facts they bring.
fail_closed:
  enabled: false

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

# Writing needs one person who agrees.
- name: require-approval-tool-write
  priority: 20
  effect: require_approval
  match:
    tool_names: [tool.write]
  min_approvals: 1
  reason_codes: [approval_required_for_write]
  violations: [approval_required]

# Reading is fine. The default would allow it, too; the rule gives it a reason of its own in traces.
- name: allow-safe-tool-read
  priority: 30
  effect: allow
  match:
    tool_names: [tool.read]
  reason_codes: [safe_read_allowed]
`;
