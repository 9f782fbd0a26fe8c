/** Local stream sockets as a port, for agents that keep a key in a process of their own. */

import type { Bytes } from "../base/bytes.ts";

/** Bounds of one exchange. */
export interface ExchangeLimits {
  /** Time for writing and reading together, ms. */
  readonly timeoutMs: number;
  /** Most bytes of the answer. */
  readonly maxBytes: number;
}

/** One connection, used for one request at a time. */
export interface SocketConnection {
  /**
   * Writes a request and reads one line.
   *
   * @returns The line without its `\n`.
   * @throws GaitError `signer_failed` when the peer closes early, is too slow or answers too much
   */
  request(line: Uint8Array, limits: ExchangeLimits): Promise<Bytes>;
  /** Closes the connection; may be called twice. */
  close(): void;
}

/** Connecting to local sockets. */
export interface Sockets {
  /** Connects to a Unix socket. @throws GaitError `dependency_missing`, `permission_missing` */
  connectUnix(path: string): Promise<SocketConnection>;
}
