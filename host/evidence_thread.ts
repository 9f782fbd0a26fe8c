/**
 * A thread that writes evidence, over a worker or over a port to one.
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

/** The other end of a port; whoever started the thread ends it, and knows when it broke down. */
export function evidenceOverPort(port: MessagePort): EvidenceThread & {
  /** The thread broke down. */
  fail(reason: string): void;
} {
  let reason: string | undefined;
  let failed = (why: string): void => {
    reason = why;
  };
  return {
    send: (message) => port.postMessage(message),
    listen(hear, broken) {
      port.onmessage = ({ data }) => hear(data);
      failed = broken;
      if (reason !== undefined) failed(reason);
    },
    close: () => port.close(),
    fail: (why) => failed(why),
  };
}
