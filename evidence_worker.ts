/**
 * The thread that writes a service's evidence: files are created and synced here while requests are decided
 * elsewhere.
 *
 * @module
 */

import type { EvidenceThread } from "./core/ports/evidence_thread.ts";
import { serveEvidence } from "./core/evidence/serve_evidence.ts";
import { denoBusyAppends } from "./host/deno_append.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { denoSegments } from "./host/deno_segments.ts";
import { VERSION } from "./version.ts";

/** The scope of a dedicated worker, as far as it is used here. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listen: (event: MessageEvent<unknown>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const service: Pick<EvidenceThread, "send" | "listen"> = {
  send: (message) => scope.postMessage(message),
  listen: (hear) => scope.addEventListener("message", ({ data }) => hear(data)),
};
serveEvidence(service, {
  ...denoPorts(VERSION),
  appends: denoBusyAppends,
  segments: denoSegments,
});
