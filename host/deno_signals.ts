/**
 * Signals over Deno.
 *
 * @module
 */

import type { SignalName, Signals } from "../core/ports/signals.ts";

/** Signals that the platform has. */
function isSupported(signal: SignalName): boolean {
  return Deno.build.os !== "windows" || signal === "SIGINT";
}

/** Signals of the host. */
export const denoSignals: Signals = {
  on(signal, react) {
    if (!isSupported(signal)) return () => {};
    Deno.addSignalListener(signal, react);
    return () => Deno.removeSignalListener(signal, react);
  },
};
