/** Handlers as tests like to call them: from `Request` to `Response`, without a socket. */

import type { HttpHandler } from "../../core/ports/http.ts";

/** Answers a platform request. */
export type WebHandler = (request: Request, target?: string) => Promise<Response>;

/**
 * Wraps a handler.
 *
 * @returns A handler of platform requests; `target` replaces the request's own, which is cleaned already.
 */
export function webHandler(handler: HttpHandler): WebHandler {
  return async (request, target) => {
    const { status, headers, body } = await handler({
      method: request.method,
      target: target ?? request.url.slice(new URL(request.url).origin.length),
      headers: request.headers,
      peer: "test",
      async read(maxBytes) {
        const data = new Uint8Array(await request.arrayBuffer());
        return data.length <= maxBytes ? data : undefined;
      },
    });
    return new Response(body === "" ? null : body, { status, headers });
  };
}
