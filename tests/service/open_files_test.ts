/** A service that may open few files keeps fewer connections, and has files left for its evidence. */

import { assert, assertEquals } from "@std/assert";
import { type Program, READ, startProgram } from "../support/serve_program.ts";

const ignore = Deno.build.os === "windows";

/** Opens connections, waits until the service closed that many, and says how many it closed. */
async function flood(
  { port }: Program,
  count: number,
  wanted: number,
): Promise<{ readonly kept: Deno.TcpConn[]; readonly closed: number }> {
  const all: Deno.TcpConn[] = [];
  for (let i = 0; i < count; i++) all.push(await Deno.connect({ port }));
  let closed = 0;
  for (const peer of all) {
    void peer.read(new Uint8Array(1)).then(() => closed++, () => closed++);
  }
  for (let i = 0; i < 100 && closed < wanted; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { kept: all, closed };
}

function close(peers: readonly Deno.TcpConn[]): void {
  for (const peer of peers) {
    try {
      peer.close();
    } catch {
      // Closed already.
    }
  }
}

Deno.test("mcp serve under a low limit of open files decides while connections are all taken", {
  ignore,
  sanitizeResources: false,
  sanitizeOps: false,
}, async () => {
  await using program = await startProgram({ openFiles: 256 });
  const warning = (program.started.warning_details as { code: string; message: string }[])
    .find(({ code }) => code === "few_open_files");
  const cap = Number(/room for (\d+) connections/.exec(warning?.message ?? "")?.[1]);
  assert(cap > 60 && cap < 160, `${cap}`);
  const first = await Deno.connect({ port: program.port });
  const body = new TextEncoder().encode(
    `POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${READ.length}\r\n\r\n${READ}`,
  );
  const ask = async () => {
    await first.write(body);
    const buffer = new Uint8Array(65536);
    const count = await first.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, count)).slice(0, 12);
  };
  assertEquals(await ask(), "HTTP/1.1 200");
  const surplus = 400 - (cap - 1);
  const { kept, closed } = await flood(program, 400, surplus);
  // On a slow machine some of the others are closed as well, because they send no headers.
  assert(closed >= surplus, `${closed} of ${surplus}`);
  // Who came in time still gets decisions with evidence.
  const before = program.traces().length;
  assertEquals(await ask(), "HTTP/1.1 200");
  assertEquals(program.traces().length, before + 1);
  close([...kept, first]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals((await program.post(READ)).status, 200);
});

Deno.test("mcp serve says nothing about files where there are enough", { ignore }, async () => {
  await using program = await startProgram();
  const codes = (program.started.warning_details as { code: string }[]).map(({ code }) => code);
  assertEquals(codes.includes("few_open_files"), false);
  const answer = await fetch(`http://127.0.0.1:${program.port}/v1/config/effective`);
  assertEquals((await answer.json()).max_connections, 1024);
});
