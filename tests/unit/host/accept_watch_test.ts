/** A server whose accepting failed because no file was free accepts again once some are. */

import { assert, assertEquals } from "@std/assert";
import { watchAccepting } from "../../../host/_accept_watch.ts";

const WATCH = new URL("../../../host/_accept_watch.ts", import.meta.url).href;
const ignore = Deno.build.os === "windows";

/** A server with few files; says its port. Like a service it hears signals, which must be set up in time. */
const PROGRAM = `
import http from "node:http";
import { watchAccepting } from ${JSON.stringify(WATCH)};
Deno.addSignalListener("SIGHUP", () => {});
const options = { keepAliveTimeout: 60_000 };
const server = http.createServer(options, (_asked, answer) => answer.end("ok"));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  if (Deno.args[0] === "watched") {
    watchAccepting(server, { hostname: "127.0.0.1", port, backlog: 511 }, { lookMs: 150 });
  }
  console.log(port);
});
`;

/** Takes all files of such a server, gives them back, and says whether it answers then. */
async function recovers(kind: "watched" | "plain"): Promise<boolean> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(file, PROGRAM);
  const child = new Deno.Command("sh", {
    args: [
      ...["-c", 'ulimit -n 100 && exec "$@"', "sh", Deno.execPath()],
      ...["run", "-A", "--quiet", "--no-check", file, kind],
    ],
    stdout: "piped",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    const port = Number(new TextDecoder().decode((await reader.read()).value));
    const kept = await Deno.connect({ port });
    const ask = async (peer: Deno.Conn) => {
      await peer.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      const buffer = new Uint8Array(1024);
      const count = await Promise.race([
        peer.read(buffer),
        new Promise<null>((resolve) => setTimeout(() => resolve(null), 2_000)),
      ]);
      return new TextDecoder().decode(buffer.subarray(0, count ?? 0)).slice(0, 12);
    };
    assertEquals(await ask(kept), "HTTP/1.1 200");
    const peers: Deno.Conn[] = [];
    for (let i = 0; i < 150; i++) peers.push(await Deno.connect({ port }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const peer of peers) peer.close();
    let answers = false;
    for (let tries = 0; tries < 10 && !answers; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      const signal = AbortSignal.timeout(300);
      answers = await fetch(`http://127.0.0.1:${port}/`, { signal })
        .then(async (answer) => await answer.text() === "ok", () => false);
    }
    // Whoever was connected all the time notices nothing.
    assertEquals(await ask(kept), "HTTP/1.1 200");
    kept.close();
    await reader.cancel();
    return answers;
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await Deno.remove(file);
  }
}

const options = { ignore, sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "watchAccepting() makes a server accept again after it ran out of files",
  options,
  async () => {
    assert(await recovers("watched"));
  },
);

Deno.test("a server without it does not, which is why it is there", options, async () => {
  // When this fails, the runtime has learnt it, and the watch can go.
  assertEquals(await recovers("plain"), false);
});

Deno.test("watchAccepting() leaves a server alone that is idle, or full", options, async () => {
  const { createServer } = await import("node:http");
  const server = createServer((_asked, answer) => void answer.end("ok"));
  server.maxConnections = 3;
  let listened = 0;
  server.on("listening", () => listened++);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port ?? 0 : 0;
  const own = { hostname: "127.0.0.1", port, backlog: 16 };
  const stop = watchAccepting(server, own, { lookMs: 30 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  const peers = await Promise.all([1, 2, 3].map(() => Deno.connect({ port })));
  await new Promise((resolve) => setTimeout(resolve, 400));
  assertEquals(listened, 1);
  stop();
  for (const peer of peers) peer.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});
