/**
 * Signals over Node.
 *
 * @module
 */

import type { Signals } from "../../core/ports/signals.ts";
import { process } from "./_process.ts";

/** Signals of the host. */
export const nodeSignals: Signals = {
  on(signal, react) {
    process.on(signal, react);
    return () => void process.off(signal, react);
  },
};
