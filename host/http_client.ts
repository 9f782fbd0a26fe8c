/**
 * Outgoing HTTP over the runtime's `node:http`. It is chosen over `fetch` because a peer can hold the whole
 * program up through that: interim answers without end are parsed before anything else gets its turn, and a
 * body in pieces of one byte takes 64 KiB of memory for each. Loaded by long-lived processes only.
 *
 * Each exchange has a connection of its own: what a peer says on one that is kept, nobody waits for.
 *
 * @module
 */

import type { ClientRequest, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Bytes, concatBytes } from "../core/base/bytes.ts";
import { urlAddress } from "../core/base/listen_address.ts";
import type {
  HttpAnswer,
  HttpClient,
  HttpGet,
  HttpPost,
  HttpReader,
} from "../core/ports/http_client.ts";
import { builtinModule } from "./builtin_module.ts";

/** What stands for an answer that did not come. */
const NO_ANSWER: HttpAnswer = { status: 0, retryAfter: "", body: undefined };
/** Header lines of an answer together, bytes. */
const HEADER_BYTES = 16 * 1024;
/** Interim answers in front of an answer. */
const INTERIM_ANSWERS = 8;
/** Pieces in which a body may come: each costs a turn, however small it is. */
const BODY_PARTS = 256;

/** The part of the runtime's permissions that calling needs; Node has none of it. */
interface NetPermissions {
  readonly permissions?: {
    querySync(need: { readonly name: "net"; readonly host: string }): { readonly state: string };
  };
}

/** Whether the permissions cover a host. Asked beforehand: the library throws where nobody can catch it. */
function isPermitted(url: URL): boolean {
  const host = urlAddress(url);
  const { permissions } = (globalThis as { readonly Deno?: NetPermissions }).Deno ?? {};
  return permissions === undefined ||
    permissions.querySync({ name: "net", host }).state === "granted";
}

/** Text of a body; `undefined` when it is not UTF-8. */
function textOf(parts: readonly Uint8Array[]): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(concatBytes(parts));
  } catch {
    return undefined;
  }
}

/** Reads an answer; `done` hears of it once, and may then hear more that means nothing. */
function readAnswer(
  incoming: IncomingMessage,
  limit: number,
  done: (answer: HttpAnswer) => void,
): void {
  const { statusCode: status = 0, headers } = incoming;
  const head = { status, retryAfter: headers["retry-after"] ?? "" };
  const parts: Bytes[] = [];
  let size = 0;
  incoming.on("data", (part: Uint8Array) => {
    size += part.length;
    if (size > limit || parts.length === BODY_PARTS) return done({ ...head, body: undefined });
    // A copy: the piece is a view of a buffer that is much larger.
    parts.push(new Uint8Array(part));
  });
  const isPlain = headers["content-encoding"] === undefined;
  incoming.on("end", () => done({ ...head, body: isPlain ? textOf(parts) : undefined }));
  // What goes wrong from here on does not take the status back.
  incoming.on("error", () => done({ ...head, body: undefined }));
  incoming.on("close", () => done({ ...head, body: undefined }));
}

/** Host of a URL as sockets want it: an IPv6 address without brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Opens the connection of a request. */
function connect(url: URL): Duplex {
  const host = hostOf(url);
  if (url.protocol === "http:") {
    return builtinModule("node:net").connect({ host, port: Number(url.port || 80) });
  }
  // Not through `node:https`: under Deno that wants further permissions, and knows fewer certificates.
  return builtinModule("node:tls").connect({
    host,
    port: Number(url.port || 443),
    ALPNProtocols: ["http/1.1"],
    // An address is no server name (RFC 6066 §3).
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
  });
}

/** A request of either kind. */
interface Outgoing {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  readonly answerBytes: number;
  readonly signal: AbortSignal;
}

/** Begins a request. @throws TypeError for what the library cannot send */
function begin(url: URL, { method, headers }: Outgoing): ClientRequest {
  return builtinModule("node:http").request({
    method,
    hostname: hostOf(url),
    path: `${url.pathname}${url.search}`,
    createConnection: () => connect(url),
    maxHeaderSize: HEADER_BYTES,
    headers: { ...headers, host: url.host, connection: "close" },
  });
}

/** One exchange. Resolves whatever happens, and leaves nothing open. */
function exchange(request: Outgoing, url: URL): Promise<HttpAnswer> {
  const { signal, timeoutMs, answerBytes, body } = request;
  return new Promise((resolve) => {
    const outgoing = begin(url, request);
    let sofar = NO_ANSWER;
    const done = (answer: HttpAnswer) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      outgoing.destroy();
      resolve(answer);
    };
    const giveUp = () => done(sofar);
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener("abort", giveUp, { once: true });
    // Whatever the peer wraps its answer in, there is an end to it.
    let unread = HEADER_BYTES + 2 * answerBytes;
    outgoing.on("socket", (socket) => {
      socket.prependListener("data", (part: Uint8Array) => {
        unread -= part.length;
        // Afterwards: this part may still bring the status.
        if (unread < 0) queueMicrotask(giveUp);
      });
    });
    let interim = 0;
    outgoing.on("information", () => {
      interim++;
      if (interim > INTERIM_ANSWERS) giveUp();
    });
    outgoing.on("response", (incoming) => {
      sofar = { ...NO_ANSWER, status: incoming.statusCode ?? 0 };
      readAnswer(incoming, answerBytes, done);
    });
    // Both may come after the end, too; an error that nobody hears would end the program.
    outgoing.on("error", giveUp);
    outgoing.on("close", giveUp);
    outgoing.end(body);
  });
}

/** Sends a request that may not be possible at all. */
async function send(url: string, request: Outgoing): Promise<HttpAnswer> {
  try {
    const target = new URL(url);
    if (request.signal.aborted || !isPermitted(target)) return NO_ANSWER;
    return await exchange(request, target);
  } catch {
    // What the platform can neither ask for nor send.
    return NO_ANSWER;
  }
}

/** A post as it goes out. */
function outgoingPost(request: HttpPost): Outgoing {
  const { body, contentType, contentEncoding, userAgent, timeoutMs, answerBytes, signal } = request;
  const headers = {
    ...request.headers,
    ...(contentEncoding !== "" && { "content-encoding": contentEncoding }),
    "content-type": contentType,
    "content-length": body.length,
    accept: contentType,
    "user-agent": userAgent,
  };
  return { method: "POST", headers, body, timeoutMs, answerBytes, signal };
}

/** A question as it goes out. */
function outgoingGet(request: HttpGet): Outgoing {
  const { accept, authorization, userAgent, timeoutMs, answerBytes } = request;
  const headers = {
    accept,
    "user-agent": userAgent,
    ...(authorization !== "" && { authorization }),
  };
  const { signal } = new AbortController();
  return { method: "GET", headers, body: new Uint8Array(), timeoutMs, answerBytes, signal };
}

/** HTTP client of the host. */
export const httpClient: HttpClient & HttpReader = {
  post: (request) => send(request.url, outgoingPost(request)),
  permits: (url) => isPermitted(new URL(url)),
  get: (request) => send(request.url, outgoingGet(request)),
};
