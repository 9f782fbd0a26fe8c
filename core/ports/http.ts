/**
 * An HTTP server as a port. A request and its answer are plain data: the platform's `Request` and `Response`
 * cost as much as a decision, and clean what a security check must see. Tests need no socket.
 */

import type { Bytes } from "../base/bytes.ts";

/** Headers of a request; the platform's `Headers` are some. */
export interface HttpHeaders {
  /**
   * Value of a header, without surrounding space; one that came several times is joined by `, `.
   *
   * @param name In lower case.
   */
  get(name: string): string | null;
}

/** A request whose body was not read yet. */
export interface HttpRequest {
  readonly method: string;
  /** Request target as it was sent: a cleaned path hides what a proxy in front may have seen differently. */
  readonly target: string;
  readonly headers: HttpHeaders;
  /** Address of the peer, for the log. */
  readonly peer: string;
  /**
   * Reads the whole body, once.
   *
   * @returns `undefined` as soon as it is longer than `maxBytes`.
   * @throws Error when the peer goes away
   */
  read(maxBytes: number): Promise<Bytes | undefined>;
}

/** An answer; its length is set by the server. */
export interface HttpReply {
  readonly status: number;
  /** Values by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers one request; never throws. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpReply>;

/** How to listen. */
export interface HttpListenOptions {
  /** Host without brackets; "" means every address. */
  readonly hostname: string;
  readonly port: number;
  /** Connections at the same time; further ones are closed. */
  readonly connections: number;
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
   * Binds and serves; resolves when bound. The server bounds what a peer can do before there is a request,
   * and the time until the last byte of a body.
   *
   * @throws GaitError `address_unavailable`, `permission_missing`
   */
  listen(options: HttpListenOptions, handler: HttpHandler): Promise<HttpServer>;
}
