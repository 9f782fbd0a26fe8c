/** Every policy change leaves signed evidence, and none happens without it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromBase64, utf8 } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import { isPolicyChangeName } from "../../core/retention/unit.ts";
import type { PolicyChangeRecord } from "../../core/service/policy/policy_change.ts";
import { parseDetached } from "../../core/sign/detached.ts";
import { keyId } from "../../core/sign/key_id.ts";
import { verifyDetached } from "../../core/trust/verify_detached.ts";
import { validatePolicyChange } from "../../schemas/generated/policy_change.ts";
import { POLICY, PRIVATE_KEY, READ } from "../support/serve_program.ts";
import type { RootedWorld } from "../support/rooted_ports.ts";
import { type InProcess, inProcess } from "./_in_process.ts";

const PUBLIC_KEY = fromBase64(PRIVATE_KEY.trim())?.slice(32) ?? new Uint8Array();
const TIGHTER = POLICY.replaceAll("tool.read", "tool.other");
const BROKEN = `${POLICY}unknown_key: 1\n`;

/** Paths of the records, without their signatures. */
function recordPaths(service: InProcess): string[] {
  return service.tree().filter((path) => /policy_change_.*\.json$/.test(path))
    .filter((path) => !path.endsWith(".sig.json"));
}

/** Reads the records in order, each after its signature was verified. */
async function records(service: InProcess): Promise<PolicyChangeRecord[]> {
  const { digester, ed25519 } = service.world.ports;
  const out: PolicyChangeRecord[] = [];
  for (const path of recordPaths(service)) {
    const name = path.split("/").at(-1) ?? "";
    assert(isPolicyChangeName(name), name);
    const text = await Deno.readTextFile(`${service.root}/${path}`);
    const beside = path.replace(/\.json$/, ".sig.json");
    assert(isPolicyChangeName(beside.split("/").at(-1) ?? ""));
    const statement = await Deno.readTextFile(`${service.root}/${beside}`);
    const detached = parseDetached(statement, { source: beside });
    const key = { publicKey: PUBLIC_KEY, keyId: await keyId(PUBLIC_KEY, digester), source: "key" };
    const keys = [{ ...key, identity: "", revoked: false }];
    const request = { detached, record: utf8(text), name, keys, strict: true };
    const { findings } = await verifyDetached(request, { digester, ed25519 });
    assertEquals(findings, []);
    assertEquals(validatePolicyChange(JSON.parse(text)), []);
    out.push(JSON.parse(text));
  }
  return out;
}

/** Puts another policy in place and reloads. */
async function change(service: InProcess, policy: string, trigger: "sighup" | "watch" = "sighup") {
  await Deno.writeTextFile(`${service.root}/pol.yaml`, policy);
  await service.started.service?.reload(trigger);
}

/** Makes the creation of some files fail from now on. */
function failWrites(world: RootedWorld, part: string): void {
  const { files } = world.ports;
  const { create } = files;
  Object.assign(files, {
    create: (...args: Parameters<typeof create>) =>
      args[0].includes(part)
        ? Promise.reject(new GaitError("io_failure", "no space left"))
        : create(...args),
  });
}

Deno.test("a policy change leaves a signed record, an unchanged policy none", async () => {
  await using service = await inProcess();
  await change(service, POLICY);
  assertEquals(recordPaths(service), []);
  const old = service.started.service?.opened.policy.digest;
  await change(service, TIGHTER, "watch");
  assertEquals((await service.post(READ)).json.verdict, "block");
  const [record, ...more] = await records(service);
  assertEquals(more, []);
  assertMatch(record?.created_at ?? "", /^\d{4}-\d\d-\d\dT.*Z$/);
  assertEquals({ ...record, created_at: "" }, {
    schema_id: "gait.service.policy_change",
    schema_version: "1.0.0",
    created_at: "",
    producer_version: "0.0.0-dev",
    policy_path: "pol.yaml",
    trigger: "watch",
    outcome: "applied",
    old_policy_digest: old,
    new_policy_digest: service.started.service?.opened.policy.digest,
  });
});

