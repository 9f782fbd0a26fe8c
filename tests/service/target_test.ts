/** Targets that name a host by themselves, and peers that close their half, over real sockets. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Program, READ, startProgram } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

function request(target: string, host: string): string {
  return `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${READ.length}\r\nConnection: close\r\n\r\n${READ}`;
}

Deno.test(
  "mcp serve judges the host of an absolute target, and not the header beside it",
  options,
  async () => {
    await using program = await startProgram();
    const status = async (target: string, host: string) =>
      /^HTTP\/1\.1 (\d+)/.exec(await program.raw(request(target, host)))?.[1];
    const ours = `127.0.0.1:${program.port}`;
    for (
      const target of [
        "http://evil.example/v1/evaluate",
        "http://evil.example:80/v1/evaluate",
        "http://localhost@evil.example/v1/evaluate",
        "http://localhost.evil.example/v1/evaluate",
        "http://evil@localhost/v1/evaluate",
        "http:///v1/evaluate",
        "HTTP://EVIL/v1/evaluate",
      ]
    ) {
      const answer = await status(target, ours);
      // What is no target at all is refused by the parser.
      assert(answer === "403" || answer === "400", `${target}: ${answer}`);
    }
    assertEquals(await status("http://evil.example/v1/evaluate", ours), "403");
    assertEquals(program.traces().filter((name) => name.startsWith("trace_")), []);
    assertEquals(await status(`http://${ours}/v1/evaluate`, ours), "200");
    assertEquals(await status(`http://LOCALHOST/v1/evaluate?a=b`, "evil.example"), "200");
    assertEquals(await status("/v1/evaluate", "evil.example"), "403");
    // The path begins where the host ends, wherever else there is a slash.
    assertEquals(await status(`http://${ours}?x=/v1/evaluate`, ours), "404");
  },
);

/** Sends bytes and closes that half; reads what comes until the other one is closed. */
async function sendAndClose({ port }: Program, text: string): Promise<string> {
  const peer = await Deno.connect({ port });
  await peer.write(new TextEncoder().encode(text));
  await peer.closeWrite();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the connection stays open")), 3_000);
  });
  try {
    return await Promise.race([new Response(peer.readable).text(), late]);
  } finally {
    clearTimeout(timer);
  }
}

Deno.test(
  "mcp serve answers peers that close their half, then closes the other",
  options,
  async () => {
    await using program = await startProgram();
    const kept = request("/v1/evaluate", "localhost").replace("Connection: close\r\n", "");
    const one = await sendAndClose(program, kept);
    assertMatch(one, /^HTTP\/1\.1 200/);
    assertMatch(one, /"verdict":"allow"/);
    const three = await sendAndClose(program, kept.repeat(3));
    assertEquals(three.split("HTTP/1.1 200").length, 4);
    assertEquals(three.split('"verdict":"allow"').length, 4);
  },
);

/** Sockets that a process has open. */
async function openSockets(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ls", { args: ["-l", `/proc/${pid}/fd`] }).output();
  return new TextDecoder().decode(stdout).split("socket:").length - 1;
}

Deno.test("mcp serve keeps no connection whose peer closed its half", options, async () => {
  await using program = await startProgram();
  const whole = request("/v1/evaluate", "localhost");
  assertEquals(await sendAndClose(program, ""), "");
  assertMatch(await sendAndClose(program, whole.slice(0, 40)), /^(HTTP\/1\.1 400.*)?$/s);
  assertMatch(await sendAndClose(program, whole.slice(0, -10)), /^(HTTP\/1\.1 40[08].*)?$/s);
  const before = program.traces().length;
  // Peers that close both halves at once cost a decision, and nothing else.
  for (let i = 0; i < 50; i++) {
    const peer = await Deno.connect({ port: program.port });
    await peer.write(new TextEncoder().encode(whole));
    peer.close();
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert(program.traces().length >= before);
  if (Deno.build.os === "linux") {
    const count = await openSockets(program.child.pid);
    assert(count > 0 && count < 10, `${count} sockets`);
  }
  assertEquals((await program.post(READ)).status, 200);
});
