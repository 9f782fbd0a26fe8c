/**
 * The HTTP server port over the runtime's `node:http`. It is chosen over `Deno.serve` because it bounds what
 * a peer can do before there is a request: time for headers and for the whole request, size of headers, idle
 * connections and their number. Loaded by long-lived processes only.
 *
 * @module
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type Bytes, concatBytes } from "../core/base/bytes.ts";
import { deferred } from "../core/base/deferred.ts";
import { GaitError } from "../core/base/errors.ts";
import { LIMITS } from "../core/base/limits.ts";
import type {
  HttpHandler,
  HttpHeaders,
  HttpListenOptions,
  HttpReply,
  HttpRequest,
  HttpServer,
  HttpServers,
} from "../core/ports/http.ts";
import { type OwnAddress, watchAccepting } from "./_accept_watch.ts";
import { Answers, Outbox } from "./_http_answers.ts";
import { builtinModule } from "./builtin_module.ts";
import { flagHint } from "./flag_hint.ts";
import { checkTls } from "./check_tls.ts";

/** How often connections are checked against their time limits, ms. */
const CHECK_MS = 500;

/** Limits of the server, in the library's names. */
const SERVER_OPTIONS = {
  headersTimeout: LIMITS.serviceHeaderMs,
  requestTimeout: LIMITS.serviceBodyMs,
  keepAliveTimeout: LIMITS.serviceIdleMs,
  maxHeaderSize: LIMITS.serviceHeaderBytes,
  connectionsCheckingInterval: CHECK_MS,
  // A request without Host is answered by our own rule.
  requireHostHeader: false,
};

/** The failure to bind. */
function bindError(error: unknown, { hostname, port }: HttpListenOptions): GaitError {
  // By name: this file also runs where the class is unknown.
  const missing = error instanceof Error &&
    (error.name === "NotCapable" || ("code" in error && error.code === "ERR_ACCESS_DENIED"));
  const inUse = /EADDRINUSE|AddrInUse|in use/i.test(String(error));
  const reason = missing
    ? "the runtime permission is missing"
    : inUse
    ? "the address is in use"
    : "the address cannot be used";
  return new GaitError(
    missing ? "permission_missing" : "address_unavailable",
    `Cannot listen on ${hostname}:${port}: ${reason}`,
    { cause: error },
  );
}

/**
 * Whether a header is the one of that lower-case name (RFC 9110 §5.1). Letter by letter: making lower-case texts
 * of all names costs more than everything else that is done with headers.
 */
function isNamed(raw: string, name: string): boolean {
  if (raw.length !== name.length) return false;
  for (let at = 0; at < name.length; at++) {
    const unit = raw.charCodeAt(at);
    const isUpper = unit >= 0x41 && unit <= 0x5a;
    if ((isUpper ? unit + 0x20 : unit) !== name.charCodeAt(at)) return false;
  }
  return true;
}

/** Headers of a request. The library drops some repeated ones; a rule must see them all. */
function headersOf({ rawHeaders }: IncomingMessage): HttpHeaders {
  return {
    get(name) {
      let found: string | null = null;
      for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
        if (!isNamed(rawHeaders[at] ?? "", name)) continue;
        const value = rawHeaders[at + 1] ?? "";
        found = found === null ? value : `${found}, ${value}`;
      }
      return found;
    },
  };
}

/** What there is of a body that has come to its end, as small ones mostly have when they are asked for. */
function takeArrived(incoming: IncomingMessage): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  if (!incoming.complete || incoming.destroyed) return pieces;
  // Not all in one: some runtimes hand out a chunk at a time.
  while (incoming.readableLength > 0) {
    const piece: Uint8Array | null = incoming.read();
    if (piece === null) break;
    pieces.push(piece);
  }
  return pieces;
}

/** Reads a body. What is too long is thrown away as it comes. */
function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Bytes | undefined> {
  const pieces = takeArrived(incoming);
  let length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = () => length <= maxBytes ? concatBytes(pieces) : undefined;
  // The common case: listening for what is there already would cost more than reading it.
  if (incoming.complete && !incoming.destroyed && incoming.readableLength === 0) {
    return Promise.resolve(whole());
  }
  const { promise, resolve, reject } = deferred<Bytes | undefined>();
  // Then nothing more would be told.
  if (incoming.destroyed) reject(new Error("the peer went away"));
  incoming.on("data", (chunk: Uint8Array) => {
    length += chunk.length;
    if (length <= maxBytes) pieces.push(chunk);
    else {
      pieces.length = 0;
      resolve(undefined);
    }
  });
  incoming.on("end", () => resolve(whole()));
  incoming.on("error", reject);
  incoming.on("close", () => reject(new Error("the peer went away")));
  return promise;
}

/** A request as the port has it. */
function requestOf(incoming: IncomingMessage): HttpRequest {
  const { remoteAddress = "", remotePort = 0 } = incoming.socket;
  return {
    method: incoming.method ?? "GET",
    target: incoming.url ?? "/",
    headers: headersOf(incoming),
    peer: `${remoteAddress}:${remotePort}`,
    read: (maxBytes) => readBody(incoming, maxBytes),
  };
}

