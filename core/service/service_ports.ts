/**
 * What a service needs of the world.
 *
 * @module
 */

import type { Directories } from "../ports/directories.ts";
import type { EvidenceThread } from "../ports/evidence_thread.ts";
import type { HttpClient } from "../ports/http_client.ts";
import type { HttpServers } from "../ports/http.ts";
import type { Ports } from "../ports/ports.ts";
import type { Segments } from "../ports/segments.ts";
import type { Signals } from "../ports/signals.ts";
import type { Watches } from "../ports/watch.ts";

/** Ports of a service. */
export type ServicePorts =
  & Omit<Ports, "sandbox" | "segments" | "services">
  & {
    readonly http: HttpServers;
    readonly httpClient: HttpClient;
    readonly signals: Signals;
    readonly watches: Watches;
    readonly directories: Directories;
    readonly segments: Segments;
    /** Starts a thread that writes evidence; without it the service writes its own. */
    readonly evidenceThread?: () => EvidenceThread;
  };
