import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseConfigCommand } from "./_shell.ts";
import { configText, doctor, doctorWorld, readyWorld, SAFE_POLICY } from "./_world.ts";

/** Status of one check after some changes of the configuration. */
async function statusOf(name: string, changes: Record<string, string | undefined>) {
  const found = await doctor(await readyWorld(changes), "--production-readiness");
  return found.check(name)?.status;
}

Deno.test("production_retention wants lifetimes that are positive and long enough to be read", async () => {
  const name = "production_retention";
  for (const ttl of ["0s", "-5h", "1ns", "59s", "7d", "1", ""]) {
    assertEquals(await statusOf(name, { "retention.session_ttl": `"${ttl}"` }), "fail", ttl);
  }
  for (const ttl of ["1m", "1h30m", "24h"]) {
    assertEquals(await statusOf(name, { "retention.session_ttl": ttl }), "pass", ttl);
  }
});

Deno.test("production_service_boundary tells the first rule that is violated", async () => {
  const fails: Record<string, string | undefined>[] = [
    { "mcp_serve.listen": "0.0.0.0:1", "mcp_serve.auth_mode": '"off"' },
    { "mcp_serve.listen": '":1"', "mcp_serve.auth_mode": undefined },
    { "mcp_serve.listen": "localhost" },
    { "mcp_serve.auth_token_env": undefined },
    { "mcp_serve.allow_client_artifact_paths": "true" },
    { "mcp_serve.max_request_bytes": "0" },
    { "mcp_serve.max_request_bytes": "-1" },
    { "mcp_serve.max_request_bytes": undefined },
    { "mcp_serve.max_request_bytes": "4194305" },
    { "mcp_serve.http_verdict_status": "compat" },
    { "mcp_serve.http_verdict_status": undefined },
  ];
  for (const changes of fails) {
    assertEquals(
      await statusOf("production_service_boundary", changes),
      "fail",
      JSON.stringify(changes),
    );
  }
  const passes = [
    { "mcp_serve.listen": '"[::1]:8787"', "mcp_serve.auth_mode": '"off"' },
    { "mcp_serve.listen": "LOCALHOST:1" },
    { "mcp_serve.listen": "0.0.0.0:1" },
    { "mcp_serve.http_verdict_status": "Strict" },
    { "mcp_serve.listen": undefined },
  ];
  for (const changes of passes) {
    assertEquals(
      await statusOf("production_service_boundary", changes),
      "pass",
      JSON.stringify(changes),
    );
  }
});

Deno.test("doctor reads nothing more than the file when it cannot be used", async () => {
  for (const text of ["gate: [oops", "gate:\n  profle: x\n", "- a\n", "\ud800"]) {
    const world = await readyWorld();
    world.files.put(".gait/config.yaml", text);
    const found = await doctor(world, "--production-readiness");
    const names = found.json.checks.map(({ name }: { name: string }) => name)
      .filter((name: string) => name.startsWith("production_"));
    assertEquals([found.exit, names], [2, ["production_readiness_config"]]);
    assertEquals(found.check("project_config").status, "fail");
  }
});

Deno.test("a missing configuration comes with a command that writes one that doctor accepts", async () => {
  const world = await readyWorld();
  world.files.entries.delete("/work/.gait/config.yaml");
  const found = await doctor(world, "--production-readiness");
  assertEquals(found.exit, 2);
  const text = parseConfigCommand(found.check("production_readiness_config").fix_command);
  world.files.put(".gait/config.yaml", text);
  const next = await doctor(world, "--production-readiness");
  for (
    const name of ["profile", "key_mode", "retention", "service_boundary", "context_strictness"]
  ) {
    assertEquals(next.check(`production_${name}`).status, "pass", name);
  }
});

Deno.test("production_policy wants a policy that is there, compiles and suits the profile (row O1)", async () => {
  const name = "production_policy";
  const world = await readyWorld();
  world.files.entries.delete("/work/policy.yaml");
  const missing = (await doctor(world, "--production-readiness")).check(name);
  assertEquals(missing.status, "fail");
  assertStringIncludes(missing.fix_command, "gait policy init ");
  world.files.put("policy.yaml", "rules: [oops");
  assertEquals((await doctor(world, "--production-readiness")).check(name).status, "fail");
  world.files.put(
    "policy.yaml",
    SAFE_POLICY.replace("default_verdict: block", "default_verdict: allow"),
  );
  const weak = (await doctor(world, "--production-readiness")).check(name);
  assertEquals(weak.status, "fail");
  assertStringIncludes(weak.message, "default_verdict_allow");
  for (const path of ['"-"', ".", "/dev/stdin"]) {
    assertEquals(await statusOf(name, { "gate.policy": path }), "fail", path);
  }
});

