/** The real program against hostile folders and peers: exit codes, bounds, and nothing that is run. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeSegmentRecord, segmentName } from "../../core/wal/segment_record.ts";
import { configText, SAFE_POLICY } from "../unit/doctor/_world.ts";
import { filesBelow, type Finished, gait, inFolder, put, type Start, WIDE } from "./_process.ts";

const IS_WINDOWS = Deno.build.os === "windows";

/** Time within which every diagnosis ends, whatever it finds, ms. */
const SOON_MS = 15_000;

/** Runs doctor, which must end soon. */
async function doctor(
  dir: string,
  argv: readonly string[],
  start: Start = {},
): Promise<Finished & { check(name: string): Record<string, string> }> {
  const began = performance.now();
  const ran = await gait(dir, ["doctor", "--json", ...argv], start);
  assert(performance.now() - began < SOON_MS, `doctor took too long: ${argv.join(" ")}`);
  assertEquals(/\n\s+at /.test(ran.stderr), false, ran.stderr);
  const checks: Record<string, string>[] = ran.json?.checks ?? [];
  return { ...ran, check: (name) => checks.find((each) => each.name === name) ?? {} };
}

/** Makes a named pipe. */
async function pipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert(success);
}

/** Runs a shell line in the working folder. */
async function shell(dir: string, line: string, env: Record<string, string> = {}): Promise<void> {
  const { success, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", line],
    cwd: `${dir}/work`,
    env,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

Deno.test("doctor ends with the exit code of its finding", () =>
  inFolder(async (dir) => {
    assertEquals((await doctor(dir, [])).code, 0);
    assertEquals((await doctor(dir, ["--key-mode", "bogus"])).code, 2);
    assertEquals((await doctor(dir, ["--production-readiness"])).code, 2);
    assertEquals((await doctor(dir, ["extra"])).code, 6);
    assertEquals((await doctor(dir, [], { flags: [] })).code, 7);
    assertEquals(await filesBelow(`${dir}/work`), new Map());
  }));

Deno.test({
  name: "the fixes of doctor lead from nothing to a project that is ready",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const first = await doctor(dir, ["--production-readiness"]);
      for (const fix of first.json.fix_commands) await shell(dir, fix, { HOME: `${dir}/home` });
      await gait(dir, ["config", "trust"]);
      await gait(dir, ["keys", "init"]);
      await put(dir, "gait.policy.yaml", SAFE_POLICY);
      const key = await Deno.readTextFile(`${dir}/work/gait-out/keys/gait_private.key`);
      const env = { GAIT_PRIVATE_KEY: key, GAIT_MCP_TOKEN: "0123456789abcdef0123456789abcdef" };
      const ready = await doctor(dir, ["--production-readiness"], { env });
      assertEquals([ready.code, ready.json.status], [0, "pass"], ready.stdout);
    }),
});

Deno.test({
  name: "doctor runs nothing that lies in the folder (row O1)",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const trap = `#!/bin/sh\ntouch ${dir}/ran\n`;
      for (const name of ["gait", "git", "signer", "broker"]) {
        await put(dir, name, trap);
        await Deno.chmod(`${dir}/work/${name}`, 0o755);
      }
      await put(
        dir,
        ".gait/config.yaml",
        configText({
          "gate.private_key": undefined,
          "gate.signer_command": `${dir}/work/signer`,
          "gate.credential_broker": "command",
          "gate.credential_command": `${dir}/work/broker`,
        }),
      );
      const env = { PATH: `${dir}/work:/usr/bin:/bin` };
      await doctor(dir, ["--production-readiness"], { env });
      await Deno.stat(`${dir}/ran`).then(() => assert(false, "something was run"), () => {});
    }),
});

