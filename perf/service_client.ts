/**
 * The load client, over the field's usual tool, with its version pinned in `deno.json`:
 * `service_client.ts <port> <requests> <connections> <path> <body> <expected>`. Looks into every answer, and
 * prints one JSON line.
 *
 * @module
 */

import autocannon from "autocannon";

const [port = "", total = "", width = "", path = "", body = "", expected = ""] = Deno.args;

/** What of the tool is used. */
interface Load {
  on(
    event: "response",
    hear: (client: unknown, status: number, bytes: number, ms: number) => void,
  ): void;
  on(event: "done", hear: (result: Totals) => void): void;
}

/** Its own counts. */
interface Totals {
  readonly errors: number;
  readonly timeouts: number;
  readonly mismatches: number;
  readonly non2xx: number;
}

const latencies: number[] = [];
let wrong = 0;
let lastMs = 0;

/** Prints the result. */
function report({ errors, timeouts, mismatches, non2xx }: Totals, began: number): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  const part = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  const few = Math.min(1000, latencies.length);
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  // deno-lint-ignore no-console -- the result of this program
  console.log(JSON.stringify({
    per_second: latencies.length / (lastMs - began) * 1000,
    p50_ms: part(0.5),
    p99_ms: part(0.99),
    first_ms: mean(latencies.slice(0, few)),
    last_ms: mean(latencies.slice(-few)),
    wrong: wrong + errors + timeouts + mismatches + Math.abs(Number(total) - latencies.length),
    non2xx,
  }));
}

const began = performance.now();
const load: Load = autocannon({
  url: `http://127.0.0.1:${port}${path}`,
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
  connections: Number(width),
  amount: Number(total),
  verifyBody: (text: string) => text.includes(expected),
});
load.on("response", (_client, status, _bytes, ms) => {
  latencies.push(ms);
  lastMs = performance.now();
  if (status !== 200) wrong++;
});
load.on("done", (result) => report(result, began));
