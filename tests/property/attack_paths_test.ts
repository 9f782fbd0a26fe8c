/** Paths that reach a file under another name than a list spells. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type CompiledPolicy, compilePolicy } from "../../core/gate/compile_policy.ts";
import { decide } from "../../core/gate/decide.ts";
import { percentDecode } from "../../core/intent/hosts/percent.ts";
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

Deno.test("hostile hosts and paths cost about what plain ones of their length cost", async () => {
  const deny = await compiled(
    { path_denylist: ["C:/secret/**"], domain_denylist: ["a.b"] },
    "windows",
  );
  /** Time to normalise and decide, ms. */
  function timeOf(kind: string, value: string): number {
    const began = performance.now();
    const targets = [{ kind, value, operation: "read" }];
    const context = { identity: "a", workspace: "/w", risk_class: "low" };
    decide(deny, normalizeIntent({ tool_name: "t", args: {}, targets, context }));
    return performance.now() - began;
  }
  const hostile = [
    ["url", "https://" + "%ff".repeat(1_000_000)],
    ["url", "https://" + "%e2%82".repeat(500_000)],
    ["path", "\\\\?\\".repeat(900_000)],
    ["path", "C:/" + "... /".repeat(600_000)],
    ["path", "/??/".repeat(800_000)],
  ] as const;
  for (const [kind, value] of hostile) {
    const unit = kind === "url" ? "%c3%a9" : "ab/cd/";
    const head = kind === "url" ? "https://" : "C:/";
    const plain = timeOf(kind, head + unit.repeat(value.length / unit.length));
    // Hundreds of times as long before; the floor is for pauses of the runtime.
    assert(timeOf(kind, value) < 20 * plain + 300, `${kind} ${value.slice(0, 12)}`);
  }
});

Deno.test("percentDecode() gives what the platform's decoder gives, one U+FFFD per stray byte", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  function byBytes(bytes: Uint8Array): string {
    let out = "";
    for (let i = 0; i < bytes.length;) {
      let taken = 0;
      for (let count = 1; count <= 4 && i + count <= bytes.length && taken === 0; count++) {
        try {
          out += strict.decode(bytes.subarray(i, i + count));
          taken = count;
        } catch {
          // Not a whole character yet, or never.
        }
      }
      if (taken === 0) out += "\ufffd";
      i += taken || 1;
    }
    return out;
  }
  const byte = fc.constantFrom(
    ...[0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xbb],
    ...[0xf0, 0x90, 0x8f, 0xf4, 0xf5, 0xff],
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
      const text = list.map((one) => `%${one.toString(16)}`).join("");
      assertEquals(percentDecode(text), byBytes(Uint8Array.from(list)));
    }),
    { seed: 20260206, numRuns: 2000 },
  );
});