Deno.test({
  name: "doctor waits for no pipe, terminal or device",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const work = `${dir}/work`;
      await pipe(`${work}/fifo`);
      for (const path of ["fifo", "/dev/stdin", "/dev/zero", "/proc/self/fd/0"]) {
        const flags = ["--key-mode", "prod", "--private-key", path, "--public-key", path];
        assertEquals((await doctor(dir, flags)).code, 2, path);
        const changes = {
          "gate.policy": path,
          "gate.private_key": path,
          "gate.approver_keys": path,
          "gate.approval_public_key": path,
          "gate.approval_store": path,
          "gate.rate_limit_state": path,
          "gate.signer_socket": undefined,
        };
        await put(dir, ".gait/config.yaml", configText(changes));
        const env = { GAIT_ADOPTION_LOG: `${work}/fifo`, GAIT_TELEMETRY_HEALTH_PATH: "" };
        assertEquals((await doctor(dir, ["--production-readiness"])).code, 2, path);
        assertEquals((await doctor(dir, [], { env })).check("telemetry").status, "warn");
        assertEquals((await gait(dir, ["doctor", "adoption", "--from", path])).code, 6, path);
      }
      await Deno.remove(`${work}/.gait/config.yaml`);
      await pipe(`${work}/.gait/config.yaml`);
      assertEquals((await doctor(dir, ["--production-readiness"])).code, 2);
    }),
});

Deno.test({
  name: "doctor follows no link to write, and is not impressed by what stands in the way",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const work = `${dir}/work`;
      await Deno.writeTextFile(`${dir}/precious`, "mine");
      await Deno.symlink(`${dir}/precious`, `${work}/.gait-doctor-writecheck`);
      await Deno.mkdir(`${work}/gait-out/sessions`, { recursive: true });
      await Deno.mkdir(`${work}/gait-out/mcp-serve/traces`, { recursive: true });
      const segment = segmentName("0123456789abcdef", 0);
      await Deno.symlink(`${dir}/precious`, `${work}/gait-out/mcp-serve/traces/${segment}`);
      await Deno.symlink(`${dir}/precious`, `${work}/gait-out/gate_rate_limits.json.lock`);
      await Deno.symlink("loop", `${work}/loop`);
      await pipe(`${work}/gait-out/sessions/a.journal.jsonl`);
      await pipe(`${work}/gait-out/sessions/b.lock`);
      const found = await doctor(dir, ["--trace-dir", "loop", "--session-dir", "loop"]);
      assertEquals(found.json.status, "warn", found.stdout);
      for (const name of ["trace_segments", "session_locks", "session_journals"]) {
        assertEquals(found.check(name).status, "warn", name);
      }
      assertEquals(await Deno.readTextFile(`${dir}/precious`), "mine");
    }),
});

Deno.test({
  name: "doctor reads no file beyond its limit and walks no folder without end",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const work = `${dir}/work`;
      for (const path of [".gait/config.yaml", "policy.yaml", "huge.key"]) {
        await put(dir, path, "");
        await Deno.truncate(`${work}/${path}`, 2 ** 36);
      }
      await put(dir, `gait-out/mcp-serve/traces/${segmentName("0123456789abcdef", 0)}`, "");
      await Deno.truncate(
        `${work}/gait-out/mcp-serve/traces/${segmentName("0123456789abcdef", 0)}`,
        2 ** 36,
      );
      await put(dir, "gait-out/sessions/a.journal.jsonl", "");
      await Deno.truncate(`${work}/gait-out/sessions/a.journal.jsonl`, 2 ** 36);
      let deep = `${work}/deep`;
      for (let i = 0; i < 200; i++) deep += "/d";
      await Deno.mkdir(deep, { recursive: true });
      for (let i = 0; i < 3_000; i++) await Deno.writeTextFile(`${work}/f${i}`, "");
      const argv = ["--production-readiness", "--key-mode", "prod", "--private-key", "huge.key"];
      const found = await doctor(dir, argv);
      assertEquals(found.code, 2);
      assertEquals(found.check("key_config").status, "fail");
      assertEquals(found.check("trace_segments").status, "warn");
    }),
});

Deno.test({
  name: "doctor tells segments that somebody holds from those that were left over",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const traces = "gait-out/mcp-serve/traces";
      const name = `${traces}/${segmentName("0123456789abcdef", 0)}`;
      await put(
        dir,
        name,
        encodeSegmentRecord({ kind: "create", name: "trace_a.json", text: "{}" }),
      );
      using file = await Deno.open(`${dir}/work/${name}`, { read: true, write: true });
      await file.lock(true);
      const held = await doctor(dir, []);
      assertEquals([held.code, held.check("trace_segments").status], [0, "pass"]);
      await file.unlock();
      const left = await doctor(dir, []);
      assertEquals([left.code, left.check("trace_segments").status], [2, "fail"]);
      const fix = left.check("trace_segments").fix_command ?? "";
      assertEquals(fix, `gait trace recover '${traces}'`);
      const recovered = await gait(dir, ["trace", "recover", traces]);
      assertEquals(recovered.code, 0);
      assertEquals((await doctor(dir, [])).check("trace_segments").status, "pass");
      assertEquals(await Deno.readTextFile(`${dir}/work/${traces}/trace_a.json`), "{}");
    }),
});

