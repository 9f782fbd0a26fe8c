/** Every command works under exactly the permissions that it declares, and asks for no other. */

import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../core/commands/frame/table.ts";
import { intentText, POLICY } from "../unit/commands/_run.ts";
import { gait, inFolder, put } from "./_process.ts";

const KEYS = "gait-out/keys";
const GATE = ["--key-mode", "prod", "--private-key", `${KEYS}/gait_private.key`];
const SUBJECT = ["--policy", "policy.yaml", "--intent", "pay.json"];
const DIGEST = "1".repeat(64);

/** Command lines in an order in which each finds what it needs, and their exit codes. */
const LINES: readonly (readonly [string[], number])[] = [
  [["version"], 0],
  [["completion", "bash"], 0],
  [["permissions"], 0],
  [["keys", "init"], 0],
  [["keys", "init", "--out-dir", "keys/deep", "--prefix", "alice"], 0],
  [["keys", "rotate"], 0],
  [[
    "keys",
    "verify",
    "--private-key",
    `${KEYS}/gait_private.key`,
    "--public-key",
    `${KEYS}/gait_public.key`,
  ], 0],
  [["keys", "show", "--public-key", `${KEYS}/gait_public.key`], 0],
  [["keys", "show", "--private-key-env", "SIGNING_KEY"], 0],
  [["policy", "init", "coding-agent"], 0],
  [["policy", "init", "coding-agent", "--force", "--out", "new/p.yaml"], 0],
  [["policy", "validate", "policy.yaml"], 0],
  [["policy", "fmt", "policy.yaml"], 0],
  [["policy", "fmt", "policy.yaml", "--write"], 0],
  [["policy", "test", "policy.yaml", "intent.json"], 0],
  [["policy", "test", "policy.yaml", "fixtures"], 0],
  [["policy", "explain", "policy.yaml", "intent.json"], 0],
  [[
    "policy",
    "simulate",
    "--policy",
    "policy.yaml",
    "--baseline",
    "policy.yaml",
    "--fixtures",
    "fixtures",
  ], 0],
  [["config", "validate", ".gait/config.yaml"], 0],
  [["config", "show"], 0],
  [["config", "trust"], 0],
  [["approve", "--show", ...SUBJECT], 0],
  [[
    "approve",
    ...SUBJECT,
    "--ttl",
    "1h",
    "--approver",
    "alice",
    "--reason-code",
    "r",
    "--out",
    "approval.json",
    "--key-mode",
    "prod",
    "--private-key",
    "keys/deep/alice_private.key",
  ], 0],
  [[
    "approve",
    "--intent-digest",
    DIGEST,
    "--policy-digest",
    DIGEST,
    "--scope",
    "x",
    "--ttl",
    "1h",
    "--approver",
    "a",
    "--reason-code",
    "r",
    "--key-mode",
    "prod",
    "--private-key-env",
    "SIGNING_KEY",
  ], 0],
  [[
    "delegate",
    "mint",
    "--delegator",
    "a",
    "--delegate",
    "b",
    "--scope",
    "x",
    "--ttl",
    "1h",
    "--out",
    "delegation.json",
    ...GATE,
  ], 0],
  [
    ["delegate", "verify", "--token", "delegation.json", "--public-key", `${KEYS}/gait_public.key`],
    0,
  ],
  [[
    "gate",
    "eval",
    "--policy",
    "policy.yaml",
    "--intent",
    "intent.json",
    "--trace-out",
    "trace.json",
    ...GATE,
  ], 0],
  [[
    "gate",
    "eval",
    "--policy",
    "policy.yaml",
    "--intent",
    "intent.json",
    "--no-config",
    "--key-mode",
    "prod",
    "--private-key-env",
    "SIGNING_KEY",
  ], 0],
  [["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--no-config"], 0],
  [[
    "gate",
    "eval",
    ...SUBJECT,
    ...GATE,
    "--no-config",
    "--approval-token",
    "approval.json",
    "--approval-public-key",
    "keys/deep/alice_public.key",
  ], 0],
  [[
    "gate",
    "eval",
    ...SUBJECT,
    ...GATE,
    "--no-config",
    "--approval-token",
    "approval.json",
    "--approval-public-key",
    "keys/deep/alice_public.key",
  ], 4],
  [[
    "gate",
    "eval",
    "--policy",
    "broker.yaml",
    "--intent",
    "intent.json",
    ...GATE,
    "--no-config",
    "--credential-broker",
    "env",
  ], 0],
  [[
    "gate",
    "eval",
    "--policy",
    "broker.yaml",
    "--intent",
    "intent.json",
    ...GATE,
    "--no-config",
    "--credential-broker",
    "command",
    "--credential-command",
    "sh",
    "--credential-command-args",
    "broker.sh",
  ], 0],
  [
    ["gate", "eval", "--policy", "limit.yaml", "--intent", "intent.json", ...GATE, "--no-config"],
    0,
  ],
  [["trace", "verify", "trace.json", "--public-key", `${KEYS}/gait_public.key`], 0],
  [["rate-limit", "status"], 0],
  [["rate-limit", "reset"], 0],
  [["enforce", "--policy", "policy.yaml", ...GATE, "--", "echo", "hello"], 0],
];

