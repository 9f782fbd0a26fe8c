/**
 * A thread that writes evidence, over a worker.
 *
 * @module
 */

import type { EvidenceThread } from "../core/ports/evidence_thread.ts";

/**
 * Starts the thread.
 *
 * @param module Its code.
 */
export function startEvidenceThread(module: URL): EvidenceThread {
  const worker = new Worker(module, { type: "module", name: "gait-evidence" });
  return {
    send: (message) => worker.postMessage(message),
    listen(hear, failed) {
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = (event) => {
        event.preventDefault();
        failed(event.message);
      };
    },
    close: () => worker.terminate(),
  };
}
