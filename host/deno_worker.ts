/**
 * Workers with narrowed permissions over Deno; needs the runtime flag `--unstable-worker-options`.
 *
 * @module
 */

/** Permissions of a worker: values of each kind; kinds that are not named are refused. */
export interface WorkerPermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[];
  readonly env: readonly string[];
}

/** A worker that speaks plain data. */
export interface SpawnedWorker<Sent, Heard> {
  send(message: Sent): void;
  listen(hear: (message: Heard) => void, failed: (reason: string) => void): void;
  terminate(): void;
}

/** What is to be started, and all that it may do. */
export interface WorkerStart {
  /** Its code. */
  readonly module: URL;
  readonly needs: WorkerPermissions;
}

/** What a service hears of its evidence thread, besides what the parent's core tells it. */
export type EvidenceNews =
  /** The way to it. */
  | { readonly kind: "evidence"; readonly port: MessagePort }
  | { readonly kind: "evidence_failed"; readonly reason: string };

/** Starts a worker. */
function spawn(name: string, { module, needs }: WorkerStart): Worker {
  const options = {
    type: "module",
    name,
    deno: {
      permissions: {
        read: [...needs.read],
        write: [...needs.write],
        net: needs.net.length === 0 ? false : [...needs.net],
        env: [...needs.env],
        run: false,
        sys: false,
        ffi: false,
        import: false,
      },
    },
  } as const;
  // The runtime knows the member `deno`, the platform's type does not.
  return new Worker(module, options as WorkerOptions);
}

/** Hears of a breakdown. */
function onFailure(worker: Worker, failed: (reason: string) => void): void {
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message);
  };
}

/** Starts the evidence thread beside a service, and connects the two: neither may start the other. */
function spawnEvidence(start: WorkerStart, service: Worker): Worker {
  const worker = spawn("gait-evidence", start);
  const tell = (news: EvidenceNews, moved: MessagePort[]) => service.postMessage(news, moved);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(port1, [port1]);
  tell({ kind: "evidence", port: port2 }, [port2]);
  onFailure(worker, (reason) => tell({ kind: "evidence_failed", reason }, []));
  return worker;
}

/**
 * Starts a service.
 *
 * @param evidence The thread that writes its evidence; absent when it writes by itself.
 */
export function spawnServiceWorker<Sent, Heard>(
  service: WorkerStart,
  evidence?: WorkerStart,
): SpawnedWorker<Sent, Heard> {
  const worker = spawn("gait-service", service);
  const writer = evidence && spawnEvidence(evidence, worker);
  return {
    send: (message) => worker.postMessage(message),
    listen(hear, failed) {
      worker.onmessage = ({ data }: MessageEvent<Heard>) => hear(data);
      onFailure(worker, failed);
    },
    terminate() {
      worker.terminate();
      writer?.terminate();
    },
  };
}
