import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import type { HttpPost } from "../../../core/ports/http_client.ts";
import { httpClient } from "../../../host/http_client.ts";

const JSON_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const NOTHING = { status: 0, retryAfter: "", body: undefined };

/** A request; nothing in these tests may take longer than its 5 s. */
function request(port: number, changes: Partial<HttpPost> = {}): HttpPost {
  return {
    url: `http://127.0.0.1:${port}/v1/logs`,
    body: utf8('{"a":"ä"}'),
    contentType: "application/json",
    contentEncoding: "",
    headers: {},
    userAgent: "gait/1",
    timeoutMs: 5_000,
    answerBytes: 1_000,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** Reads a request with a short body. */
async function readRequest(conn: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.includes("}")) {
    const count = await conn.read(buffer);
    if (count === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text;
}

/** A server on loopback that speaks bytes of its own choice to each connection. */
function server(speak: (conn: Deno.TcpConn, request: string) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const heard: string[] = [];
  const conns: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) {
      conns.push(
        (async () => {
          const text = await readRequest(conn);
          heard.push(text);
          await speak(conn, text);
        })().catch(() => {}).finally(() => conn.close()),
      );
    }
  })();
  return {
    port: listener.addr.port,
    heard,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(conns);
    },
  };
}

/** A server that says one thing. */
function saying(text: string | Uint8Array) {
  const bytes = typeof text === "string" ? utf8(text) : text;
  return server(async (conn) => {
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  });
}

/** Waits until the peer hangs up. */
async function untilClosed(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (await conn.read(buffer) !== null);
}

/** Time that work takes, ms. */
async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

Deno.test("httpClient posts bytes as they are and reads status, header and body", async () => {
  await using peer = saying(
    "HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
  );
  assertEquals(await httpClient.post(request(peer.port)), {
    status: 429,
    retryAfter: "7",
    body: "{}",
  });
  const [text = ""] = peer.heard;
  assert(/^POST \/v1\/logs HTTP\/1\.1\r\n/.test(text), text);
  assert(/\r\ncontent-type: application\/json\r\n/i.test(text), text);
  assert(/\r\nuser-agent: gait\/1\r\n/i.test(text), text);
  assert(text.endsWith('\r\n\r\n{"a":"ä"}'), text);
});

Deno.test("httpClient follows no redirect", async () => {
  await using other = saying(`${JSON_HEAD}content-length: 0\r\n\r\n`);
  for (const status of [301, 302, 303, 307, 308]) {
    await using peer = saying(
      `HTTP/1.1 ${status} Away\r\nlocation: http://localhost:${other.port}/v1/logs\r\n` +
        "content-length: 0\r\nconnection: close\r\n\r\n",
    );
    assertEquals((await httpClient.post(request(peer.port))).status, status);
  }
  assertEquals(other.heard, []);
});

Deno.test("httpClient reads no more of a body than it was told to", async () => {
  let written = 0;
  await using peer = server(async (conn) => {
    await conn.write(utf8(`${JSON_HEAD}transfer-encoding: chunked\r\n\r\n`));
    const chunk = utf8(`1000\r\n${"x".repeat(4096)}\r\n`);
    for (;;) written += await conn.write(chunk);
  });
  const answer = await httpClient.post(request(peer.port));
  assertEquals(answer, { status: 200, retryAfter: "", body: undefined });
  assert(written < 64 * 1024 * 1024, `${written} bytes`);
});

