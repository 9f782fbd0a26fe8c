/**
 * Signals over Node.
 *
 * @module
 */

import process from "node:process";
import type { Signals } from "../../core/ports/signals.ts";

/** Signals of the host. */
export const nodeSignals: Signals = {
  on(signal, react) {
    process.on(signal, react);
    return () => void process.off(signal, react);
  },
};
