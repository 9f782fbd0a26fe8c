/**
 * The HTTP server port over Deno.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import type {
  HttpHandler,
  HttpListenOptions,
  HttpServer,
  HttpServers,
} from "../core/ports/http.ts";

/** The failure to bind. */
function bindError(error: unknown, { hostname, port }: HttpListenOptions): GaitError {
  const missing = error instanceof Deno.errors.NotCapable;
  const code = missing ? "permission_missing" : "address_unavailable";
  const reason = error instanceof Deno.errors.AddrInUse
    ? "the address is in use"
    : missing
    ? "the runtime permission is missing"
    : "the address cannot be used";
  return new GaitError(code, `Cannot listen on ${hostname}:${port}: ${reason}`, { cause: error });
}

/** Text of a peer's address. */
function peerOf(info: Deno.ServeHandlerInfo): string {
  const { remoteAddr } = info;
  return remoteAddr.transport === "tcp" ? `${remoteAddr.hostname}:${remoteAddr.port}` : "local";
}

/** Binds and serves. */
function serve(options: HttpListenOptions, handler: HttpHandler): HttpServer {
  const abort = new AbortController();
  const server = Deno.serve({
    hostname: options.hostname === "" ? "0.0.0.0" : options.hostname,
    port: options.port,
    signal: abort.signal,
    onListen: () => {},
    // The handler never throws; whatever happens nevertheless must not look like an answer.
    onError: () => new Response(null, { status: 500 }),
    ...options.tls,
  }, (request, info) => handler(request, { peer: peerOf(info) }));
  const { hostname, port } = server.addr as Deno.NetAddr;
  return {
    hostname,
    port,
    shutdown: () => server.shutdown(),
    close: () => abort.abort(),
  };
}

/** HTTP servers of the host. */
export const denoHttp: HttpServers = {
  listen(options, handler) {
    return new Promise((resolve, reject) => {
      try {
        resolve(serve(options, handler));
      } catch (error) {
        reject(bindError(error, options));
      }
    });
  },
};
