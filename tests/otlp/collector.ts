/** A collector on loopback that keeps what it is sent. */

/** A request as it came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A collector. */
export interface Collector extends AsyncDisposable {
  readonly port: number;
  readonly received: readonly Received[];
}

/** Starts one. @param answer What it says to a request, by the number of those before. */
export function collect(answer: (received: Received, at: number) => Response): Collector {
  const received: Received[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, async (request) => {
    const { method, headers } = request;
    const path = new URL(request.url).pathname;
    received.push({ method, path, headers, body: await request.bytes() });
    const last = received[received.length - 1];
    return last === undefined ? new Response() : answer(last, received.length - 1);
  });
  return {
    port: server.addr.port,
    received,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What a collector says that took everything. */
export function taken(): Response {
  return new Response("{}", { headers: { "content-type": "application/json" } });
}

/** Problems of a request around its body (OTLP specification, "OTLP/HTTP Request"). */
export function envelopeProblems({ method, path, headers, body }: Received): string[] {
  return [
    ...(method === "POST" ? [] : [`method ${method}`]),
    ...(path === "/v1/logs" ? [] : [`path ${path}`]),
    ...(headers.get("content-type") === "application/json"
      ? []
      : [`content type ${headers.get("content-type")}`]),
    ...(/^gait\/[\w.+-]+$/.test(headers.get("user-agent") ?? "")
      ? []
      : [`user agent ${headers.get("user-agent")}`]),
    ...(headers.has("content-encoding") ? ["an encoding that the body does not have"] : []),
    ...(body.length <= 20 * 1024 * 1024 ? [] : [`${body.length} bytes`]),
  ];
}
