/** A real service whose collector is hostile: decisions and shutdown do not notice, counts do. */

import { assert, assertEquals } from "@std/assert";
import { READ, startProgram } from "../support/serve_program.ts";

const DECISIONS = 40;
/** What a decision may take on a busy machine, ms; a collector that is waited for takes longer. */
const PATIENCE_MS = 5_000;
/** What ending may take, ms: the flush, and a little for the rest. */
const END_MS = 15_000;

/** Says something on a connection whose request was read. */
type Speak = (conn: Deno.TcpConn) => Promise<void>;

/** Reads a request with its body. */
async function readRequest(conn: Deno.TcpConn): Promise<boolean> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const [head = "", body] = text.split("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (body !== undefined && body.length >= length) return true;
    const count = await conn.read(buffer);
    if (count === null) return false;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
}

/** A collector that answers each request on a connection with bytes of its own choice. */
function collector(speak: Speak) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const conns = new Set<Deno.TcpConn>();
  let requests = 0;
  async function serve(conn: Deno.TcpConn): Promise<void> {
    conns.add(conn);
    try {
      while (await readRequest(conn)) {
        requests++;
        await speak(conn);
      }
    } catch {
      // The peer hung up.
    } finally {
      conns.delete(conn);
      conn.close();
    }
  }
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) serving.push(serve(conn));
  })();
  return {
    port: listener.addr.port,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(serving);
    },
  };
}

