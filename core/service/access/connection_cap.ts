/**
 * How many connections the service keeps open: each one is an open file, and where the system allows few of
 * them, evidence needs its share. A process without a free one can neither accept nor write.
 *
 * @module
 */

import { LIMITS } from "../../base/limits.ts";
import type { ServiceWarning } from "../../ports/service.ts";

/** A bound, and what to say about it. */
export interface ConnectionCap {
  readonly connections: number;
  readonly warnings: readonly ServiceWarning[];
}

/**
 * Computes it.
 *
 * @param countFree Counts the files that can still be opened, up to a number; absent where nobody knows.
 */
export function connectionCap(countFree?: (wanted: number) => number): ConnectionCap {
  const { serviceConnections: most, serviceOpenFiles: files } = LIMITS;
  const free = countFree?.(most + files) ?? most + files;
  const connections = Math.max(1, Math.min(most, free - Math.min(files, Math.ceil(free / 2))));
  if (connections === most) return { connections, warnings: [] };
  const message = `the limit of open files leaves room for ${connections} connections; ` +
    `allow 2048 open files for ${most}`;
  return { connections, warnings: [{ code: "few_open_files", message, severity: "warning" }] };
}
