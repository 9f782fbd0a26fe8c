/** The host's ports with another working directory, without changing that of the process. */

import type { Appends } from "../../core/ports/append.ts";
import type { Directories } from "../../core/ports/directories.ts";
import type { Files } from "../../core/ports/files.ts";
import type { Locks } from "../../core/ports/locks.ts";
import type { Ports } from "../../core/ports/ports.ts";
import type { ServicePorts } from "../../core/ports/service_ports.ts";
import { denoDirectories } from "../../host/deno_directories.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { denoSegments } from "../../host/deno_segments.ts";

/** Ports below a root, and what was printed. */
export interface RootedWorld {
  readonly ports: Ports & ServicePorts;
  readonly env: Map<string, string>;
  readonly stdout: string[];
  readonly stderr: string[];
}

/** Makes a world below a directory. */
export function rootedWorld(root: string): RootedWorld {
  const host = denoPorts("0.0.0-dev");
  const at = (path: string) => path.startsWith("/") ? path : `${root}/${path}`;
  const { files, appends, locks } = host;
  const rootedFiles: Files = {
    read: (path, limit) => files.read(at(path), limit),
    chunks: (path) => files.chunks(at(path)),
    create: (path, data, options) => files.create(at(path), data, options),
    replace: (path, data, options) => files.replace(at(path), data, options),
    stat: (path) => files.stat(at(path)),
    list: (path) => files.list(at(path)),
    realPath: (path) => files.realPath(at(path)),
    remove: (path) => files.remove(at(path)),
    workingDirectory: () => root,
  };
  const rootedAppends: Appends = {
    open: (path, how) => appends.open(at(path), how),
    replaceCache: (path, data) => appends.replaceCache(at(path), data),
    output: (path) => appends.output(at(path)),
  };
  const rootedLocks: Locks = {
    withLock: (path, options, work) => locks.withLock(at(path), options, work),
  };
  const directories: Directories = {
    ensure: (path) => denoDirectories.ensure(at(path)),
    rename: (from, to) => denoDirectories.rename(at(from), at(to)),
  };
  const env = new Map<string, string>();
  const stdout: string[] = [];
  const stderr: string[] = [];
  return {
    env,
    stdout,
    stderr,
    ports: {
      ...host,
      files: rootedFiles,
      appends: rootedAppends,
      locks: rootedLocks,
      directories,
      segments: {
        hold: (path) => denoSegments.hold(at(path)),
        createVisible: (path, data) => denoSegments.createVisible(at(path), data),
        create: (path) => denoSegments.create(at(path)),
        settle: (path) => denoSegments.settle(at(path)),
        settleDirectory: (path) => denoSegments.settleDirectory(at(path)),
      },
      env: { get: (name) => env.get(name), names: () => [...env.keys()] },
      terminal: {
        ...host.terminal,
        out: (text) => void stdout.push(text),
        err: (text) => void stderr.push(text),
      },
      sandbox: {
        enforced: false,
        query: () => Promise.resolve("granted"),
        drop: () => Promise.resolve(),
      },
      http: { listen: () => Promise.reject(new Error("no socket in tests")) },
      httpClient: {
        permits: () => true,
        post: () => Promise.resolve({ status: 0, retryAfter: "", body: undefined }),
      },
      signals: { on: () => () => {} },
      watches: { watch: () => () => {} },
    },
  };
}
