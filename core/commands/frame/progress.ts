/**
 * Progress of long work, on the standard error of a terminal only.
 *
 * @module
 */

import type { Ports } from "../../ports/ports.ts";

/** Shortest time between two updates, ms. */
const INTERVAL_MS = 100;

/**
 * Makes a progress reporter.
 *
 * @param label What is being done.
 * @returns A function that takes the number of steps done and their total.
 */
export function progressReporter(
  label: string,
  ports: Pick<Ports, "terminal" | "clock">,
): (done: number, total: number) => void {
  const { terminal, clock } = ports;
  let shownAt = -INTERVAL_MS;
  return (done, total) => {
    if (!terminal.errIsTerminal) return;
    const now = clock.monotonic();
    const finished = done >= total;
    if (!finished && now - shownAt < INTERVAL_MS) return;
    shownAt = now;
    const percent = total === 0 ? 100 : Math.floor(100 * done / total);
    terminal.err(`\r${label}: ${done}/${total} (${percent}%)${finished ? "\r\u001b[K" : ""}`);
  };
}
