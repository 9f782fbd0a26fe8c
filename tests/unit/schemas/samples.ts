/**
 * Documents with every member, for schemas of which recorded ones show too little.
 *
 * @module
 */

import type { Sample } from "./corpus.ts";

/** Documents with everything in them, for kinds that the golden data lacks. */
export const EXTRA: readonly Sample[] = [
  {
    schema: "gate/gate_result",
    origin: "extra",
    value: {
      schema_id: "gait.gate.result",
      schema_version: "1.0.0",
      created_at: "2026-02-06T00:00:00Z",
      producer_version: "0.0.0-dev",
      verdict: "block",
      reason_codes: ["default_block"],
      violations: [],
    },
  },
  {
    schema: "gate/rate_limit_lock",
    origin: "extra",
    value: {
      schema_id: "gait.gate.rate_limit_lock",
      schema_version: "1.0.0",
      pid: 17,
      created_at: "2026-02-06T00:00:00Z",
      host: "h",
    },
  },
  {
    schema: "config/project_config",
    origin: "extra",
    value: {
      gate: { policy: "p.yaml", profile: null },
      mcp_serve: { enabled: true, max_request_bytes: 1048576, listen: "127.0.0.1:8787" },
      retention: { trace_ttl: "168h" },
    },
  },
  {
    schema: "cli/error_envelope",
    origin: "extra",
    value: {
      ok: false,
      error: "e",
      error_code: "usage",
      error_category: "invalid_input",
      retryable: false,
      hint: "h",
      invocation_id: "i",
      warnings: ["w"],
      warning_details: [{ code: "c", message: "w", severity: "notice", extra: 1 }],
      place: { source: "p.yaml", line: 3, column: 1, path: "rules[0]" },
      verdict: "block",
      reason_codes: ["usage"],
    },
  },
];

const DIGEST = "0971ba34664f2e61f5a015634cd8e11999867b43db5a050ce12554b05887328b";

/** Documents that the reference does not have. */
export const OURS: readonly Sample[] = [
  {
    schema: "gate/approver_keyring",
    origin: "extra",
    value: {
      schema_id: "gait.gate.approver_keyring",
      schema_version: "1.0.0",
      approvers: [{
        identity: "alice",
        public_keys: ["A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="],
      }],
    },
  },
  {
    schema: "gate/approval_store",
    origin: "extra",
    value: {
      schema_id: "gait.gate.approval_store",
      schema_version: "1.0.0",
      created_at: "2026-02-06T00:00:00Z",
      accepts_from: "2026-02-06T00:00:00.5Z",
      pruned_until: "2026-02-06T00:00:00Z",
      spent: [{
        signed_digest: DIGEST,
        token_id: "533aa2c6010747e6775194c3",
        expires_at: "2026-02-06T01:00:00Z",
        consumed_at: "2026-02-06T00:00:00Z",
      }],
    },
  },
  {
    schema: "service/auth_tokens",
    origin: "extra",
    value: {
      schema_id: "gait.service.auth_tokens",
      schema_version: "1.0.0",
      tokens: [{ sha256: DIGEST, identity: "build-agent", workspace: "/srv/build" }],
    },
  },
  {
    schema: "service/policy_change",
    origin: "extra",
    value: {
      schema_id: "gait.service.policy_change",
      schema_version: "1.0.0",
      created_at: "2026-02-06T00:00:00Z",
      producer_version: "0.0.0-dev",
      policy_path: "gait.policy.yaml",
      trigger: "watch",
      outcome: "refused",
      old_policy_digest: DIGEST,
      new_policy_digest: DIGEST,
      error_code: "digest_mismatch",
    },
  },
  {
    schema: "sign/detached_signature",
    origin: "extra",
    value: {
      schema_id: "gait.detached_signature",
      schema_version: "1.0.0",
      producer_version: "0.0.0-dev",
      subject: "approval_audit.json",
      subject_sha256: DIGEST,
      signature: {
        alg: "ed25519",
        key_id: "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c",
        sig:
          "XyoJ2uS3eW5UsTkNTMtFuUZbc16JrAhJndreR2kZU48I+4OR5YLB70yd6d84BRQrTtMuQFfEe3g9QO/6/oNgDQ==",
        signed_digest: DIGEST,
      },
    },
  },
  {
    schema: "doctor/doctor_result",
    origin: "extra",
    value: {
      ok: false,
      schema_id: "gait.doctor.result",
      schema_version: "1.0.0",
      created_at: "2026-02-06T00:00:00Z",
      producer_version: "0.0.0-dev",
      status: "fail",
      non_fixable: true,
      summary: "doctor: status=fail failed=1 warned=0 non_fixable=true",
      fix_commands: ["mkdir -p 'gait-out'"],
      checks: [{
        name: "output_dir",
        status: "fail",
        message: "output path is not a directory",
        fix_command: "mkdir -p 'gait-out'",
        hint: "h",
        details: ["d"],
        non_fixable: true,
        severity: "critical",
      }],
    },
  },
  {
    schema: "doctor/adoption_report",
    origin: "extra",
    value: {
      schema_id: "gait.doctor.adoption_report",
      schema_version: "1.0.0",
      created_at: "2026-02-06T00:00:00Z",
      producer_version: "0.0.0-dev",
      source: "events.jsonl",
      total_events: 2,
      success_events: 1,
      failed_events: 1,
      first_event_at: "2026-02-06T00:00:00Z",
      last_event_at: "2026-02-06T00:00:01Z",
      commands: [{ command: "demo", total: 2, success: 1, failure: 1 }],
      milestones: [{ name: "A1", achieved: true }],
      activation_timing_ms: { A1: 10 },
      activation_medians_ms: { m1_demo_elapsed_ms: 10 },
      skill_workflows: [{
        workflow: "gait-capture-runpack",
        total: 2,
        success: 1,
        failure: 1,
        success_rate: 0.5,
        median_runtime_ms: 7,
        most_common_failure_code: 2,
      }],
      activation_complete: false,
      blockers: ["missing A2: run `gait verify <run_id>`"],
    },
  },
];
