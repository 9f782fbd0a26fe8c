/** Credential brokers behind `--isolation worker`: what the worker may see, and what its parent does for it. */

import { assert, assertEquals } from "@std/assert";
import { POLICY, type Program, READ, startProgram } from "../support/serve_program.ts";

const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;
const runtime = ["-A", "--unstable-worker-options"];
const SECRET = "s3cr3t-of-the-broker";
const BROKER_POLICY = POLICY.replace(
  "effect: allow\n",
  "effect: allow\n    require_broker_credential: true\n    broker_reference: files.read\n",
);

/** Starts an isolated service that asks a broker. */
function startIsolated(flags: readonly string[], env: Record<string, string>): Promise<Program> {
  return startProgram({
    runtime,
    flags: ["--isolation", "worker", "--policy", "broker.yaml", ...flags],
    files: { "broker.yaml": BROKER_POLICY },
    env,
  });
}

/** The records of credentials. */
function evidence(program: Program): string[] {
  return program.traces().filter((name) => /^credential_evidence_.*(?<!\.sig)\.json$/.test(name))
    .map((name) => Deno.readTextFileSync(`${program.dir}/traces/${name}`));
}

/** Fails when the secret is in anything that was written. */
function assertNoSecret(program: Program): void {
  for (const path of program.tree()) assert(!Deno.readTextFileSync(path).includes(SECRET), path);
  assert(!program.log().includes(SECRET));
}

Deno.test("the env broker works inside the worker", options, async () => {
  await using program = await startIsolated(["--credential-broker", "env"], {
    GAIT_BROKER_TOKEN_FILES_READ: SECRET,
  });
  assertEquals(program.started.ok, true, program.log());
  assertEquals((await (await program.post(READ)).json()).verdict, "allow", program.log());
  const [record = "{}"] = evidence(program);
  assertEquals(JSON.parse(record).broker, "env");
  assertNoSecret(program);
});

Deno.test("the env broker inside the worker blocks without its variable", options, async () => {
  await using program = await startIsolated(["--credential-broker", "env"], {
    // Outside the prefix: the worker may not even ask for it.
    BROKER_TOKEN_FILES_READ: SECRET,
  });
  const body = await (await program.post(READ)).json();
  assertEquals(body.verdict, "block", program.log());
  assertEquals(evidence(program), []);
});

Deno.test(
  "the parent runs the command broker for the worker, which may run nothing",
  options,
  async () => {
    const dir = await Deno.makeTempDir();
    try {
      const command = `${dir}/broker.sh`;
      await Deno.writeTextFile(
        command,
        `#!/bin/sh\ncat >/dev/null\necho '{"issued_by":"vault","credential_ref":"vault:1"}'\n`,
        { mode: 0o755 },
      );
      const flags = ["--credential-broker", "command", "--credential-command", command];
      await using program = await startIsolated(flags, {});
      const body = await (await program.post(READ)).json();
      assertEquals(body.verdict, "allow", JSON.stringify(body) + program.log());
      assert(evidence(program).some((text) => text.includes("vault:1")));
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);
