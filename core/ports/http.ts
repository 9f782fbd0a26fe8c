/** An HTTP server as a port. Handlers are pure `Request` → `Response`; tests need no socket. */

import type { Bytes } from "../base/bytes.ts";

/** The body of a request, read once. */
export interface RequestBody {
  /**
   * Reads all of it.
   *
   * @returns `undefined` as soon as it is longer than `maxBytes`.
   * @throws Error when the peer goes away
   */
  read(maxBytes: number): Promise<Bytes | undefined>;
}

/** What is known about a request besides the request itself. */
export interface RequestInfo {
  /** Address of the peer, for the log. */
  readonly peer: string;
  /**
   * Request target as it was sent, when the server knows it: the URL of a `Request` is already cleaned, and a
   * cleaned path hides what a proxy in front may have seen differently.
   */
  readonly target?: string;
  /** The body, when the server hands it over beside the request, which then has none: a stream costs more. */
  readonly body?: RequestBody;
}

/** Answers one request; never throws. */
export type HttpHandler = (request: Request, info: RequestInfo) => Promise<Response>;

/** How to listen. */
export interface HttpListenOptions {
  /** Host without brackets; "" means every address. */
  readonly hostname: string;
  readonly port: number;
  /** Certificate chain and key, PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  readonly hostname: string;
  /** Takes no new connections, lets answers finish, then closes; resolves when all is closed. */
  shutdown(): Promise<void>;
  /** Closes everything at once. */
  close(): void;
}

/** Listening for HTTP requests. */
export interface HttpServers {
  /**
   * Binds and serves; resolves when bound.
   *
   * @throws GaitError `address_unavailable`, `permission_missing`
   */
  listen(options: HttpListenOptions, handler: HttpHandler): Promise<HttpServer>;
}
