import { secretPathItems } from "./_secret_paths.ts";

/** Text of the template `coding-agent`. */
export const TEXT = `# coding-agent: for agents that edit a project, run commands and use git.
#
# Before use:
# - Replace /workspace with the absolute path of the project. Tools must send absolute paths as targets: a
#   relative path is in no allowlist.
# - Replace the example domains with those that the agent needs.
# - Send a shell command as one target of kind "other" whose value is the whole command line and whose
#   operation is "exec".
#
# A call may touch several targets, and one is enough to match. Hence the rules go from the most to the
# least dangerous, and every rule that allows something checks all targets in its endpoint block.
# Valid under the oss-prod profile.
schema_id: gait.gate.policy
schema_version: 1.0.0

# What happens to a call that no rule matches.
default_verdict: require_approval

# A critical call that does not say what it touches is blocked before any rule is asked.
fail_closed:
  enabled: true
  risk_classes: [critical]
  required_fields: [targets]

rules:
# Publishing is for people to decide: each push, merge or release needs a fresh approval.
- name: approve-repository-publishing
  priority: 10
  effect: require_approval
  match:
    target_kinds: [repo]
    destination_operations: [push, force_push, merge, tag, release, publish, delete]
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [publishing_needs_approval]
  violations: [approval_required]

- name: approve-publishing-tools
  priority: 11
  effect: require_approval
  match:
    tool_names:
    - create_pull_request
    - create_release
    - git.push
    - git_push
    - merge_pull_request
    - push_files
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [publishing_needs_approval]
  violations: [approval_required]

# Commands that only look. The whole command line must be equal: "git status; rm -r x" is another one.
- name: allow-read-only-commands
  priority: 20
  effect: allow
  match:
    endpoint_classes: [proc.exec]
    target_values:
    - git branch --show-current
    - git diff
    - git diff --staged
    - git log --oneline
    - git status
    - git status --short
    - ls
    - ls -la
    - pwd
  endpoint:
    path_allowlist: [/workspace, /workspace/**]
    # Secrets. The lists reach six folders deep, because a star does not cross a slash.
    path_denylist: &secrets
${secretPathItems("/workspace", 6)}    # No network beside it.
    domain_denylist: ["*"]
    action: block
  reason_codes: [read_only_command_allowed]

# Every other command.
- name: approve-commands
  priority: 30
  effect: require_approval
  match:
    endpoint_classes: [proc.exec]
  endpoint:
    path_allowlist: [/workspace, /workspace/**]
    path_denylist: *secrets
    action: block
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [command_needs_approval]
  violations: [approval_required]

# The same for shell tools that do not say what they touch.
- name: approve-shell-tools
  priority: 31
  effect: require_approval
  match:
    tool_names: [bash, exec_command, execute_command, local_shell, run_command, run_terminal_cmd, shell, terminal]
  endpoint:
    path_allowlist: [/workspace, /workspace/**]
    path_denylist: *secrets
    action: block
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [command_needs_approval]
  violations: [approval_required]

# Deleting inside the project needs an approval, outside it is blocked.
- name: approve-deletes
  priority: 40
  effect: require_approval
  match:
    endpoint_classes: [fs.delete]
  endpoint:
    path_allowlist: [/workspace/**]
    path_denylist: *secrets
    action: block
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [delete_needs_approval]
  violations: [approval_required]

# Sending something to the network.
- name: approve-network-writes
  priority: 50
  effect: require_approval
  match:
    endpoint_classes: [net.http]
    destination_operations: [delete, patch, post, put, send, upload, write]
  endpoint:
    path_allowlist: [/workspace, /workspace/**]
    path_denylist: *secrets
    domain_allowlist: &domains [api.example.com, docs.example.com, "*.pages.example.com"]
    action: block
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [network_write_needs_approval]
  violations: [approval_required]

# Fetching from known places. An address that came from outside, or from a tool, needs an approval: it may
# carry data away.
- name: allow-network-reads
  priority: 51
  effect: allow
  match:
    endpoint_classes: [net.http]
    destination_operations: [fetch, get, head, read]
  endpoint:
    path_allowlist: [/workspace, /workspace/**]
    path_denylist: *secrets
    domain_allowlist: *domains
    egress_classes: [net.http]
    action: block
    destructive_action: block
  dataflow:
    enabled: true
    tainted_sources: [external, tool_output]
    action: require_approval
  approval: {single_use: true, max_ttl: 30m}
  reason_codes: [network_read_allowed]

# Editing the project. What git and the build server execute stays out of reach.
- name: allow-workspace-writes
  priority: 60
  effect: allow
  match:
    endpoint_classes: [fs.write]
  endpoint: &writing
    path_allowlist: [/workspace/**]
    path_denylist:
    - /workspace/.git/**
    - /workspace/.github/workflows/**
    - /workspace/.gitlab-ci.yml
    - /workspace/.gait/**
${secretPathItems("/workspace", 4)}    domain_denylist: ["*"]
    action: block
    destructive_action: block
  reason_codes: [workspace_write_allowed]

# Editing tools whose name does not tell the class of their targets.
- name: allow-editing-tools
  priority: 61
  effect: allow
  match:
    tool_names: [apply_patch, edit, edit_file, multiedit, notebookedit, str_replace, str_replace_editor]
    target_kinds: [path]
  endpoint: *writing
  reason_codes: [workspace_write_allowed]

# Reading the project.
- name: allow-workspace-reads
  priority: 70
  effect: allow
  match:
    endpoint_classes: [fs.read]
  endpoint: &reading
    path_allowlist: [/workspace, /workspace/**]
    path_denylist: *secrets
    domain_denylist: ["*"]
    action: block
    destructive_action: block
  reason_codes: [workspace_read_allowed]

# Looking tools whose name does not tell the class of their targets.
- name: allow-looking-tools
  priority: 71
  effect: allow
  match:
    tool_names: [codebase_search, find, glob, grep, ls, view]
    target_kinds: [path]
  endpoint: *reading
  reason_codes: [workspace_read_allowed]

# Tools that touch nothing outside the conversation.
- name: allow-planning-tools
  priority: 80
  effect: allow
  match:
    tool_names: [todo_write, todowrite, think, update_plan]
  endpoint:
    path_denylist: ["/**"]
    domain_denylist: ["*"]
    action: block
    destructive_action: block
  reason_codes: [planning_allowed]
`;
