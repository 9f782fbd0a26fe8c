import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { denoSockets } from "../../../host/deno_sockets.ts";

const LIMITS = { timeoutMs: 2000, maxBytes: 100 };

/** Serves one connection with `serve` while `work` runs. */
async function withServer(
  serve: (conn: Deno.Conn) => Promise<void>,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/agent.sock`;
  const listener = Deno.listen({ transport: "unix", path });
  const served = (async () => {
    const conn = await listener.accept();
    try {
      await serve(conn);
    } finally {
      conn.close();
    }
  })();
  try {
    await work(path);
    await served;
  } finally {
    listener.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads what the client sends, then answers in the given parts. */
function answering(...parts: string[]): (conn: Deno.Conn) => Promise<void> {
  return async (conn) => {
    await conn.read(new Uint8Array(100));
    for (const part of parts) await conn.write(new TextEncoder().encode(part));
  };
}

/** Sends a line and gives the answer as text. */
async function ask(path: string, limits = LIMITS): Promise<string> {
  const connection = await denoSockets.connectUnix(path);
  try {
    return new TextDecoder().decode(
      await connection.request(new TextEncoder().encode("hi\n"), limits),
    );
  } finally {
    connection.close();
    connection.close();
  }
}

const { state } = await Deno.permissions.query({ name: "net" });
const options = { ignore: Deno.build.os === "windows" || state !== "granted" };

Deno.test("denoSockets gives the first line of an answer", options, async () => {
  await withServer(answering("he", "llo\nrest"), async (path) => {
    assertEquals(await ask(path), "hello");
  });
  await withServer(answering("x".repeat(100) + "\n"), async (path) => {
    assertEquals((await ask(path)).length, 100);
  });
});

Deno.test("denoSockets refuses an answer that is too long or breaks off", options, async () => {
  const cases = [["x".repeat(101) + "\n", "more than 100 bytes"], ["half", "before a line end"]];
  for (const [answer, expected] of cases) {
    await withServer(answering(answer ?? ""), async (path) => {
      const error = await assertRejects(() => ask(path), GaitError);
      assertEquals(error.code, "signer_failed");
      assertStringIncludes(error.message, expected ?? "");
    });
  }
});

Deno.test("denoSockets gives up on a silent peer", options, async () => {
  async function silent(conn: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(10);
    while (await conn.read(buffer) !== null);
  }
  await withServer(silent, async (path) => {
    const work = () => ask(path, { timeoutMs: 50, maxBytes: 100 });
    assertStringIncludes((await assertRejects(work, GaitError)).message, "no answer within 50 ms");
  });
});

Deno.test("denoSockets names a missing permission", { permissions: "none" }, async () => {
  const error = await assertRejects(
    () => denoSockets.connectUnix("/nowhere/agent.sock"),
    GaitError,
  );
  assertEquals(error.code, "permission_missing");
});

Deno.test("denoSockets reports that nothing listens", options, async () => {
  const error = await assertRejects(
    () => denoSockets.connectUnix("/nowhere/agent.sock"),
    GaitError,
  );
  assertEquals(error.code, "dependency_missing");
});
