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

/**
 * Starts a worker.
 *
 * @param module Its code.
 * @param needs All that it may do.
 */
export function spawnServiceWorker<Sent, Heard>(
  module: URL,
  needs: WorkerPermissions,
): SpawnedWorker<Sent, Heard> {
  const options = {
    type: "module",
    name: "gait-service",
    deno: {
      permissions: {
        read: [...needs.read],
        write: [...needs.write],
        net: [...needs.net],
        env: [...needs.env],
        run: false,
        sys: false,
        ffi: false,
        import: false,
      },
    },
  } as const;
  // The runtime knows the member `deno`, the platform's type does not.
  const worker = new Worker(module, options as WorkerOptions);
  return {
    send: (message) => worker.postMessage(message),
    listen(hear, failed) {
      worker.onmessage = ({ data }: MessageEvent<Heard>) => hear(data);
      worker.onerror = (event) => {
        event.preventDefault();
        failed(event.message);
      };
    },
    terminate: () => worker.terminate(),
  };
}