Deno.test("production_policy is looked for below the workdir", async () => {
  const world = doctorWorld();
  world.files.put("w/.gait/config.yaml", configText());
  world.files.put("w/policy.yaml", SAFE_POLICY);
  const found = await doctor(world, "--production-readiness", "--workdir", "w");
  assertEquals(found.check("production_policy").status, "pass");
});

Deno.test("production_signing_key loads the configured key (row O1)", async () => {
  const name = "production_signing_key";
  assertEquals(await statusOf(name, { "gate.private_key": "none.key" }), "fail");
  assertEquals(await statusOf(name, { "gate.private_key": "policy.yaml" }), "fail");
  assertEquals(await statusOf(name, { "gate.private_key": "/dev/stdin" }), "fail");
  assertEquals(await statusOf(name, { "gate.private_key": undefined }), "fail");
  assertEquals(await statusOf(name, { "gate.private_key_env": "KEY" }), "fail");
  assertEquals(await statusOf(name, { "gate.key_mode": "dev" }), "fail");
  const world = await readyWorld();
  world.files.put("keys/gate_private.key", world.files.text("keys/gate_private.key") ?? "", 0o644);
  const open = (await doctor(world, "--production-readiness")).check(name);
  assertEquals([open.status, open.fix_command], ["fail", "chmod go-rwx 'keys/gate_private.key'"]);
});

Deno.test("production_signing_key says how to make the key that is missing", async () => {
  const fix = async (changes: Record<string, string | undefined>) =>
    (await doctor(await readyWorld(changes), "--production-readiness"))
      .check("production_signing_key").fix_command;
  const make = "{ test -e gait-out/keys/gait_private.key || gait keys init; }";
  assertEquals(
    await fix({ "gate.private_key": undefined, "gate.private_key_env": "KEY" }),
    `${make} && export KEY="$(cat gait-out/keys/gait_private.key)"`,
  );
  assertEquals(
    await fix({ "gate.private_key": "k/a_private.key" }),
    "gait keys init --out-dir 'k' --prefix 'a'",
  );
  assertEquals(await fix({ "gate.private_key": "k/other.pem" }), undefined);
  assertEquals(await fix({ "gate.private_key": "policy.yaml" }), undefined);
});

Deno.test("production_signing_key looks at external signers and runs none", async () => {
  const name = "production_signing_key";
  const external = { "gate.private_key": undefined };
  const world = await readyWorld({ ...external, "gate.signer_command": "/opt/signer" });
  world.files.put("/opt/signer", "#!/bin/sh\n", 0o755);
  assertEquals((await doctor(world, "--production-readiness")).check(name).status, "pass");
  world.files.put("/opt/signer", "#!/bin/sh\n", 0o777);
  assertEquals((await doctor(world, "--production-readiness")).check(name).status, "fail");
  world.files.put("/opt/signer", "#!/bin/sh\n", 0o644);
  const check = (await doctor(world, "--production-readiness")).check(name);
  assertEquals([check.status, check.fix_command], ["fail", "chmod u+x '/opt/signer'"]);
  assertEquals(world.commands, []);
  const signer = "gate.signer_command";
  assertEquals(await statusOf(name, { ...external, [signer]: "./signer" }), "fail");
  assertEquals(await statusOf(name, { ...external, [signer]: "signer" }), "warn");
  assertEquals(await statusOf(name, { ...external, [signer]: "/none" }), "fail");
  assertEquals(await statusOf(name, { ...external, "gate.signer_socket": "none" }), "fail");
  assertEquals(await statusOf(name, { [signer]: "/opt/signer" }), "fail");
});

