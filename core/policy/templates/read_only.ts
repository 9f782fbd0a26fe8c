import { secretPathItems } from "./_secret_paths.ts";

/** Text of the template `read-only`. */
export const TEXT =
  `# read-only: for agents that explore, review or answer questions, and change nothing.
#
# Replace /workspace with the absolute path of the project. Tools must send absolute paths as targets: a
# relative path is in no allowlist. Valid under the oss-prod profile.
schema_id: gait.gate.policy
schema_version: 1.0.0

# What happens to a call that no rule matches.
default_verdict: block

# A call of high risk that does not say what it touches is blocked before any rule is asked.
fail_closed:
  enabled: true
  risk_classes: [high, critical]
  required_fields: [targets]

# The first rule that matches decides. Lower priority numbers come first.
rules:
# A call may touch several targets, and one is enough to match. Hence whatever is no reading comes first.
- name: block-everything-but-reading
  priority: 10
  effect: block
  match:
    endpoint_classes: [fs.write, fs.delete, proc.exec, net.http, net.dns, ui.click, ui.type, ui.navigate, other]
  reason_codes: [read_only_policy]
  violations: [operation_not_read_only]

# Files of the project, except those that hold secrets.
- name: allow-workspace-reads
  priority: 20
  effect: allow
  match:
    endpoint_classes: [fs.read]
  endpoint:
    path_allowlist: [/workspace, /workspace/**]
    # Lists of secrets reach six folders deep, because a star does not cross a slash.
    path_denylist:
${secretPathItems("/workspace", 4)}    action: block
    destructive_action: block
  reason_codes: [workspace_read_allowed]
`;
