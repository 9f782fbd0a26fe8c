/** Paths that reach a file under another name than a list spells. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type CompiledPolicy, compilePolicy } from "../../core/gate/compile_policy.ts";
import { decide } from "../../core/gate/decide.ts";
import { normalizeIntent } from "../../core/intent/normalize.ts";
import { parsePolicy } from "../../core/policy/parse_policy.ts";

const SEED = { seed: 20260206, numRuns: 300 };

/** An allow rule with an endpoint block. */
async function compiled(
  endpoint: Record<string, unknown>,
  platform: "posix" | "windows",
): Promise<CompiledPolicy> {
  const rule = { name: "r", effect: "allow", match: { tool_names: ["t"] } };
  const rules = [{ ...rule, endpoint: { enabled: true, ...endpoint } }];
  const text = JSON.stringify({ default_verdict: "block", rules });
  const { policy } = await parsePolicy(text, { source: "p.yaml" });
  const fsCase = platform === "windows" ? "insensitive" : "sensitive";
  return compilePolicy(policy, { platform, fsCase });
}

/** Verdict about reading one path. */
function verdict(policy: CompiledPolicy, value: string): string {
  return decide(
    policy,
    normalizeIntent({
      tool_name: "t",
      args: {},
      targets: [{ kind: "path", value, operation: "read" }],
      context: { identity: "a", workspace: "/w", risk_class: "low" },
    }),
  ).verdict;
}

Deno.test("decide() lets no NUL hide a path from a list", async () => {
  const deny = await compiled({ path_denylist: ["/etc/shadow", "/k/*.pem"] }, "posix");
  const allow = await compiled({ path_allowlist: ["/w/*.txt"] }, "posix");
  assertEquals([verdict(deny, "/etc/hosts"), verdict(allow, "/w/a.txt")], ["allow", "allow"]);
  fc.assert(
    fc.property(fc.string(), (tail) => {
      assertEquals(verdict(deny, `/etc/shadow\0${tail}x`), "block");
      assertEquals(verdict(deny, `/k/a.pem\0${tail}x`), "block");
      assertEquals(verdict(allow, `/w/secret.key\0${tail}.txt`), "block");
    }),
    SEED,
  );
});

Deno.test("decide() denies Windows paths whose file no name tells", async () => {
  const deny = await compiled({ path_denylist: ["C:/secret/**"] }, "windows");
  const hidden = [
    "\\\\localhost\\c$\\secret\\x",
    "\\\\127.0.0.1\\C$\\secret\\x",
    "//host.example/c$",
    "\\\\?\\UNC\\localhost\\c$\\secret\\x",
    "//?/GLOBALROOT/Device/HarddiskVolume1/secret/x",
    "\\\\.\\PhysicalDrive0",
    "\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\secret\\x",
    "C:secret/x",
    "C:/SECRET~1/x",
  ];
  for (const path of hidden) assertEquals(verdict(deny, path), "block", path);
  for (const path of ["C:/open/x", "\\\\srv\\share\\x", "//srv/hidden$/x", "D:\\a~b", "a/b"]) {
    assertEquals(verdict(deny, path), "allow", path);
  }
});

Deno.test("decide() denies every spelling of a denied Windows path", async () => {
  const deny = await compiled({ path_denylist: ["C:/secret/**"] }, "windows");
  const slash = fc.constantFrom("/", "\\", "//", "\\/", "/./", "\\.\\", "/x/../");
  const head = fc.constantFrom("C:", "c:", "\\\\?\\C:", "//./c:", "\\??\\C:");
  const name = fc.constantFrom(
    "secret",
    "SECRET",
    "Secret.",
    "secret ",
    "secret::$DATA",
    "secret. .",
  );
  fc.assert(
    fc.property(head, slash, name, slash, (drive, before, folder, after) => {
      const path = `${drive}${before}${folder}${after}x`;
      assertEquals(verdict(deny, path), "block", path);
    }),
    SEED,
  );
});
