/**
 * The HTTP server port over Node: its requests and answers become the web's.
 *
 * @module
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { GaitError } from "../../core/base/errors.ts";
import type {
  HttpHandler,
  HttpListenOptions,
  HttpServer,
  HttpServers,
} from "../../core/ports/http.ts";
import { isNotPermitted, systemCode } from "./errors.ts";

/** The failure to bind. */
function bindError(error: unknown, { hostname, port }: HttpListenOptions): GaitError {
  const missing = isNotPermitted(error);
  const code = missing ? "permission_missing" : "address_unavailable";
  const reason = systemCode(error) === "EADDRINUSE"
    ? "the address is in use"
    : missing
    ? "the runtime permission is missing"
    : "the address cannot be used";
  return new GaitError(code, `Cannot listen on ${hostname}:${port}: ${reason}`, { cause: error });
}

/** Text of a peer's address. */
function peerOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress === undefined
    ? "local"
    : `${socket.remoteAddress}:${socket.remotePort ?? 0}`;
}

/** The request as the web has it. @throws TypeError for what the web has no request for */
function requestOf(incoming: IncomingMessage, isTls: boolean): Request {
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? "", raw[i + 1] ?? "");
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const target = incoming.url ?? "/";
  const authority = `${isTls ? "https" : "http"}://${headers.get("host") ?? "localhost"}`;
  // A target in absolute form names an authority of its own; the path is all that is taken from it.
  const url = target.startsWith("/") ? `${authority}${target}` : rebased(target, authority);
  return new Request(url, {
    method,
    headers,
    ...(hasBody && {
      body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>,
      duplex: "half",
    }),
  });
}

/** A target in absolute form below another authority. */
function rebased(target: string, authority: string): string {
  const { pathname, search } = new URL(target);
  return `${authority}${pathname}${search}`;
}

/** Sends one piece and waits while the peer is slow. */
function send(out: ServerResponse, data: Uint8Array): Promise<void> {
  if (out.destroyed) return Promise.reject(new Error("the peer went away"));
  if (out.write(data)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    function settle(): void {
      out.off("drain", settle).off("close", settle);
      if (out.destroyed) reject(new Error("the peer went away"));
      else resolve();
    }
    out.once("drain", settle).once("close", settle);
  });
}

/** Sends an answer; a peer that went away ends the reading of its body. */
async function answer(response: Response, out: ServerResponse): Promise<void> {
  out.writeHead(response.status, [...response.headers].flat());
  if (response.body === null) return void out.end();
  const reader = response.body.getReader();
  const gone = (): void => void reader.cancel().catch(() => {});
  out.once("close", gone);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      await send(out, value);
    }
    out.end();
  } catch {
    out.destroy();
  } finally {
    out.off("close", gone);
  }
}

/** Serves one request. */
async function serveOne(
  exchange: { readonly incoming: IncomingMessage; readonly out: ServerResponse },
  handler: HttpHandler,
  state: { readonly isTls: boolean; readonly isStopping: boolean },
): Promise<void> {
  const { incoming, out } = exchange;
  let request: Request;
  try {
    request = requestOf(incoming, state.isTls);
  } catch {
    out.writeHead(400, { connection: "close" });
    return void out.end();
  }
  let response: Response;
  try {
    response = await handler(request, { peer: peerOf(incoming) });
  } catch {
    // The handler never throws; whatever happens nevertheless must not look like an answer.
    response = new Response(null, { status: 500 });
  }
  if (state.isStopping) out.setHeader("connection", "close");
  await answer(response, out);
}

/** Makes the server; TLS is loaded only when it is asked for. */
async function createServer(tls: HttpListenOptions["tls"]): Promise<Server> {
  if (tls === undefined) return (await import("node:http")).createServer();
  return (await import("node:https")).createServer({ ...tls });
}

/** Binds a server. */
function bind(server: Server, options: HttpListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => reject(bindError(error, options));
    server.once("error", refuse);
    server.listen({ host: options.hostname || "0.0.0.0", port: options.port }, () => {
      server.off("error", refuse);
      resolve();
    });
  });
}

/** Binds and serves. */
async function listen(options: HttpListenOptions, handler: HttpHandler): Promise<HttpServer> {
  const state = { isTls: options.tls !== undefined, isStopping: false };
  let server: Server;
  try {
    server = await createServer(options.tls);
  } catch (error) {
    throw bindError(error, options);
  }
  server.on("request", (incoming, out) => void serveOne({ incoming, out }, handler, state));
  await bind(server, options);
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address : undefined;
  return {
    hostname: bound?.address ?? options.hostname,
    port: bound?.port ?? options.port,
    shutdown() {
      state.isStopping = true;
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** HTTP servers of the host. */
export const nodeHttp: HttpServers = { listen };
