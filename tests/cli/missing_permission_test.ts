import { assertEquals, assertStringIncludes } from "@std/assert";
import { intentText, POLICY } from "../unit/commands/_run.ts";
import { gait, inFolder, put } from "./_process.ts";

const FILES = ["--allow-read", "--allow-write"];

Deno.test({
  name: "a setting that may not be seen is not taken as unset: the decision is a block",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await put(dir, "policy.yaml", POLICY);
      await put(dir, "intent.json", intentText("tool.read"));
      const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--json"];
      const env = { GAIT_PROFILE: "oss-prod" };
      const without = await gait(dir, line, { flags: FILES, env });
      assertEquals([without.code, without.json?.verdict], [7, "block"]);
      assertEquals(without.json?.error_code, "permission_missing");
      assertStringIncludes(without.json?.hint, "--allow-env=");
      const seen = await gait(dir, line, { flags: [...FILES, "--allow-env"], env });
      assertEquals(seen.json?.verdict, "block");
      const standard = await gait(dir, line, { flags: [...FILES, "--allow-env"] });
      assertEquals([standard.code, standard.json?.verdict], [0, "allow"]);
    }),
});

Deno.test({
  name: "colours and telemetry are no reason to fail",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      const env = { NO_COLOR: "1", GAIT_OPERATIONAL_LOG: "o.jsonl" };
      const ran = await gait(dir, ["version", "--json"], { flags: [], env });
      assertEquals([ran.code, ran.json?.ok, ran.stderr], [0, true, ""]);
    }),
});

Deno.test({
  name: "mcp serve without the permission to listen says so in one sentence",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (dir) => {
      await put(dir, "policy.yaml", POLICY);
      const line = ["mcp", "serve", "--policy", "policy.yaml", "--listen", "127.0.0.1:8787"];
      const flags = [...FILES, "--allow-env", "--allow-run", "--allow-net=127.0.0.1:1"];
      const ran = await gait(dir, [...line, "--json"], { flags });
      assertEquals([ran.code, ran.json?.ok], [7, false]);
      assertStringIncludes(ran.json?.error, "Cannot listen on 127.0.0.1:8787: not permitted");
      assertStringIncludes(ran.json?.hint, "--allow-net=127.0.0.1:8787");
      assertEquals(/^ +at /m.test(ran.stderr), false);
    }),
});