Deno.test("production_token_keys loads the keys of approvals and delegations", async () => {
  const name = "production_token_keys";
  assertEquals(
    await statusOf(name, { "gate.approval_public_key": "keys/gate_public.key" }),
    "pass",
  );
  assertEquals(await statusOf(name, { "gate.approval_public_key": "none" }), "fail");
  assertEquals(await statusOf(name, { "gate.delegation_public_key": "policy.yaml" }), "fail");
  assertEquals(await statusOf(name, { "gate.delegation_public_key_env": "NONE" }), "fail");
  assertEquals(
    await statusOf(name, { "gate.approval_private_key": "keys/gate_private.key" }),
    "pass",
  );
  const world = await readyWorld({ "gate.approver_keys": "ring.json" });
  const keyring = {
    schema_id: "gait.gate.approver_keyring",
    schema_version: "1.0.0",
    approvers: [{
      identity: "a",
      public_keys: [(world.files.text("keys/gate_public.key") ?? "").trim()],
    }],
  };
  const examine = async () => (await doctor(world, "--production-readiness")).check(name).status;
  world.files.put("ring.json", JSON.stringify(keyring), 0o644);
  assertEquals(await examine(), "pass");
  world.files.put("ring.json", JSON.stringify(keyring), 0o666);
  assertEquals(await examine(), "fail");
  world.files.put("ring.json", JSON.stringify({ ...keyring, approvers: [] }));
  assertEquals(await examine(), "fail");
  assertEquals(await statusOf(name, { "gate.approver_keys": "none.json" }), "fail");
  assertEquals(await statusOf(name, { "gate.approver_keys": "policy.yaml" }), "fail");
});

Deno.test("production_service_token wants the token of the service in the environment (row O1)", async () => {
  const name = "production_service_token";
  assertEquals(await statusOf(name, {}), "pass");
  const world = await readyWorld();
  world.env.set("SERVICE_TOKEN", " ");
  const check = (await doctor(world, "--production-readiness")).check(name);
  assertEquals(check.status, "fail");
  assertStringIncludes(check.fix_command, "export SERVICE_TOKEN=");
  world.env.set("SERVICE_TOKEN", "short");
  const short = await doctor(world, "--production-readiness");
  assertEquals(short.check(name).status, "warn");
  assertEquals(short.stdout.includes('"short"'), false);
  const odd = await readyWorld({ "mcp_serve.auth_token_env": `"a=$(x)"` });
  const other = (await doctor(odd, "--production-readiness")).check(name);
  assertEquals([other.status, other.fix_command], ["fail", undefined]);
});

Deno.test("production_broker looks for the credentials that the policy asks for", async () => {
  const name = "production_broker";
  assertEquals(await statusOf(name, { "gate.credential_broker": "stub" }), "fail");
  assertEquals(await statusOf(name, { "gate.credential_broker": "nonsense" }), "fail");
  assertEquals(await statusOf(name, { "gate.credential_broker": "env" }), "pass");
  const world = await readyWorld({ "gate.credential_broker": "env" });
  const asking = SAFE_POLICY.replace(
    "effect: allow\n",
    "effect: allow\n    require_broker_credential: true\n    broker_reference: db-main\n",
  );
  world.files.put("policy.yaml", asking);
  const check = (await doctor(world, "--production-readiness")).check(name);
  assertEquals(check.status, "fail");
  assertStringIncludes(check.message, "GAIT_BROKER_TOKEN_DB_MAIN");
  world.env.set("GAIT_BROKER_TOKEN_DB_MAIN", "secret-value");
  const found = await doctor(world, "--production-readiness");
  assertEquals(found.check(name).status, "pass");
  assertEquals(found.stdout.includes("secret-value"), false);
});

Deno.test("production_broker looks at a broker's program, its list and its permissions", async () => {
  const name = "production_broker";
  const changes = { "gate.credential_broker": "command", "gate.credential_command": "/opt/broker" };
  const world = await readyWorld(changes);
  const status = async () => (await doctor(world, "--production-readiness")).check(name).status;
  assertEquals(await status(), "fail");
  world.files.put("/opt/broker", "", 0o700);
  assertEquals(await status(), "warn");
  world.env.set("GAIT_CREDENTIAL_COMMAND_ALLOWLIST", "/opt/other");
  assertEquals(await status(), "fail");
  world.env.set("GAIT_CREDENTIAL_COMMAND_ALLOWLIST", "/opt/broker");
  assertEquals(await status(), "pass");
  assertEquals(world.commands, []);
});

Deno.test("doctor offers no command that an untrusted file leads to", async () => {
  const world = doctorWorld();
  const changes = {
    "gate.policy": "../../home/user/.profile",
    "gate.private_key": undefined,
    "gate.private_key_env": "LD_PRELOAD",
    "mcp_serve.auth_token_env": "BASH_ENV",
    "gate.credential_broker": "command",
    "gate.credential_command": "/opt/evil",
  };
  world.files.put("/opt/evil", "", 0o600);
  world.files.put(".gait/config.yaml", configText(changes));
  const found = await doctor(world, "--production-readiness");
  assertEquals(found.exit, 2);
  assertEquals(found.json.fix_commands, ["gait config trust '.gait/config.yaml'"]);
});
