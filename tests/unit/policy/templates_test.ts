import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { compilePolicy } from "../../../core/gate/compile_policy.ts";
import { decide } from "../../../core/gate/decide.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { policyDigest } from "../../../core/policy/digest.ts";
import { formatPolicy } from "../../../core/policy/format.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { loadTemplate, resolveTemplate, templateNames } from "../../../core/policy/templates.ts";
import { digester } from "./_vectors.ts";

interface Call {
  readonly tool: string;
  readonly risk?: string;
  /** `kind value operation`, one target each. */
  readonly targets?: readonly string[];
  readonly from?: string;
  readonly delegated?: boolean;
}

function intentOf({ tool, risk = "low", targets = [], from, delegated = false }: Call) {
  const link = {
    delegator_identity: "agent.lead",
    delegate_identity: "agent.specialist",
    scope_class: "write",
  };
  return normalizeIntent({
    tool_name: tool,
    args: {},
    targets: targets.map((text) => {
      const [kind = "", value = "", operation = ""] = text.split("|");
      return { kind, value, operation };
    }),
    context: { identity: "alice", workspace: "/workspace", risk_class: risk },
    ...(from === undefined ? {} : { arg_provenance: [{ arg_path: "$", source: from }] }),
    ...(delegated
      ? {
        delegation: { requester_identity: "agent.specialist", scope_class: "write", chain: [link] },
      }
      : {}),
  });
}

async function decider(name: string): Promise<(call: Call) => string> {
  const { text } = await loadTemplate(name);
  const { policy } = await parsePolicy(text, { source: name });
  const compiled = compilePolicy(policy);
  return (call) => {
    const { verdict, min_approvals } = decide(compiled, intentOf(call));
    return min_approvals > 0 && verdict === "require_approval"
      ? `approval ${min_approvals}`
      : verdict;
  };
}

Deno.test("resolveTemplate() knows the names and aliases", () => {
  for (const name of templateNames) assertEquals(resolveTemplate(` ${name.toUpperCase()} `), name);
  for (const level of ["low", "medium", "high"]) {
    assertEquals(resolveTemplate(level), `baseline-${level}risk`);
    assertEquals(resolveTemplate(`baseline_${level}_risk`), `baseline-${level}risk`);
  }
  for (const name of ["", "strict", "baseline_highrisk", "__proto__"]) {
    assertEquals(resolveTemplate(name), undefined);
  }
});

Deno.test("loadTemplate() refuses an unknown name with a suggestion", async () => {
  const error = await assertRejects(() => loadTemplate("coding-agnt"), GaitError);
  assertEquals(error.code, "unsupported_value");
  assertStringIncludes(error.message, "unknown template: coding-agnt");
  assertStringIncludes(error.hint, "coding-agent");
  await assertRejects(() => loadTemplate("strict"), GaitError, "unknown template: strict");
});

Deno.test("loadTemplate() gives commented texts that survive formatting", async () => {
  for (const name of templateNames) {
    const template = await loadTemplate(name);
    assertEquals(template.name, name);
    assert(template.text.startsWith(`# ${name}: `));
    const first = await parsePolicy(template.text, { source: name });
    const formatted = formatPolicy(first.policy, first.document);
    const second = await parsePolicy(formatted, { source: name });
    assertEquals(formatPolicy(second.policy, second.document), formatted);
    assertEquals(
      await policyDigest(second.policy, digester),
      await policyDigest(first.policy, digester),
    );
    const comments = new Set(
      template.text.split("\n").map((line) => line.trim()).filter((line) => line.startsWith("#")),
    );
    for (const comment of comments) assertStringIncludes(formatted, comment);
  }
});

Deno.test("baseline templates have the published digests where they are unchanged", async () => {
  const published = {
    "baseline-lowrisk": "aa9e4371c827fc38f26c95588061b8376f20ef6524917ebab69bcc41aa3ed5c9",
    "baseline-mediumrisk": "878ec724f40b96d97dbf669a907c70622073d513952bfb6d40e483754eb564ce",
  };
  for (const [name, digest] of Object.entries(published)) {
    const { policy } = await parsePolicy((await loadTemplate(name)).text, { source: name });
    assertEquals(await policyDigest(policy, digester), digest);
  }
});

const FILE = "path|/workspace/a|write";
const SITE = "url|https://x.example|post";

Deno.test("baseline templates decide by the table", async () => {
  const [low, medium, high] = await Promise.all([
    decider("low"),
    decider("medium"),
    decider("high"),
  ]);
  const table: readonly (readonly [Call, string, string, string])[] = [
    [{ tool: "tool.read" }, "allow", "allow", "allow"],
    [{ tool: "tool.read", risk: "medium" }, "allow", "allow", "block"],
    [{ tool: "tool.read", risk: "high" }, "allow", "approval 1", "block"],
    [{ tool: "tool.read", risk: "critical" }, "allow", "approval 1", "block"],
    [{ tool: "tool.write", targets: [FILE] }, "approval 1", "approval 1", "approval 2"],
    [{ tool: "tool.write", targets: [SITE] }, "approval 1", "approval 1", "block"],
    [
      { tool: "tool.write", targets: [SITE], from: "external" },
      "approval 1",
      "approval 1",
      "block",
    ],
    [
      { tool: "tool.write", targets: [SITE], risk: "high", delegated: true },
      "approval 1",
      "approval 1",
      "allow",
    ],
    [
      { tool: "tool.write", targets: [SITE], risk: "high", delegated: true, from: "tool_output" },
      "approval 1",
      "approval 1",
      "block",
    ],
    [{ tool: "tool.write", targets: [SITE], delegated: true }, "approval 1", "approval 1", "block"],
    [{ tool: "tool.delete" }, "block", "block", "block"],
    [{ tool: "tool.other" }, "allow", "approval 1", "block"],
  ];
  for (const [call, ...expected] of table) {
    assertEquals([low(call), medium(call), high(call)], expected, JSON.stringify(call));
  }
});

