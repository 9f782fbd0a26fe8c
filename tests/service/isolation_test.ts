/** The second layer: a service in a worker whose permissions end at its own directories (design §5). */

import { assert, assertEquals } from "@std/assert";
import { READ, startProgram } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;
const WORKER = {
  runtime: ["-A", "--unstable-worker-options"],
  flags: ["--isolation", "worker", "--runpack-dir", "runpacks"],
} as const;

/** A call with a path field. */
function withPath(trace_path: string): string {
  return JSON.stringify({ ...JSON.parse(READ), trace_path });
}

Deno.test(
  "an isolated service decides, journals, packs, and ends on SIGTERM",
  options,
  async () => {
    await using program = await startProgram(WORKER);
    const body = JSON.stringify({ ...JSON.parse(READ), session_id: "s", emit_runpack: true });
    const answer = await program.post(body);
    assertEquals(answer.status, 200, program.log());
    assertEquals((await answer.json()).verdict, "allow");
    const many = await Promise.all(Array.from({ length: 32 }, () => program.post(READ)));
    for (const response of many) assertEquals((await response.json()).verdict, "allow");
    const config = await fetch(`http://127.0.0.1:${program.port}/v1/config/effective`);
    assertEquals((await config.json()).isolation, "worker");
    program.child.kill("SIGTERM");
    assertEquals((await program.child.status).code, 0, program.log());
    assertEquals(program.traces().filter((name) => name.endsWith(".wal")), []);
  },
);

Deno.test("an isolated service reads the policy again on SIGHUP", options, async () => {
  await using program = await startProgram(WORKER);
  const path = `${program.dir}/pol.yaml`;
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replaceAll("tool.read", "x"));
  program.child.kill("SIGHUP");
  await new Promise((resolve) => setTimeout(resolve, 500));
  assertEquals((await (await program.post(READ)).json()).verdict, "block");
});

Deno.test("layer 2 alone refuses an escape when layer 1 is off", options, async () => {
  const outside = await Deno.makeTempDir();
  try {
    await using program = await startProgram({
      ...WORKER,
      flags: [...WORKER.flags, "--allow-client-artifact-paths", "--unsafe-any-path"],
    });
    for (const path of [`${outside}/x.json`, "escape.json", "elsewhere/x.json"]) {
      const answer = await program.post(withPath(path));
      const body = await answer.json();
      assert(answer.status >= 500, `${path}: ${answer.status}`);
      assertEquals(body.verdict, undefined);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(outside)), []);
    assertEquals(program.tree().filter((path) => /escape|elsewhere/.test(path)), []);
    assertEquals((await program.post(withPath("traces/inside.json"))).status, 200);
  } finally {
    await Deno.remove(outside, { recursive: true });
  }
});

Deno.test("without layer 2 the same escape succeeds when layer 1 is off too", options, async () => {
  // The control: it shows that the test above refuses because of the worker and nothing else.
  await using program = await startProgram({
    flags: ["--allow-client-artifact-paths", "--unsafe-any-path"],
  });
  const answer = await program.post(withPath("escape.json"));
  assertEquals(answer.status, 200);
  assert(program.tree().some((path) => path.endsWith("/escape.json")));
});

Deno.test("an isolated service refuses to start for the same reasons", options, async () => {
  await using program = await startProgram({
    ...WORKER,
    flags: [...WORKER.flags, "--policy-digest", "0".repeat(64)],
  });
  assertEquals(program.started.ok, false);
  assert((await program.child.status).code !== 0);
});

Deno.test(
  "the evidence thread of an isolated service writes its own directories only",
  options,
  async () => {
    const root = await Deno.makeTempDir();
    try {
      for (const name of ["t", "s"]) await Deno.mkdir(`${root}/${name}`);
      await Deno.writeTextFile(`${root}/outside.jsonl`, "");
      const script = new URL("../support/confined_evidence.ts", import.meta.url).pathname;
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-prompt", "--quiet", "--unstable-worker-options", script, root],
      }).output();
      const told = JSON.parse(new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr));
      assertEquals(told, {
        0: "done",
        1: "permission_missing",
        2: "permission_missing",
        3: "file_not_found",
      });
      const left = (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name).sort();
      assertEquals(left, ["outside.jsonl", "s", "t"]);
      assertEquals(await Deno.readTextFile(`${root}/outside.jsonl`), "");
      assertEquals(await Deno.readTextFile(`${root}/t/inside.json`), "a");
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
);
