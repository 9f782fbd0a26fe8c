/** The HTTP server against peers that do not behave. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LIMITS } from "../../../core/base/limits.ts";
import type { HttpHandler, HttpReply } from "../../../core/ports/http.ts";
import { Answers } from "../../../host/_http_answers.ts";
import { builtinModule } from "../../../host/builtin_module.ts";
import { nodeHttp } from "../../../host/node_http.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const OK: HttpReply = { status: 200, headers: {}, body: "fine" };
const options = { sanitizeResources: false, sanitizeOps: false } as const;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds; fails after 5 s. */
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!holds()) {
    assert(Date.now() < end, "it did not come to hold");
    await pause(5);
  }
}

/** Connects and sends. */
async function send(port: number, text: string): Promise<Deno.TcpConn> {
  const peer = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await peer.write(bytes.subarray(at));
  return peer;
}

/** Reads until the server closes. */
async function rest(peer: Deno.Conn): Promise<string> {
  return await new Response(peer.readable).text().catch(() => "");
}

async function listening(handler: HttpHandler) {
  return await nodeHttp.listen({ hostname: "127.0.0.1", port: 0, connections: 1024 }, handler);
}

Deno.test("listen() forgets answers that stand in line when their peer goes", options, async () => {
  let asked = 0;
  let go = () => {};
  const gone = new Promise<void>((resolve) => void (go = resolve));
  const server = await listening(async () => {
    asked++;
    await gone;
    return OK;
  });
  const peer = await send(server.port, GET.repeat(5));
  await until(() => asked === 5);
  peer.close();
  await pause(50);
  go();
  await pause(50);
  const began = Date.now();
  await Promise.race([server.shutdown(), pause(3_000)]);
  assert(Date.now() - began < 2_000, "shutdown waited for answers that nobody can take");
});

Deno.test("listen() closes a connection with too many open requests", options, async () => {
  let asked = 0;
  const server = await listening(async () => {
    asked++;
    await pause(20);
    return OK;
  });
  const many = await send(server.port, GET.repeat(LIMITS.servicePipelined * 20));
  await rest(many);
  assertEquals(asked, LIMITS.servicePipelined);
  const few = await send(server.port, GET.repeat(LIMITS.servicePipelined));
  await until(() => asked === 2 * LIMITS.servicePipelined);
  const answered = rest(few);
  await server.shutdown();
  assertEquals((await answered).split("fine").length - 1, LIMITS.servicePipelined);
});

Deno.test("listen() survives an answer that cannot be sent", options, async () => {
  const server = await listening(({ target }) =>
    Promise.resolve(target === "/bad" ? { ...OK, headers: { location: "a\nb" } } : OK)
  );
  const bad = await send(server.port, GET.replace("/", "/bad"));
  assertStringIncludes(await rest(bad), "HTTP/1.1 500");
  const good = await fetch(`http://127.0.0.1:${server.port}/`);
  assertEquals(await good.text(), "fine");
  await server.shutdown();
});

Deno.test(
  "Answers.sweep() closes connections that take no answer, and no others",
  options,
  async () => {
    const answers = new Answers();
    const server = builtinModule("node:http").createServer((incoming, outgoing) => {
      assert(answers.track(incoming, outgoing));
      if (incoming.url === "/big") outgoing.end("x".repeat(50_000_000));
      else setTimeout(() => outgoing.end("late"), 300);
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert(typeof address === "object" && address !== null);
    const deaf = await send(address.port, GET.replace("/", "/big"));
    const patient = fetch(`http://127.0.0.1:${address.port}/`);
    await until(() => answers.open === 2);
    await pause(100);
    answers.sweep();
    answers.sweep();
    assertEquals(await (await patient).text(), "late");
    await until(() => answers.open === 0);
    deaf.close();
    server.closeAllConnections();
    server.close();
  },
);

Deno.test(
  "listen() goes on looking at its connections when its server listens anew",
  options,
  async () => {
    const timers = builtinModule("node:timers");
    const { clearInterval } = timers;
    const { prototype } = builtinModule("node:net").Server;
    const { listen } = prototype;
    let own: { emit(event: "close"): boolean } | undefined;
    let cleared = 0;
    prototype.listen = function (this: typeof prototype, ...args: Parameters<typeof listen>) {
      own = this;
      return listen.apply(this, args);
    } as typeof listen;
    timers.clearInterval = (timer) => {
      cleared++;
      clearInterval(timer);
    };
    try {
      const server = await listening(() => Promise.resolve(OK));
      const before = cleared;
      // As when it closed without a connection, and before it listens again.
      own?.emit("close");
      assertEquals([own === undefined, cleared], [false, before]);
      await server.shutdown();
      assert(cleared > before);
    } finally {
      prototype.listen = listen;
      timers.clearInterval = clearInterval;
    }
  },
);

/** Answers with the length of the body, and `-` for one that is too long. */
const measure: HttpHandler = async (request) => {
  // A turn later, as behind authentication, the whole request has mostly arrived.
  await Promise.resolve();
  const body = await request.read(8);
  return { ...OK, body: `<${body === undefined ? "-" : new TextDecoder().decode(body)}>` };
};

for (
  const [name, pieces, expected] of [
    ["in one piece", ["Content-Length: 5\r\n\r\nabcde"], "<abcde>"],
    ["in chunks of one piece", [
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    ], "<abcde>"],
    ["behind its headers", ["Content-Length: 5\r\n\r\n", "abc", "de"], "<abcde>"],
    ["in chunks that come one by one", [
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      "2\r\nde\r\n",
      "0\r\n\r\n",
    ], "<abcde>"],
    ["of nothing", ["Content-Length: 0\r\n\r\n"], "<>"],
    ["that is too long in one piece", ["Content-Length: 9\r\n\r\nabcdefghi"], "<->"],
    ["that is too long in chunks of one piece", [
      "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n4\r\nfghi\r\n0\r\n\r\n",
    ], "<->"],
    ["that is too long and comes late", ["Content-Length: 9\r\n\r\n", "abcdefghi"], "<->"],
  ] as const
) {
  Deno.test(`read() takes a body ${name}, and the connection goes on`, options, async () => {
    const server = await listening(measure);
    const [first, ...others] = pieces;
    const peer = await send(server.port, `POST / HTTP/1.1\r\nHost: localhost\r\n${first}`);
    for (const piece of others) {
      await pause(20);
      await peer.write(new TextEncoder().encode(piece));
    }
    await pause(20);
    await peer.write(
      new TextEncoder().encode(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\n\r\nxyz",
      ),
    );
    const text = await rest(peer);
    assertStringIncludes(text, expected);
    assertStringIncludes(text, "<xyz>");
    await server.shutdown();
  });
}