/** A peer that says something to everybody, byte by byte as it likes. */
async function withPeer(
  talk: (connection: Deno.Conn) => Promise<void>,
  work: (url: string) => Promise<void>,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = (listener.addr as Deno.NetAddr).port;
  const serving = (async () => {
    for await (const connection of listener) {
      talk(connection).catch(() => {}).finally(() => {
        try {
          connection.close();
        } catch {
          // Closed by the other side.
        }
      });
    }
  })().catch(() => {});
  await work(`http://127.0.0.1:${port}`);
  listener.close();
  await serving;
}

const encoder = new TextEncoder();

Deno.test({
  name: "doctor ends soon whatever answers in the place of a service",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
      const forever = async (connection: Deno.Conn, text: string) => {
        for (;;) await connection.write(encoder.encode(text));
      };
      const talks: ((connection: Deno.Conn) => Promise<void>)[] = [
        (connection) => connection.write(encoder.encode("nonsense\r\n\r\n")).then(() => {}),
        async (connection) => {
          while (await connection.read(new Uint8Array(1_024)) !== null);
        },
        (connection) => forever(connection, "HTTP/1.1 100 Continue\r\n\r\n"),
        (connection) => forever(connection, head),
        async (connection) => {
          await connection.write(encoder.encode(`${head}\r\n`));
          await forever(connection, "x".repeat(65_536));
        },
        async (connection) => {
          const body = `{"service":"gait.mcp.serve","a":${"[".repeat(100_000)}`;

          const length = `Content-Length: ${body.length}\r\n\r\n`;
          await connection.write(encoder.encode(`${head}${length}${body}`));
        },
        async (connection) => {
          const text =
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
          await connection.write(encoder.encode(text));
        },
      ];
      for (const talk of talks) {
        await withPeer(talk, async (url) => {
          const found = await doctor(dir, ["--service", url], { flags: [...WIDE, "--allow-net"] });
          assertEquals([found.code, found.check("service_reachable").status], [2, "fail"]);
        });
      }
    }),
});

Deno.test({
  name: "doctor asks a real service, with its token and without (rows O1, W8)",
  ignore: IS_WINDOWS,
  fn: () =>
    inFolder(async (dir) => {
      await gait(dir, ["keys", "init", "--out-dir", "keys", "--prefix", "gate"]);
      await put(dir, "policy.yaml", SAFE_POLICY);
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr as Deno.NetAddr;
      listener.close();
      await put(dir, ".gait/config.yaml", configText({ "mcp_serve.listen": `127.0.0.1:${port}` }));
      await gait(dir, ["config", "trust"]);
      const env = { SERVICE_TOKEN: "0123456789abcdef0123456789abcdef" };
      const flags = [...WIDE, "--allow-net"];
      await using service = await startService(dir, ["--trace-max-age", "168h"], env);
      assertEquals(service.isUp, true);
      const url = `http://127.0.0.1:${port}`;
      const found = await doctor(dir, ["--production-readiness", "--service", url], { env, flags });
      assertEquals(found.code, 0, found.stdout);
      assertEquals(found.check("service_policy").status, "pass");
      assertEquals(found.check("service_key").status, "pass");
      const refused = await doctor(dir, ["--service", url], { flags });
      assertEquals(refused.code, 2);
      assertStringIncludes(refused.check("service_reachable").message ?? "", "it wants a token");
    }),
});

/** Starts the service of the folder. */
async function startService(
  dir: string,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<AsyncDisposable & { readonly isUp: boolean }> {
  const { environment, runtimeArgs } = await import("./_process.ts");
  const child = new Deno.Command(Deno.execPath(), {
    args: [...runtimeArgs("cli.ts", [...WIDE, "--allow-net"]), "mcp", "serve", "--json", ...argv],
    cwd: `${dir}/work`,
    env: await environment(dir, env),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const isUp = new TextDecoder().decode(value).includes('"listen"');
  return {
    isUp,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await reader.cancel();
    },
  };
}
