/** The service under exactly its declared permissions, and with each one taken away. */

import { assert, assertEquals } from "@std/assert";
import { READ, startProgram } from "../support/serve_program.ts";
import { denoDir, gait, inFolder } from "./_process.ts";

/** The command line that `startProgram` runs. */
const LINE = [
  ...["mcp", "serve", "--policy", "pol.yaml", "--listen", "127.0.0.1:0", "--trace-dir", "traces"],
  ...[
    "--session-dir",
    "sessions",
    "--no-config",
    "--key-mode",
    "prod",
    "--private-key",
    "priv.key",
  ],
];

/** Kinds that this line does not reach: it names neither a signer nor a broker. */
const NOT_REACHED = ["run"];

/** Flags that `permissions` prints for the line. */
async function declaredFlags(more: readonly string[] = []): Promise<string[]> {
  return await inFolder(async (dir) => {
    const asked = await gait(dir, ["permissions", "--json", "--", ...LINE, ...more], { flags: [] });
    assertEquals(asked.code, 0, asked.stdout);
    return asked.json.flags;
  });
}

/** Where compiled modules are, so that no others are written. */
async function cache(): Promise<Record<string, string>> {
  return { DENO_DIR: await denoDir() };
}

Deno.test({
  name: "mcp serve works under exactly the flags that permissions prints for it",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using program = await startProgram({
      runtime: await declaredFlags(),
      env: await cache(),
    });
    assertEquals(program.started.ok, true, JSON.stringify(program.started));
    const response = await program.post(READ);
    assertEquals([response.status, (await response.json()).verdict], [200, "allow"]);
    program.child.kill("SIGTERM");
    assertEquals((await program.child.status).code, 0);
  },
});

Deno.test({
  name: "mcp serve --isolation worker works under exactly the flags that permissions prints for it",
  ignore: Deno.build.os === "windows",
  async fn() {
    const flags = ["--isolation", "worker"];
    const runtime = await declaredFlags(flags);
    assertEquals(runtime.filter((flag) => flag.includes("unstable")), [
      "--unstable-worker-options",
    ]);
    await using program = await startProgram({ runtime, flags, env: await cache() });
    assertEquals(program.started.ok, true, JSON.stringify(program.started));
    const inSession = JSON.stringify({ ...JSON.parse(READ), session_id: "s" });
    const response = await program.post(inSession);
    assertEquals([response.status, (await response.json()).verdict], [200, "allow"]);
  },
});

Deno.test({
  name:
    "mcp serve without any one of its permissions says which in one sentence, and does not listen",
  ignore: Deno.build.os === "windows",
  async fn() {
    const flags = await declaredFlags();
    assert(flags.length >= 4, flags.join(" "));
    for (const left of flags) {
      const kind = left.replace(/^--allow-/, "").replace(/=.*$/, "");
      const runtime = flags.filter((flag) => flag !== left);
      await using program = await startProgram({ runtime, env: await cache() });
      if (NOT_REACHED.includes(kind)) {
        assertEquals(program.started.ok, true, left);
        continue;
      }
      const { ok, error, hint } = program.started;
      assertEquals(ok, false, left);
      assert(`${error} ${hint}`.includes(left.replace(/=.*$/, "")), `${left}: ${error} ${hint}`);
      assertEquals((await program.child.status).code, 7, left);
      assertEquals(/\n\s+at /.test(program.log()), false, program.log());
      assertEquals(program.tree().filter((path) => !/\/(pol\.yaml|priv\.key)$/.test(path)), []);
    }
  },
});
