/**
 * What a service needs of the world.
 *
 * @module
 */

import type { Directories } from "./directories.ts";
import type { EvidenceThread } from "./evidence_thread.ts";
import type { HttpClient } from "./http_client.ts";
import type { HttpServers } from "./http.ts";
import type { Ports } from "./ports.ts";
import type { Segments } from "./segments.ts";
import type { Signals } from "./signals.ts";
import type { Watches } from "./watch.ts";

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
    /** Counts how many files can still be opened, up to `wanted`; without it, enough are taken to be. */
    readonly freeHandles?: (path: string, wanted: number) => number;
    /** Starts a thread that writes evidence; without it the service writes its own. */
    readonly evidenceThread?: () => EvidenceThread;
  };
