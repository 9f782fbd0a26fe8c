import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject } from "../../../core/base/json_value.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { normalizeIntent } from "../../../core/intent/normalize.ts";
import { ADAPTERS } from "../../../core/mcp/call_request.ts";
import { infersByDefault, inferTargets } from "../../../core/mcp/infer_targets.ts";

/** Targets as `class kind value`, after normalisation. */
function classesOf(tool: string, args: JsonObject): string[] {
  const targets = inferTargets({ tool, args });
  if (targets === undefined) return [];
  const intent = normalizeIntent({
    tool_name: tool,
    args,
    targets,
    context: { identity: "a", workspace: "/w", risk_class: "low" },
  });
  return intent.targets.map((t) => `${t.endpoint_class} ${t.kind} ${t.value}`);
}

const PATCH = `*** Begin Patch
*** Update File: src/a.ts
@@
-old
+new
*** Add File: src/b.ts
+x
*** Delete File: /etc/passwd
*** End Patch`;

const DIFF = "--- a/src/a.ts\t2026-01-01\n+++ b/src/a.ts\n@@ -1 +1 @@\n-x\n+y\n--- /dev/null\r\n" +
  "+++ b/../../etc/cron.d/x\r\n";

const GIT = `diff --git a/bin/tool b/bin/tool
new file mode 100755
GIT binary patch
diff --git "a/\\303\\244" "b/\\303\\244"
rename from old name.txt
rename to new name.txt`;

const CASES: readonly (readonly [string, JsonObject, string[]])[] = [
  ["Bash", { command: "rm -rf /", description: "clean" }, ["proc.exec other rm -rf /"]],
  ["shell", { command: ["bash", "-lc", "ls"], workdir: "/w" }, ["proc.exec other bash -lc ls"]],
  ["run_shell_command", { command: "ls" }, ["proc.exec other ls"]],
  ["Read", { file_path: "/etc/shadow" }, ["fs.read path /etc/shadow"]],
  ["mcp__filesystem__read_multiple_files", { paths: ["/a", "/b"] }, [
    "fs.read path /a",
    "fs.read path /b",
  ]],
  ["functions.read_file", { path: "/a" }, ["fs.read path /a"]],
  ["Write", { file_path: "/a", content: "x" }, ["fs.write path /a"]],
  ["Edit", { file_path: "/a", old_string: "x", new_string: "y" }, ["fs.write path /a"]],
  ["NotebookEdit", { notebook_path: "/n.ipynb" }, ["fs.write path /n.ipynb"]],
  ["Grep", { pattern: "x", path: "/src" }, ["fs.read path /src"]],
  ["delete_file", { target_file: "/a" }, ["fs.delete path /a"]],
  ["move_file", { source: "/a", destination: "/b" }, ["fs.write path /a", "fs.write path /b"]],
  ["copy_file", { source_path: "/a", destination_path: "/b" }, [
    "fs.read path /a",
    "fs.write path /b",
  ]],
  ["str_replace_based_edit_tool", { command: "view", path: "/a" }, ["fs.read path /a"]],
  ["str_replace_based_edit_tool", { command: "create", path: "/a" }, ["fs.write path /a"]],
  ["str_replace_based_edit_tool", { command: "__proto__", path: "/a" }, ["fs.write path /a"]],
  ["WebFetch", { url: "https://h.example/x", prompt: "p" }, ["net.http url https://h.example/x"]],
  ["fetch_webpage", { urls: ["https://a.example/", "https://b.example/"] }, [
    "net.http url https://a.example/",
    "net.http url https://b.example/",
  ]],
  ["WebSearch", { query: "q" }, ["net.http other websearch"]],
  ["apply_patch", { input: PATCH }, [
    "fs.delete path /etc/passwd",
    "fs.write path src/a.ts",
    "fs.write path src/b.ts",
  ]],
  ["patch", { diff: DIFF }, ["fs.write path ../../etc/cron.d/x", "fs.write path src/a.ts"]],
  ["apply_patch", { patch: GIT }, [
    "fs.write path bin/tool",
    "fs.write path new name.txt",
    "fs.delete path old name.txt",
    "fs.write path ä",
  ]],
  ["read_many_files", { paths: [{ path: "/a" }, "/b", 7, null, ["/c"]] }, [
    "fs.read path /a",
    "fs.read path /b",
  ]],
];

Deno.test("inferTargets() reads what known tools touch", () => {
  for (const [tool, args, expected] of CASES) assertEquals(classesOf(tool, args), expected, tool);
});

Deno.test("inferTargets() finds nothing where nothing is named", () => {
  const none: readonly (readonly [string, JsonObject])[] = [
    ["tool.unknown", { path: "/a" }],
    ["Read", {}],
    ["Read", { file_path: 7 }],
    ["Read", { file_path: "  " }],
    ["Read", { file_path: { nested: "/a" } }],
    ["Bash", { command: null }],
    ["constructor", { path: "/a" }],
    ["__proto__", { path: "/a" }],
  ];
  for (const [tool, args] of none) assertEquals(inferTargets({ tool, args }), undefined, tool);
});

Deno.test("inferTargets() refuses more targets than an intent may hold", () => {
  const paths = Array.from({ length: LIMITS.intentTargets + 1 }, (_, i) => `/f${i}`);
  assertThrows(() => inferTargets({ tool: "read_many_files", args: { paths } }), GaitError, "more");
});

Deno.test("infersByDefault() leaves the digests of the reference's adapters alone", () => {
  assertEquals(ADAPTERS.filter((name) => !infersByDefault(name)), [
    "mcp",
    "openai",
    "anthropic",
    "langchain",
  ]);
});