/** Rules of the sample policy with another member in the first one. */
function withMember(member: string): string {
  return POLICY.replace("effect: allow\n", `effect: allow\n    ${member}\n`);
}

/** Files that the command lines read. */
async function prepare(dir: string): Promise<void> {
  await put(dir, "policy.yaml", POLICY);
  await put(dir, "broker.yaml", withMember("require_broker_credential: true"));
  await put(
    dir,
    "limit.yaml",
    withMember("rate_limit: { requests: 5, window: hour, scope: tool }"),
  );
  await put(dir, "intent.json", intentText("tool.read"));
  await put(dir, "fixtures/a.json", intentText("tool.read"));
  await put(dir, "pay.json", intentText("tool.pay"));
  await put(dir, ".gait/config.yaml", "gate:\n  policy: policy.yaml\n");
  await put(dir, "broker.sh", `echo '{"credential_ref":"r1"}'\n`);
}

/** Groups and commands whose every command stands in `LINES`. */
const COVERED =
  /^(approve|completion|config|delegate|enforce|gate|keys|permissions|policy|rate-limit|trace|version)$/;

Deno.test("the command lines name every command of the covered groups", () => {
  const missing = COMMANDS.filter(({ path }) => COVERED.test(path[0] ?? "")).filter(({ path }) =>
    !LINES.some(([line]) => path.every((word, i) => word === line[i]))
  );
  assertEquals(missing.map(({ path }) => path.join(" ")), []);
});

Deno.test({
  name: "every command works under exactly the flags that permissions prints for it",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      for (const [line, code] of LINES) {
        const env: Record<string, string> = { GAIT_BROKER_TOKEN_TOOL_READ: "secret" };
        if (line.includes("SIGNING_KEY")) {
          env.SIGNING_KEY = await Deno.readTextFile(`${dir}/work/${KEYS}/gait_private.key`);
        }
        const asked = await gait(dir, ["permissions", "--json", "--", ...line], { flags: [] });
        assertEquals(asked.code, 0, `${line.join(" ")}: ${asked.stderr}${asked.stdout}`);
        const flags: string[] = asked.json.flags ?? [];
        assert(!flags.includes("--allow-all"));
        const ran = await gait(dir, line, { flags, env });
        assertEquals(
          ran.code,
          code,
          `${flags.join(" ")} ${line.join(" ")}\n${ran.stdout}${ran.stderr}`,
        );
      }
    }),
});

Deno.test({
  name: "a command that lacks a permission says which, and a decision is a block",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await prepare(dir);
      const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--json"];
      for (const flags of [[], ["--allow-read"], ["--allow-env"], ["--allow-write"]]) {
        const ran = await gait(dir, line, { flags });
        assertEquals([ran.code, ran.json?.verdict], [7, "block"], flags.join(" "));
        assertEquals(ran.json.error_code, "permission_missing");
      }
    }),
});