/** Says bytes as they are. */
async function say(conn: Deno.TcpConn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** An answer with a body. */
function answer(status: string, body: string, headers = ""): string {
  return `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`;
}

/** What a service did with its collector. */
interface Report {
  readonly requests: number;
  readonly code: number;
  readonly slowestMs: number;
  readonly endMs: number;
  readonly exported: number;
  readonly dropped: number;
  readonly metrics: string;
}

/** The totals that a service leaves in its log. */
function totalsIn(log: string): { exported: number; dropped: number } {
  const line = log.split("\n").find((text) => text.includes('"telemetry_closed"'));
  if (line === undefined) throw new Error(`no last words: ${log}`);
  return JSON.parse(line);
}

/** Asks a service for decisions while its collector does its worst, and ends it. */
async function ordeal(speak: Speak, flags: readonly string[] = []): Promise<Report> {
  await using peer = collector(speak);
  const endpoint = `http://127.0.0.1:${peer.port}`;
  const program = await startProgram({ flags: ["--export-otlp-endpoint", endpoint, ...flags] });
  let slowestMs = 0;
  let metrics = "";
  let startedEnd = 0;
  {
    await using running = program;
    for (let at = 0; at < DECISIONS; at++) {
      const start = performance.now();
      const response = await running.post(READ);
      assertEquals(response.status, 200);
      assertEquals((await response.json()).verdict, "allow");
      slowestMs = Math.max(slowestMs, performance.now() - start);
      // So that the exporter is at work in between.
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    metrics = await (await fetch(`http://127.0.0.1:${running.port}/metrics`)).text();
    startedEnd = performance.now();
  }
  const { code } = await program.child.status;
  return {
    requests: peer.requests(),
    code,
    slowestMs,
    endMs: performance.now() - startedEnd,
    ...totalsIn(program.log()),
    metrics,
  };
}

/** What holds whatever the collector does. */
function assertUnharmed(report: Report, name: string): void {
  assertEquals(report.code, 0, name);
  assert(report.slowestMs < PATIENCE_MS, `${name}: a decision took ${report.slowestMs} ms`);
  assert(report.endMs < END_MS, `${name}: ending took ${report.endMs} ms`);
  assertEquals(report.exported + report.dropped, DECISIONS, name);
  assert(report.requests > 0 && report.requests < 60, `${name}: ${report.requests} requests`);
}

/** Waits until the peer hangs up. */
async function hang(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (await conn.read(buffer) !== null);
  throw new Error("closed");
}

/** Collectors that never finish. */
const ENDLESS: Readonly<Record<string, Speak>> = {
  silent: hang,
  async "trickling headers"(conn) {
    await say(conn, "HTTP/1.1 200 OK\r\n");
    for (let at = 0;; at++) {
      await say(conn, `x-${at}: y\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
};

/** Collectors that take nothing. */
const REFUSING: Readonly<Record<string, Speak>> = {
  "too large for it": (conn) => say(conn, answer("413 Too Large", "")),
  "not found": (conn) => say(conn, answer("404 Not Found", "<html>")),
  "not now": (conn) => say(conn, answer("429 Wait", "", "retry-after: 999999999\r\n")),
  async "interim answers without end"(conn) {
    const many = "HTTP/1.1 103 Early\r\nx: y\r\n\r\n".repeat(2000);
    for (;;) await say(conn, many);
  },
  async garbage(conn) {
    await say(conn, "SSH-2.0-OpenSSH\r\n");
    throw new Error("closed");
  },
};

/** Collectors that say they took it. */
const ODD: Readonly<Record<string, Speak>> = {
  async "an endless body"(conn) {
    await say(conn, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    for (;;) await say(conn, `1000\r\n${"x".repeat(4096)}\r\n`);
  },
  async "a body in tiny pieces"(conn) {
    await say(conn, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    const many = "1\r\nx\r\n".repeat(5000);
    for (;;) await say(conn, many);
  },
  "no JSON": (conn) => say(conn, answer("200 OK", "<html>hello</html>")),
  nesting: (conn) => say(conn, answer("200 OK", "[".repeat(60_000))),
};

Deno.test("a service outlives collectors that never finish, and counts their decisions as dropped", async () => {
  const names = [...Object.keys(ENDLESS), "a full queue"];
  const [full, ...others] = await Promise.all([
    ordeal(hang, ["--export-otlp-queue", "5"]),
    ...Object.values(ENDLESS).map((speak) => ordeal(speak)),
  ]);
  for (const [at, report] of [...others, full].entries()) {
    assertUnharmed(report, names[at] ?? "");
    assertEquals(report.dropped, DECISIONS, names[at]);
  }
  assert(/gait_telemetry_queue_depth 5\n/.test(full.metrics), full.metrics);
  assert(/gait_telemetry_dropped_total\{kind="otlp"\} 35\n/.test(full.metrics), full.metrics);
});

Deno.test("a service is not hurried by collectors that take nothing", async () => {
  const names = Object.keys(REFUSING);
  const reports = await Promise.all(Object.values(REFUSING).map((speak) => ordeal(speak)));
  for (const [at, report] of reports.entries()) {
    assertUnharmed(report, names[at] ?? "");
    assertEquals(report.dropped, DECISIONS, names[at]);
    assert(/gait_sink_failures_total\{kind="otlp"\} [1-9]/.test(report.metrics), report.metrics);
  }
});

Deno.test("a service believes a status of success, and counts answers that make no sense", async () => {
  const names = Object.keys(ODD);
  const reports = await Promise.all(Object.values(ODD).map((speak) => ordeal(speak)));
  for (const [at, report] of reports.entries()) {
    assertUnharmed(report, names[at] ?? "");
    assertEquals(report.exported, DECISIONS, names[at]);
    const counts = /gait_sink_failures_total\{kind="otlp_answer"\} [1-9]/;
    assert(counts.test(report.metrics), report.metrics);
  }
});

Deno.test("a service counts what a collector rejects, and follows it nowhere", async () => {
  await using elsewhere = collector((conn) => say(conn, answer("200 OK", "{}")));
  const away = `location: http://localhost:${elsewhere.port}/v1/logs\r\n`;
  const rejecting = '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no"}}';
  const [moved, partial] = await Promise.all([
    ordeal((conn) => say(conn, answer("307 Elsewhere", "", away))),
    ordeal((conn) => say(conn, answer("200 OK", rejecting))),
  ]);
  assertUnharmed(moved, "moved");
  assertEquals([moved.dropped, elsewhere.requests()], [DECISIONS, 0]);
  assertUnharmed(partial, "partial");
  assertEquals(partial.dropped, partial.requests);
});
