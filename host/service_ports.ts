/**
 * Ports of a long-lived process: hashing and signing in one call each, an HTTP server with limits.
 *
 * @module
 */

import type { Directories } from "../core/ports/directories.ts";
import type { HttpClient } from "../core/ports/http_client.ts";
import type { HttpServers } from "../core/ports/http.ts";
import type { Ports } from "../core/ports/ports.ts";
import type { Segments } from "../core/ports/segments.ts";
import type { Signals } from "../core/ports/signals.ts";
import type { Watches } from "../core/ports/watch.ts";
import { denoBusyAppends } from "./deno_append.ts";
import { denoDirectories } from "./deno_directories.ts";
import { denoFreeHandles } from "./deno_handles.ts";
import { denoPorts } from "./deno_ports.ts";
import { denoSegments } from "./deno_segments.ts";
import { denoSignals } from "./deno_signals.ts";
import { denoWatches } from "./deno_watch.ts";
import { httpClient } from "./http_client.ts";
import { loadNativeCrypto } from "./native_crypto.ts";
import { nodeHttp } from "./node_http.ts";

/** What a service gets. */
export interface LongLivedPorts extends Ports {
  readonly http: HttpServers;
  readonly httpClient: HttpClient;
  readonly signals: Signals;
  readonly watches: Watches;
  readonly directories: Directories;
  readonly segments: Segments;
  readonly freeHandles: (path: string, wanted: number) => number;
}

/**
 * Makes the ports.
 *
 * @param version Version of this build.
 */
export async function servicePorts(version: string): Promise<LongLivedPorts> {
  const { digester, ed25519 } = await loadNativeCrypto();
  return {
    ...denoPorts(version),
    appends: denoBusyAppends,
    digester,
    ed25519,
    http: nodeHttp,
    httpClient,
    signals: denoSignals,
    watches: denoWatches,
    directories: denoDirectories,
    segments: denoSegments,
    freeHandles: denoFreeHandles,
  };
}
