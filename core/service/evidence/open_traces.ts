/**
 * Opens the directory of traces: recovers what a crash left behind, then groups what is to come.
 *
 * @module
 */

import { RemoteEvidence } from "../../evidence/remote_evidence.ts";
import type { AppendEvent } from "../../journal/append_events.ts";
import type { Files } from "../../ports/files.ts";
import type { DirectoryGroup } from "../../wal/directory_group.ts";
import { type GroupedFiles, groupedView } from "../../wal/grouped_view.ts";
import { LocalGroup } from "../../wal/local_group.ts";
import { recoverSegments } from "../../wal/recover_segments.ts";
import type { ServiceLog } from "../observe/access_log.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";

/** Time between two rounds of settling, ms. */
const SETTLE_MS = 5_000;

/** The directory of traces while the service runs. */
export interface OpenedTraces {
  /** File system through which evidence is written and removed. */
  readonly files: Files;
  /** Segments on disk. */
  segments(): number;
  /** Whether evidence can be written; without it nothing is decided. */
  working(): boolean;
  /** Settles everything. */
  close(): Promise<void>;
  /** Makes appenders to journals where evidence is written by a thread of its own. */
  readonly appender?: (journal: string) => AppendEvent;
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

/** A group whose segments are settled now and then for as long as there are any, whether or not anybody asks. */
class Settler implements GroupedFiles {
  readonly #group: DirectoryGroup;
  readonly #context: OpenContext;
  readonly #stopped = new AbortController();
  #running = false;

  constructor(group: DirectoryGroup, context: OpenContext) {
    this.#group = group;
    this.#context = context;
  }

  /** See {@linkcode DirectoryGroup.create}; what failed must be settled as well, before the next try can work. */
  create(name: string, text: string): Promise<void> {
    return this.#group.create(name, text).finally(() => this.#start());
  }

  /** See {@linkcode DirectoryGroup.remove}. */
  remove(name: string): Promise<void> {
    return this.#group.remove(name).finally(() => this.#start());
  }

  /** Goes on until nothing is left. */
  #start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run().finally(() => this.#running = false);
  }

  /** Settles everything. */
  async close(): Promise<void> {
    this.#stopped.abort("over");
    await this.#group.close();
  }

  async #run(): Promise<void> {
    const { log, ports: { clock } } = this.#context;
    const { signal } = this.#stopped;
    do {
      await clock.sleep(SETTLE_MS, signal).catch(() => {});
      if (signal.aborted) return;
      await this.#group.maintain().catch(() => log.event("failure", { error_code: "io_failure" }));
    } while (this.#group.segments > 0);
  }
}

/** What opening needs. */
interface OpenContext {
  readonly log: ServiceLog;
  readonly ports: ServicePorts;
}

/** A directory whose traces are synced one by one: nothing is left to settle. */
function ungrouped(files: Files): OpenedTraces {
  return {
    files,
    segments: () => 0,
    working: () => true,
    close: () => Promise.resolve(),
  };
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
  context: OpenContext,
): Promise<OpenedTraces> {
  const { log, ports } = context;
  await recover(directory, log, ports);
  if (sync === "file") return ungrouped(ports.files);
  const thread = ports.evidenceThread?.();
  const remote = thread && new RemoteEvidence(directory, thread);
  // A thread that does not work is a reason not to start.
  await remote?.maintain();
  const group = remote ?? new LocalGroup(directory, ports);
  const settler = new Settler(group, context);
  return {
    files: groupedView(directory, settler, ports.files),
    segments: () => group.segments,
    working: () => remote?.working ?? true,
    close: () => settler.close(),
    ...(remote && { appender: (journal: string) => remote.appender(journal) }),
  };
}