/** How an answer is measured; asking the runtime for it each time costs as much as measuring. */
type ByteLength = (text: string) => number;

/** Writes an answer. */
function send(
  { status, headers, body }: HttpReply,
  outgoing: ServerResponse,
  byteLength: ByteLength,
): void {
  const length = byteLength(body);
  outgoing.writeHead(status, { ...headers, "content-length": length });
  // As a text it leaves in one piece with the headers.
  outgoing.end(body);
}

/** Says that there is no answer; a failure must not look like one. */
function fail(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(500, { connection: "close" }).end();
}

/** Answers one request. */
async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  work: {
    readonly handler: HttpHandler;
    readonly outbox: Outbox;
    readonly byteLength: ByteLength;
  },
): Promise<void> {
  const { handler, outbox, byteLength } = work;
  try {
    const reply = await handler(requestOf(incoming));
    outbox.put(() => {
      try {
        send(reply, outgoing, byteLength);
      } catch {
        fail(outgoing);
      }
    });
  } catch {
    fail(outgoing);
  }
}

/** Makes the server, with TLS or without. */
function createServer(
  options: HttpListenOptions,
  handler: HttpHandler,
  answers: Answers,
): Server {
  const { Buffer } = builtinModule("node:buffer");
  const byteLength = (text: string) => Buffer.byteLength(text);
  const work = { handler, outbox: new Outbox(), byteLength };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (answers.track(incoming, outgoing)) void answer(incoming, outgoing, work);
  };
  if (options.tls === undefined) {
    return builtinModule("node:http").createServer(SERVER_OPTIONS, listener);
  }
  checkTls(options.tls);
  // The time for headers begins when there is a channel for them.
  const tls = { ...options.tls, handshakeTimeout: LIMITS.serviceHeaderMs };
  return builtinModule("node:https").createServer({ ...SERVER_OPTIONS, ...tls }, listener);
}

/** The part of the runtime's permissions that listening needs; Node has none of it. */
interface NetPermissions {
  readonly permissions?: {
    querySync(need: { readonly name: "net"; readonly host: string }): { readonly state: string };
  };
}

/**
 * Refuses an address that the permissions do not cover. Asked beforehand, because the library throws where
 * nobody can catch it.
 */
function checkPermitted(options: HttpListenOptions): void {
  const { permissions } = (globalThis as { readonly Deno?: NetPermissions }).Deno ?? {};
  const name = options.hostname === "" ? "0.0.0.0" : options.hostname;
  const host = `${name.includes(":") ? `[${name}]` : name}:${options.port}`;
  if (permissions === undefined) return;
  if (permissions.querySync({ name: "net", host }).state === "granted") return;
  throw new GaitError("permission_missing", `Cannot listen on ${host}: not permitted`, {
    hint: flagHint(`--allow-net=${host}`),
  });
}

/** Whether this runtime may stop accepting, and we may connect to ourselves to find that out. */
function isWatchable({ hostname, port }: Pick<OwnAddress, "hostname" | "port">): boolean {
  const { permissions } = (globalThis as { readonly Deno?: NetPermissions }).Deno ?? {};
  const host = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  return hostname !== "" && permissions?.querySync({ name: "net", host }).state === "granted";
}

/** What waits is accepted in one go, and takes files until that is closed of it which is too much. */
function backlogOf({ connections }: HttpListenOptions): number {
  return Math.max(16, Math.floor(connections / 4));
}

/** Binds; resolves with the real port. */
function bind(server: Server, options: HttpListenOptions): Promise<number> {
  const { hostname, port } = options;
  const backlog = backlogOf(options);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, backlog, ...(hostname === "" ? {} : { host: hostname }) }, () => {
      server.removeListener("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** HTTP servers of the host. */
export const nodeHttp: HttpServers = {
  async listen(options, handler): Promise<HttpServer> {
    checkPermitted(options);
    const answers = new Answers();
    const server = createServer(options, handler, answers);
    // A peer that has sent everything may say so, and still gets its answers; the last one ends the connection.
    Object.assign(server, { httpAllowHalfOpen: true });
    server.maxConnections = options.connections;
    let port: number;
    try {
      port = await bind(server, options);
    } catch (error) {
      throw bindError(error, options);
    }
    const own = { hostname: options.hostname, port, backlog: backlogOf(options) };
    const unwatch = isWatchable(own) ? watchAccepting(server, own) : () => {};
    const { setInterval, clearInterval } = builtinModule("node:timers");
    // Not until the server's event `close`: one that listens anew has that, too.
    const sweeping = setInterval(() => answers.sweep(), LIMITS.serviceBodyMs).unref();
    function close(): void {
      unwatch();
      clearInterval(sweeping);
      server.closeAllConnections();
    }
    return {
      hostname: options.hostname,
      port,
      async shutdown() {
        unwatch();
        server.close();
        server.closeIdleConnections();
        await answers.finished();
        close();
      },
      close,
    };
  },
};