Deno.test("a refused policy leaves a signed record that says what is in force", async () => {
  for (const [mode, outcome] of [["block", "blocked"], ["keep", "refused"]] as const) {
    await using service = await inProcess(["--on-policy-error", mode]);
    const old = service.started.service?.opened.policy.digest;
    await change(service, BROKEN);
    const answer = await service.post(READ);
    assertEquals(answer.status, mode === "block" ? 503 : 200);
    const [record] = await records(service);
    assertEquals(record?.outcome, outcome);
    assertEquals(record?.old_policy_digest, old);
    assertEquals(record?.new_policy_digest, undefined);
    assertEquals(record?.error_code, "policy_invalid");
    await change(service, POLICY);
    assertEquals((await records(service)).map((each) => each.outcome), [outcome, "applied"]);
    assertEquals((await service.post(READ)).json.verdict, "allow");
  }
});

Deno.test("a policy against the pin is refused under its own digest", async () => {
  const probe = await inProcess();
  const pin = probe.started.service?.opened.policy.digest ?? "";
  await probe[Symbol.asyncDispose]();
  await using service = await inProcess(["--policy-digest", pin]);
  await change(service, TIGHTER);
  const [record] = await records(service);
  assertEquals(record?.error_code, "digest_mismatch");
  assertEquals(record?.old_policy_digest, pin);
  assertMatch(record?.new_policy_digest ?? "", /^[0-9a-f]{64}$/);
  assert(record?.new_policy_digest !== pin);
});

Deno.test("a change whose evidence cannot be written does not happen", async () => {
  // Either file of the pair may be the one that fails.
  for (const part of [".sig.json", "/policy_change_"]) {
    for (const mode of ["block", "keep"] as const) {
      await using service = await inProcess(["--on-policy-error", mode]);
      failWrites(service.world, part);
      const old = service.started.service?.opened.policy.digest;
      await change(service, TIGHTER);
      assertEquals(service.started.service?.opened.policy.digest, old);
      assertEquals(service.tree().filter((path) => path.includes("policy_change_")), []);
      const answer = await service.post(READ);
      if (mode === "block") assertEquals(answer.json.error_code, "policy_unavailable");
      else assertEquals(answer.json.verdict, "allow");
      assertEquals((await service.ask("/readyz")).status, 503);
      const log = service.world.stderr.map((line) => JSON.parse(line));
      const event = log.find((each) => each.event === "policy_reload");
      assertEquals([event.result, event.error_code, event.evidence_error], [
        "failed",
        "io_failure",
        "io_failure",
      ]);
    }
  }
});

Deno.test("a record that failed for a moment is followed by one about the failure", async () => {
  await using service = await inProcess(["--on-policy-error", "keep"]);
  const { files } = service.world.ports;
  const { create } = files;
  let failures = 1;
  Object.assign(files, {
    create: (...args: Parameters<typeof create>) =>
      failures-- > 0
        ? Promise.reject(new GaitError("io_failure", "no space left"))
        : create(...args),
  });
  await change(service, TIGHTER);
  const [record] = await records(service);
  assertEquals([record?.outcome, record?.error_code], ["refused", "io_failure"]);
  assertMatch(record?.new_policy_digest ?? "", /^[0-9a-f]{64}$/);
});

Deno.test("retention leaves the evidence of policy changes alone", async () => {
  // Sessions live in the same directory, where retention takes every JSON file for a session's.
  const flags = ["--trace-max-count", "1", "--session-max-count", "1", "--session-max-age", "1s"];
  await using service = await inProcess([...flags, "--session-dir", "traces"]);
  await change(service, TIGHTER);
  await change(service, POLICY);
  const old = new Date(Date.now() - 3_600_000);
  const kept = service.tree().filter((path) => path.includes("policy_change_"));
  for (const path of kept) await Deno.utime(`${service.root}/${path}`, old, old);
  assertEquals(kept.length, 4);
  await service.post(READ);
  assertEquals((await service.post(READ)).status, 200);
  assertEquals(service.tree().filter((path) => path.includes("policy_change_")), kept);
  assertEquals(service.world.stderr.filter((line) => line.includes('"failure"')), []);
});
