/**
 * Weak spots of a key setup. They never stop a command; the caller shows them.
 *
 * @module
 */

/** One weak spot. */
export interface KeyWarning {
  /** Stable code. */
  readonly code: "dev_signing_key" | "key_file_permissions";
  /** Text for people. */
  readonly message: string;
  readonly severity: "notice" | "warning" | "critical";
}