Deno.test("read-only allows reading the project and nothing else", async () => {
  const verdict = await decider("read-only");
  const cases: readonly (readonly [Call, string])[] = [
    [{ tool: "read_file", targets: ["path|/workspace/src/a.ts|read"] }, "allow"],
    [{ tool: "read_file", targets: ["path|/workspace|list"] }, "allow"],
    [{ tool: "read_file", targets: ["path|/etc/passwd|read"] }, "block"],
    [{ tool: "read_file", targets: ["path|/workspace/../etc/passwd|read"] }, "block"],
    [{ tool: "read_file", targets: ["path|/workspace/.env|read"] }, "block"],
    [{ tool: "read_file", targets: ["path|/workspace/a/b/c/d/.ssh/id_rsa|read"] }, "block"],
    [{ tool: "read_file", targets: ["path|src/a.ts|read"] }, "block"],
    [{ tool: "read_file", targets: ["path|/workspace/a|read", FILE] }, "block"],
    [{ tool: "read_file", targets: ["path|/workspace/a|read", SITE] }, "block"],
    [{ tool: "read_file", targets: ["path|/workspace/a|read", "repo|r|push"] }, "block"],
    [{ tool: "read_file" }, "block"],
    [{ tool: "read_file", risk: "high" }, "block"],
  ];
  for (const [call, expected] of cases) assertEquals(verdict(call), expected, JSON.stringify(call));
});

Deno.test("coding-agent allows the daily work and asks for the rest", async () => {
  const verdict = await decider("coding-agent");
  const cases: readonly (readonly [Call, string])[] = [
    [{ tool: "read_file", targets: ["path|/workspace/src/a.ts|read"] }, "allow"],
    [{ tool: "grep", targets: ["path|/workspace/src|"] }, "allow"],
    [{ tool: "read_file", targets: ["path|/workspace/x/.env|read"] }, "block"],
    [{ tool: "read_file", targets: ["path|/home/me/.ssh/id_ed25519|read"] }, "block"],
    [{ tool: "write_file", targets: ["path|/workspace/src/a.ts|write"] }, "allow"],
    [{ tool: "edit", targets: ["path|/workspace/src/a.ts|"] }, "allow"],
    [{ tool: "edit", targets: ["path|/workspace/.git/hooks/pre-commit|"] }, "block"],
    [{ tool: "write_file", targets: ["path|/workspace/.github/workflows/ci.yml|write"] }, "block"],
    [{ tool: "write_file", targets: ["path|/workspace/a/../../etc/x|write"] }, "block"],
    [{ tool: "write_file", targets: ["path|/workspace/a|write", SITE] }, "block"],
    [{ tool: "bash", targets: ["other|git status|exec"] }, "allow"],
    [{ tool: "bash", targets: ["other|git status; rm -r /|exec"] }, "approval 1"],
    [{ tool: "bash", targets: ["other|git status|exec", "path|/workspace/.env|read"] }, "block"],
    [{ tool: "bash", targets: ["other|git status|exec", SITE] }, "block"],
    [{ tool: "bash" }, "approval 1"],
    [{ tool: "delete_file", targets: ["path|/workspace/a|delete"] }, "approval 1"],
    [{ tool: "delete_file", targets: ["path|/srv/a|delete"] }, "block"],
    [{ tool: "git", targets: ["repo|origin|push"] }, "approval 1"],
    [{ tool: "git_push" }, "approval 1"],
    [{ tool: "web", targets: ["url|https://docs.example.com/a|get"] }, "allow"],
    [
      { tool: "web", targets: ["url|https://docs.example.com/a|get"], from: "tool_output" },
      "approval 1",
    ],
    [{ tool: "web", targets: ["url|https://evil.example/a|get"] }, "block"],
    [{ tool: "web", targets: ["url|https://docs.example.com/a|post"] }, "approval 1"],
    [{ tool: "web", targets: ["url|https://docs.example.com/a|"] }, "approval 1"],
    [
      { tool: "web", targets: ["url|https://docs.example.com/a|get", "path|/workspace/.env|read"] },
      "block",
    ],
    [{ tool: "todo_write" }, "allow"],
    [{ tool: "think", targets: ["path|/workspace/a|"] }, "block"],
    [{ tool: "mystery" }, "approval 1"],
    [{ tool: "read_file", risk: "critical" }, "block"],
  ];
  for (const [call, expected] of cases) assertEquals(verdict(call), expected, JSON.stringify(call));
});