Deno.test("httpClient takes a compressed body that unfolds beyond measure for one that is too long", async () => {
  const zeros = new Blob([new Uint8Array(50_000_000)]).stream();
  const bomb = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).bytes();
  const head = utf8(`${JSON_HEAD}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
  await using peer = saying(await new Blob([head, bomb]).bytes());
  const answer = await httpClient.post(request(peer.port));
  assertEquals([answer.status, answer.body], [200, undefined]);
});

Deno.test("httpClient keeps the status of an answer whose body breaks off, stalls or is no text", async () => {
  const head = "content-length: 100\r\n\r\n";
  await using broken = saying(`${JSON_HEAD}${head}{"partial`);
  assertEquals(await httpClient.post(request(broken.port)), {
    status: 200,
    retryAfter: "",
    body: undefined,
  });
  await using noText = saying(
    new Uint8Array([...utf8(`${JSON_HEAD}content-length: 2\r\n\r\n`), 0xff, 0xfe]),
  );
  assertEquals((await httpClient.post(request(noText.port))).body, undefined);
  await using stalled = server(async (conn) => {
    await conn.write(utf8(`${JSON_HEAD}${head}{`));
    await untilClosed(conn);
  });
  const post = httpClient.post(request(stalled.port, { timeoutMs: 200 }));
  assert(await timed(post) < 2_000);
  assertEquals(await post, { status: 200, retryAfter: "", body: undefined });
});

Deno.test("httpClient gives up on what is no answer, and on none", async () => {
  const garbage = [
    "",
    "SSH-2.0-OpenSSH_9.9\r\n",
    "HTTP/1.1 abc\r\n\r\n",
    "\0".repeat(100),
    "HTTP/9",
  ];
  for (const text of garbage) {
    await using peer = saying(text);
    assertEquals(await httpClient.post(request(peer.port)), NOTHING, text);
  }
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertEquals(await httpClient.post(request(port)), NOTHING);
  await using silent = server(untilClosed);
  assert(await timed(httpClient.post(request(silent.port, { timeoutMs: 200 }))) < 2_000);
});

Deno.test("httpClient gives up on headers without end", async () => {
  await using peer = server(async (conn) => {
    await conn.write(utf8("HTTP/1.1 200 OK\r\n"));
    const line = utf8(`x-pad: ${"y".repeat(8000)}\r\n`);
    for (;;) await conn.write(line);
  });
  assertEquals(await httpClient.post(request(peer.port, { timeoutMs: 2_000 })), NOTHING);
});

Deno.test("httpClient gives up on headers that trickle", async () => {
  await using peer = server(async (conn) => {
    await conn.write(utf8("HTTP/1.1 200 OK\r\n"));
    for (let i = 0;; i++) {
      await conn.write(utf8(`x-${i}: y\r\n`));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  const post = httpClient.post(request(peer.port, { timeoutMs: 300 }));
  assert(await timed(post) < 2_000);
  assertEquals(await post, NOTHING);
});

Deno.test("httpClient ends at once when it is told to", async () => {
  await using peer = server(untilClosed);
  const stop = new AbortController();
  const post = httpClient.post(request(peer.port, { signal: stop.signal }));
  while (peer.heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  assertEquals(await post, NOTHING);
  assertEquals(await httpClient.post(request(peer.port, { signal: stop.signal })), NOTHING);
  assertEquals(peer.heard.length, 1);
});

Deno.test("httpClient takes interim answers for what they are", async () => {
  await using peer = saying(
    `${
      "HTTP/1.1 103 Early\r\n\r\n".repeat(3)
    }${JSON_HEAD}content-length: 2\r\nconnection: close\r\n\r\n{}`,
  );
  assertEquals((await httpClient.post(request(peer.port))).body, "{}");
});

Deno.test("httpClient gives up on interim answers without end, and others get their turn", async () => {
  await using peer = server(async (conn) => {
    const many = utf8("HTTP/1.1 103 Early\r\nx: y\r\n\r\n".repeat(2000));
    for (let at = 0;; at %= many.length) at += await conn.write(many.subarray(at));
  });
  const post = httpClient.post(request(peer.port));
  assert(await timed(post) < 2_000);
  assertEquals(await post, NOTHING);
});

Deno.test("httpClient takes a body in too many pieces for one that is too long", async () => {
  await using peer = server(async (conn) => {
    await conn.write(utf8(`${JSON_HEAD}transfer-encoding: chunked\r\n\r\n`));
    const many = utf8("1\r\nx\r\n".repeat(5000));
    for (let at = 0;; at %= many.length) at += await conn.write(many.subarray(at));
  });
  const post = httpClient.post(request(peer.port, { answerBytes: 1_000_000 }));
  assert(await timed(post) < 2_000);
  assertEquals(await post, { status: 200, retryAfter: "", body: undefined });
});

Deno.test("httpClient reads no body in an encoding", async () => {
  await using peer = saying(`${JSON_HEAD}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}`);
  assertEquals((await httpClient.post(request(peer.port))).body, undefined);
});

Deno.test("httpClient takes an upgrade for no answer", async () => {
  await using peer = saying(
    "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nmore",
  );
  assertEquals((await httpClient.post(request(peer.port))).body, undefined);
});

Deno.test("httpClient gives up on a peer that reads nothing", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const body = new Uint8Array(50_000_000);
  const post = httpClient.post(request(listener.addr.port, { body, timeoutMs: 300 }));
  const conn = await listener.accept();
  assert(await timed(post) < 3_000);
  assertEquals(await post, NOTHING);
  conn.close();
  listener.close();
});

Deno.test("httpClient gives up where the permissions do not cover the peer", {
  permissions: { net: ["127.0.0.1:1"] },
}, async () => {
  for (
    const url of [
      "http://127.0.0.1:2/",
      "http://localhost:1/",
      "https://c.example/",
      "http://[::1]:1/",
    ]
  ) {
    assertEquals(await httpClient.post(request(0, { url })), NOTHING);
  }
});

Deno.test("httpClient gives up on names and addresses that lead nowhere", async () => {
  const urls = ["http://gait.invalid/", "http://127.0.0.1:0/", "https://127.0.0.1:9/", "nowhere"];
  for (const url of [...urls, "http://under_score..x/", "http://127.0.0.1:9/a%20b\u00e4?\u2028"]) {
    assertEquals(await httpClient.post(request(0, { url, timeoutMs: 2_000 })), NOTHING, url);
  }
});

Deno.test("httpClient.post() sends further headers, but none in the place of its own", async () => {
  await using it = server(async (conn) => {
    await conn.write(new TextEncoder().encode(`${JSON_HEAD}content-length: 2\r\n\r\n{}`));
  });
  const headers = { authorization: "Bearer x", "content-length": "1", host: "evil" };
  const answer = await httpClient.post(request(it.port, { headers, contentEncoding: "gzip" }));
  assertEquals(answer.status, 200);
  const [head = ""] = it.heard[0]?.toLowerCase().split("\r\n\r\n") ?? [];
  const lines = head.split("\r\n");
  assert(lines.includes("authorization: bearer x"), head);
  assert(lines.includes("content-encoding: gzip"), head);
  assertEquals(lines.filter((line) => line.startsWith("content-length:")).length, 1);
  assert(!lines.includes("content-length: 1"), head);
  assert(lines.includes(`host: 127.0.0.1:${it.port}`), head);
});
