/**
 * A load client over plain sockets, so that the client's own HTTP stack is no part of the figure:
 * `service_client.ts <port> <requests> <connections> <path> <body> <expected>`. Prints one JSON line.
 *
 * @module
 */

const [port = "", total = "", width = "", path = "", body = "", expected = ""] = Deno.args;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const REQUEST = encoder.encode(
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${encoder.encode(body).length}\r\n\r\n${body}`,
);

const latencies: number[] = [];
let left = Number(total);
let wrong = 0;

/** Reads one answer; its text. */
async function readAnswer(conn: Deno.Conn, buffer: Uint8Array): Promise<string> {
  let text = "";
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) throw new Error("the service closed the connection");
    text += decoder.decode(buffer.subarray(0, count));
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN);
    if (text.length >= end + 4 + length) return text;
  }
}

/** Keeps one connection busy. */
async function run(): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  conn.setNoDelay(true);
  const buffer = new Uint8Array(65536);
  while (left-- > 0) {
    const began = performance.now();
    for (let at = 0; at < REQUEST.length;) at += await conn.write(REQUEST.subarray(at));
    const text = await readAnswer(conn, buffer);
    latencies.push(performance.now() - began);
    if (!text.startsWith("HTTP/1.1 200") || !text.includes(expected)) wrong++;
  }
  conn.close();
}

const began = performance.now();
await Promise.all(Array.from({ length: Number(width) }, run));
const seconds = (performance.now() - began) / 1000;
const sorted = latencies.toSorted((a, b) => a - b);
const part = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
const tenth = Math.min(1000, latencies.length);
const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
// deno-lint-ignore no-console -- the result of this program
console.log(JSON.stringify({
  per_second: latencies.length / seconds,
  p50_ms: part(0.5),
  p99_ms: part(0.99),
  first_ms: mean(latencies.slice(0, tenth)),
  last_ms: mean(latencies.slice(-tenth)),
  wrong,
}));
