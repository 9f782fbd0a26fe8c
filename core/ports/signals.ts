/** Signals of the operating system as a port. */

/** Signals that programs react to. */
export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

/** Signals. */
export interface Signals {
  /** Calls `react` on each signal; returns how to stop that. Unsupported signals never come. */
  on(signal: SignalName, react: () => void): () => void;
}
