/**
 * Services under Node: `main.ts` loads this when a command asks for a service.
 *
 * @module
 */

import type { RunningService, ServiceConfig } from "../../core/ports/service.ts";
import { startService } from "../../core/service/start_service.ts";
import { GaitError } from "../../core/base/errors.ts";
import { httpClient } from "../http_client.ts";
import { nodeHttp } from "../node_http.ts";
import { nodeDirectories } from "./directories.ts";
import { nodeFreeHandles } from "./handles.ts";
import { nodePorts } from "./ports.ts";
import { nodeSegments } from "./segments.ts";
import { nodeSignals } from "./signals.ts";
import { nodeWatches } from "./watch.ts";

/**
 * Starts a service over the real world. There is no second layer of permissions under Node.
 *
 * @throws GaitError for every reason not to start
 */
export async function serve(config: ServiceConfig, version: string): Promise<RunningService> {
  if (config.isolation !== "" && config.isolation !== "none") {
    throw new GaitError("dependency_missing", "Cannot isolate a service: Node narrows no worker");
  }
  return await startService({ ...config, traceSync: "file" }, {
    ...await nodePorts(version),
    http: nodeHttp,
    httpClient,
    segments: nodeSegments,
    freeHandles: nodeFreeHandles,
    signals: nodeSignals,
    watches: nodeWatches,
    directories: nodeDirectories,
  });
}
