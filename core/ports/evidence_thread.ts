/** A thread of its own that writes evidence, as a port. Only plain data crosses. */

/** The way to the thread, and back. */
export interface EvidenceThread {
  send(message: unknown): void;
  /** Hears what the other side says; `failed` when it broke down. Called once. */
  listen(hear: (message: unknown) => void, failed: (reason: string) => void): void;
  /** Ends it; nothing is heard any more. */
  close(): void;
}
