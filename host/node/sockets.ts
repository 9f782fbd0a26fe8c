/**
 * Unix sockets over Node.
 *
 * @module
 */

import type { Socket } from "node:net";
import type { Bytes } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { ExchangeLimits, SocketConnection, Sockets } from "../../core/ports/sockets.ts";
import { isNotPermitted } from "./errors.ts";

const LINE_END = 0x0a;

/** A failure of the exchange with the peer at `path`. */
function failed(path: string, reason: string, cause?: unknown): GaitError {
  return new GaitError("signer_failed", `Cannot talk to ${path}: ${reason}`, {
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Opens the connection, with one clear error when that is not possible. */
async function connect(path: string): Promise<Socket> {
  // Loaded here: most commands talk to nobody, and the module costs start-up time.
  const { createConnection } = await import("node:net");
  return await new Promise((resolve, reject) => {
    function refuse(cause: unknown): void {
      const missing = isNotPermitted(cause);
      const code = missing ? "permission_missing" : "dependency_missing";
      const reason = missing ? "the runtime permission is missing" : "nothing listens there";
      reject(
        new GaitError(code, `Cannot connect to ${path}: ${reason}`, { cause, details: { path } }),
      );
    }
    try {
      const socket = createConnection({ path });
      socket.once("error", refuse);
      socket.once("connect", () => {
        socket.off("error", refuse);
        // Between two exchanges nobody listens; a broken connection shows at the next one.
        socket.on("error", () => {});
        resolve(socket);
      });
    } catch (error) {
      refuse(error);
    }
  });
}

/** Exchanges one line within the limits; what follows the line end is not looked at. */
function exchange(
  peer: { readonly socket: Socket; readonly path: string },
  line: Uint8Array,
  limits: ExchangeLimits,
): Promise<Bytes> {
  const { socket, path } = peer;
  return new Promise((resolve, reject) => {
    const out = new Uint8Array(limits.maxBytes + 1);
    let length = 0;
    function settle(finish: () => void): void {
      clearTimeout(timer);
      socket.off("data", take).off("close", broken).off("error", broken);
      finish();
    }
    const timer = setTimeout(() => {
      settle(() => reject(failed(path, `no answer within ${limits.timeoutMs} ms`)));
      socket.destroy();
    }, limits.timeoutMs);
    function broken(cause?: unknown): void {
      const reason = cause instanceof Error
        ? "the connection broke"
        : "it closed the connection before a line end";
      settle(() => reject(failed(path, reason, cause instanceof Error ? cause : undefined)));
    }
    function take(data: Uint8Array): void {
      const part = data.subarray(0, out.length - length);
      out.set(part, length);
      const end = part.indexOf(LINE_END);
      if (end >= 0) return settle(() => resolve(out.subarray(0, length + end)));
      length += part.length;
      if (length < out.length) return;
      settle(() => reject(failed(path, `it answers more than ${limits.maxBytes} bytes`)));
    }
    socket.on("data", take).on("close", broken).on("error", broken);
    if (socket.destroyed) return broken();
    socket.write(line);
  });
}

/** Local sockets of this system; where there are none, connecting fails with a clear error. */
export const nodeSockets: Sockets = {
  async connectUnix(path: string): Promise<SocketConnection> {
    const socket = await connect(path);
    return {
      close: () => void socket.destroy(),
      request: (line, limits) => exchange({ socket, path }, line, limits),
    };
  },
};
