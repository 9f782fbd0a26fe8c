/**
 * Opens the directory of traces: recovers what a crash left behind, then groups what is to come.
 *
 * @module
 */

import type { Files } from "../ports/files.ts";
import { GroupedFiles } from "../wal/grouped_files.ts";
import { recoverSegments } from "../wal/recover_segments.ts";
import type { ServiceLog } from "./access_log.ts";
import type { ServicePorts } from "./service_ports.ts";

/** Shortest time between two rounds of settling, ms. */
const MAINTAIN_MS = 5_000;

/** The directory of traces while the service runs. */
export interface OpenedTraces {
  /** File system through which evidence is written and removed. */
  readonly files: Files;
  /** Segments on disk. */
  segments(): number;
  /** Settles what is old enough, beside the request; called after decisions. */
  maintain(): void;
  /** Settles everything. */
  close(): Promise<void>;
}

/** Recovers, and tells what was found. */
async function recover(directory: string, log: ServiceLog, ports: ServicePorts): Promise<void> {
  const found = await recoverSegments(directory, { dryRun: false }, ports);
  const { segments, restored, present, held, damaged } = found;
  if (segments.length + held.length + damaged.length === 0) return;
  log.event("recovered", {
    segments: segments.length,
    restored: restored.length,
    present,
    held: held.length,
    damaged: damaged.length,
  });
}

/**
 * Opens it.
 *
 * @param sync How traces become durable.
 * @throws GaitError what listing and writing throw
 */
export async function openTraces(
  directory: string,
  sync: "group" | "file",
  context: { readonly log: ServiceLog; readonly ports: ServicePorts },
): Promise<OpenedTraces> {
  const { log, ports } = context;
  await recover(directory, log, ports);
  if (sync === "file") {
    const nothing = () => {};
    return { files: ports.files, segments: () => 0, maintain: nothing, close: async () => {} };
  }
  const grouped = new GroupedFiles(directory, ports);
  let notBefore = 0;
  return {
    files: grouped.view(),
    segments: () => grouped.segments,
    maintain() {
      const now = ports.clock.monotonic();
      if (now < notBefore) return;
      notBefore = now + MAINTAIN_MS;
      void grouped.maintain().catch(() => log.event("failure", { error_code: "io_failure" }));
    },
    close: () => grouped.close(),
  };
}
