/** A careless author: patterns that look as if they denied something, and approvals that nobody awaits. */

import { assertEquals } from "@std/assert";
import { compilePolicy } from "../../../core/gate/compile_policy.ts";
import { decide } from "../../../core/gate/decide.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { lintPolicy } from "../../../core/policy/lint.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";

/** A policy of one allow rule. */
async function policyOf(fields: Record<string, unknown>) {
  const rule = { name: "r", effect: "allow", match: { tool_names: ["t"] }, ...fields };
  const text = JSON.stringify({ default_verdict: "block", rules: [rule] });
  return (await parsePolicy(text, { source: "p.yaml" })).policy;
}

/** Codes of the advice about one list of an endpoint block. */
async function codes(key: string, pattern: string): Promise<string[]> {
  const policy = await policyOf({ endpoint: { enabled: true, [key]: [pattern] } });
  return lintPolicy(policy).map(({ code }) => code);
}

Deno.test("lintPolicy() names domain patterns that name no host", async () => {
  const dead = [
    "https://evil.com",
    "evil.com/",
    "10.0.0.0/8",
    "evil.com:443",
    "evil.com:*",
    "user@evil.com",
    "bücher.example",
    "[::1]",
    ".evil.com",
    "evil.com.",
    "a..b",
  ];
  for (const key of ["domain_denylist", "domain_allowlist"]) {
    for (const pattern of dead) {
      assertEquals(await codes(key, pattern), ["pattern_never_matches"], pattern);
    }
  }
  for (
    const pattern of ["evil.com", "*.evil.com", "::1", "fe80::1", "evil-[0-9].com", "localhost"]
  ) {
    assertEquals(await codes("domain_denylist", pattern), [], pattern);
  }
});

Deno.test("lintPolicy() names path patterns that name no path", async () => {
  for (
    const pattern of ["/etc/", "~/.ssh/**", "$HOME/x", "${HOME}/x", "%APPDATA%/x", "/a/[b", "/a\\"]
  ) {
    assertEquals(await codes("path_denylist", pattern), ["pattern_never_matches"], pattern);
    assertEquals(await codes("path_allowlist", pattern), ["pattern_never_matches"], pattern);
  }
  for (
    const pattern of ["/", "/etc/**", "/etc", "/a/*.pem", "/a/[bc]", "a$b", "/a/\\[b", "C:/x/**"]
  ) {
    assertEquals(await codes("path_denylist", pattern), [], pattern);
  }
});

Deno.test("lintPolicy() names approvals that an allow rule does not wait for", async () => {
  const warned = lintPolicy(await policyOf({ min_approvals: 2 })).map(({ code }) => code);
  assertEquals(warned, ["setting_without_effect"]);
  const endpoint = { enabled: true, path_allowlist: ["/w/**"], action: "require_approval" };
  assertEquals(lintPolicy(await policyOf({ min_approvals: 2, endpoint })), []);
});

Deno.test("decide() denies a host whichever of the two spellings with a root dot is listed", async () => {
  for (const listed of ["evil.com", "evil.com.", "*.evil.com."]) {
    const endpoint = { enabled: true, domain_denylist: [listed] };
    const compiled = compilePolicy(await policyOf({ endpoint }));
    for (const host of ["a.evil.com", "evil.com", "evil.com.", "EVIL.com.", "good.com"]) {
      const intent = normalizeIntent({
        tool_name: "t",
        args: {},
        targets: [{ kind: "url", value: `https://${host}/x`, operation: "get" }],
        context: { identity: "a", workspace: "/w", risk_class: "low" },
      });
      const name = host.toLowerCase().replace(/\.$/, "");
      const denied = listed.startsWith("*") ? name === "a.evil.com" : name === "evil.com";
      assertEquals(
        decide(compiled, intent).verdict,
        denied ? "block" : "allow",
        `${listed} ${host}`,
      );
    }
  }
});
