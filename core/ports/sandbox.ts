/** The runtime's own permission layer as a port. It only queries and drops; it never prompts. */

/** One permission that a command needs. */
export interface PermissionNeed {
  /** Kind of permission. */
  readonly kind: "read" | "write" | "env" | "run" | "net" | "sys";
  /** Paths, names or addresses; `undefined` means the kind as a whole. */
  readonly values?: readonly string[];
  /** What it is needed for. */
  readonly why: string;
}

/** The permission layer. */
export interface Sandbox {
  /** Whether the layer exists at all (it does not under Node). */
  readonly enforced: boolean;
  /** State of a permission as it stands. */
  query(need: PermissionNeed): Promise<"granted" | "denied" | "unknown">;
  /** Gives up a whole kind for the rest of the process. */
  drop(kind: PermissionNeed["kind"]): Promise<void>;
}
