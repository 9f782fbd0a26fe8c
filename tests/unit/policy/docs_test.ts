import { assert, assertEquals } from "@std/assert";
import { formatPolicy } from "../../../core/policy/format.ts";
import { lintPolicy } from "../../../core/policy/lint.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { templateNames } from "../../../core/policy/templates.ts";

const root = new URL("../../../", import.meta.url);
const docs = Deno.readTextFileSync(new URL("docs/policy.md", root));

function codesIn(file: string): string[] {
  const source = Deno.readTextFileSync(new URL(`core/policy/${file}`, root));
  return [...source.matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].map(([, code = ""]) => code);
}

Deno.test("docs/policy.md describes every code of lint and profile checks", () => {
  const files = ["lint.ts", "_lint_patterns.ts", "profile_checks.ts"];
  const codes = files.flatMap(codesIn).filter((code) => !code.endsWith("list"));
  const internal = ["every_call", "default_decides", "rule_decides"];
  for (const code of codes) {
    if (internal.includes(code)) continue;
    assert(docs.includes(code), `docs/policy.md lacks ${code}`);
  }
});

Deno.test("docs/policy.md names every key and template", async () => {
  const text = "rules: [{name: a, effect: block, approval: {single_use: true}}]";
  const { policy } = await parsePolicy(text, { source: "p.yaml" });
  for (const [, key = ""] of formatPolicy(policy).matchAll(/^[- ]*([a-z_]+):/gm)) {
    assert(docs.includes(key), `docs/policy.md lacks ${key}`);
  }
  for (const name of templateNames) assert(docs.includes(`\`${name}\``));
});

Deno.test("docs/policy.md has examples that parse without warnings", async () => {
  const blocks = [...docs.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => text);
  assertEquals(blocks.length, 1);
  for (const text of blocks) {
    const { policy, warnings } = await parsePolicy(text, { source: "docs/policy.md" });
    assertEquals([...warnings, ...lintPolicy(policy)], []);
  }
});
