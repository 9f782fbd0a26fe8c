/**
 * Error codes of what surrounds the program: files, locks, networks, permissions, and bugs.
 *
 * @module
 */

import type { ErrorCodeEntry } from "./entry.ts";

/** By code. */
export const ENVIRONMENT_CODES = {
  dependency_missing: {
    category: "dependency_missing",
    summary: "A program or runtime feature that the command needs is missing.",
    hint: "install the named dependency",
  },
  permission_missing: {
    category: "dependency_missing",
    summary: "The runtime was started without a permission that the command needs.",
    hint: "run gait permissions <command> to see the exact flags",
  },
  io_failure: {
    category: "io_failure",
    summary: "Reading or writing a file failed.",
    hint: "check disk space and permissions, then retry",
  },
  signer_failed: {
    category: "io_failure",
    summary: "The external signer failed, timed out or answered nonsense.",
    hint: "run the signer command by hand and check its output",
  },
  child_failed: {
    category: "io_failure",
    summary: "The call was allowed, and the program that it ran ended with a failure.",
    hint: "see child_exit_code; the gate itself did not fail",
  },
  state_contention: {
    category: "state_contention",
    summary: "Another process holds the lock of a shared file.",
    hint: "retry; raise the wait limit if it happens often",
  },
  address_unavailable: {
    category: "invalid_input",
    summary: "The service cannot listen at the address: it is in use or not of this machine.",
    hint: "choose another --listen address, or stop the program that uses it",
  },
  service_busy: {
    category: "state_contention",
    summary:
      "The service has as many requests in hand as it takes, or is shutting down; status 503.",
    hint: "retry after a pause",
  },
  policy_unavailable: {
    category: "io_failure",
    summary: "The policy on disk cannot be used any more, so that the service decides nothing.",
    hint: "see the service's log, and mend the policy file",
  },
  evidence_unavailable: {
    category: "io_failure",
    summary: "The thread that writes the service's evidence broke down; status 503.",
    hint: "see the service's log, and start it anew",
  },
  evidence_stalled: {
    category: "io_failure",
    summary: "Writing evidence takes longer than the service waits for it; status 503.",
    hint: "check the disk of --trace-dir and --session-dir; the service goes on once it answers",
  },
  evidence_directory_lost: {
    category: "io_failure",
    summary: "The service's trace directory is gone or was exchanged; status 503.",
    hint: "put the directory back, or start the service anew",
  },
  unsafe_operation: {
    category: "internal_failure",
    summary: "An unsafe replay was asked for without opening every gate.",
    hint: "replay never runs real tools; leave --real-tools out",
  },
  footer_invalid: {
    category: "internal_failure",
    summary: "A ticket footer cannot be made from the run id and digest of a runpack.",
    hint: "record the run again under an id like run_name",
  },
  lock_lost: {
    category: "state_contention",
    summary:
      "Another program took the lock over while this one was suspended; nothing was written.",
    hint: "retry",
  },
  internal_failure: {
    category: "internal_failure",
    summary: "A bug or an unexpected condition inside gait.",
    hint: "retry after checking local environment and logs",
  },
} as const satisfies Record<string, ErrorCodeEntry>;
