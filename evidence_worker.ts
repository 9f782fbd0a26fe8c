/**
 * The thread that writes a service's evidence: files are created and synced here while requests are decided
 * elsewhere.
 *
 * @module
 */

import type { EvidenceThread } from "./core/ports/evidence_thread.ts";
import { serveEvidence } from "./core/evidence/serve_evidence.ts";
import { WorkInHand } from "./core/evidence/work_in_hand.ts";
import { Patience } from "./host/patience.ts";
import { denoAppendsOf } from "./host/deno_append.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { denoSegmentsOf } from "./host/deno_segments.ts";
import { evidenceOverPort } from "./host/evidence_thread.ts";
import { VERSION } from "./version.ts";

/** The scope of a dedicated worker, as far as it is used here. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listen: (event: MessageEvent<unknown>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const inHand = new WorkInHand();
const patience = new Patience(() => inHand.isOneBatch);
const ports = {
  ...denoPorts(VERSION),
  appends: denoAppendsOf(patience),
  segments: denoSegmentsOf(patience),
};

/** Serves whoever is at the other end. */
function serve(service: Pick<EvidenceThread, "send" | "listen">): void {
  serveEvidence(service, ports, inHand);
}

serve({
  send: (message) => scope.postMessage(message),
  listen(hear) {
    scope.addEventListener("message", ({ data }) => {
      // Beside an isolated service, which is no parent of this thread, the first message is the way to it.
      if (data instanceof MessagePort) serve(evidenceOverPort(data));
      else hear(data);
    });
  },
});
