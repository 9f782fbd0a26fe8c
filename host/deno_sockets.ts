/**
 * Unix sockets over Deno.
 *
 * @module
 */

import type { Bytes } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import { permissionHint } from "./errors.ts";
import type { ExchangeLimits, SocketConnection, Sockets } from "../core/ports/sockets.ts";

const LINE_END = 0x0a;

/** A failure of the exchange with the peer at `path`. */
function failed(path: string, reason: string, cause?: unknown): GaitError {
  return new GaitError("signer_failed", `Cannot talk to ${path}: ${reason}`, {
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Opens the connection, with one clear error when that is not possible. */
async function connect(path: string): Promise<Deno.UnixConn> {
  try {
    return await Deno.connect({ transport: "unix", path });
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotCapable;
    const code = missing ? "permission_missing" : "dependency_missing";
    const reason = missing ? "the runtime permission is missing" : "nothing listens there";
    throw new GaitError(code, `Cannot connect to ${path}: ${reason}`, {
      cause,
      details: { path },
      ...(missing ? { hint: permissionHint(cause) } : {}),
    });
  }
}

/** Writes everything. */
async function writeAll(conn: Deno.Conn, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length;) at += await conn.write(data.subarray(at));
}

/** Reads up to the first line end; what follows it is not looked at. */
async function readLine(conn: Deno.Conn, path: string, maxBytes: number): Promise<Bytes> {
  // One byte more than allowed, so that an answer of exactly the limit and its line end fit.
  const out = new Uint8Array(maxBytes + 1);
  for (let length = 0; length < out.length;) {
    const count = await conn.read(out.subarray(length));
    if (count === null) throw failed(path, "it closed the connection before a line end");
    const end = out.subarray(length, length + count).indexOf(LINE_END);
    if (end >= 0) return out.subarray(0, length + end);
    length += count;
  }
  throw failed(path, `it answers more than ${maxBytes} bytes`);
}

/** Exchanges one line within the limits. */
async function exchange(
  peer: { readonly conn: Deno.Conn; readonly path: string; close(): void },
  line: Uint8Array,
  limits: ExchangeLimits,
): Promise<Bytes> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    peer.close();
  }, limits.timeoutMs);
  try {
    await writeAll(peer.conn, line);
    return await readLine(peer.conn, peer.path, limits.maxBytes);
  } catch (cause) {
    if (late) throw failed(peer.path, `no answer within ${limits.timeoutMs} ms`, cause);
    throw cause instanceof GaitError ? cause : failed(peer.path, "the connection broke", cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Local sockets of this system; where there are none, connecting fails with a clear error. */
export const denoSockets: Sockets = {
  async connectUnix(path: string): Promise<SocketConnection> {
    const conn = await connect(path);
    let open = true;
    function close(): void {
      if (!open) return;
      open = false;
      conn.close();
    }
    return { close, request: (line, limits) => exchange({ conn, path, close }, line, limits) };
  },
};
