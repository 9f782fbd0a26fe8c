import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonObject, JsonValue } from "../../../core/base/json_value.ts";
import { type AdapterName, ADAPTERS } from "../../../core/mcp/call_request.ts";
import { readAdapter } from "../../../core/mcp/read_adapter.ts";
import { readCall } from "../../../core/mcp/read_call.ts";
import { parseJson } from "../../../core/text/json.ts";
import { envelopesOf } from "./_envelopes.ts";

const CALL = { name: "Read", args: { file_path: "/srv/a", limit: 3, nested: { list: [1, null] } } };

/** Reads and answers the error code when it is refused. */
function codeOf(envelope: JsonValue, adapter: AdapterName): string | undefined {
  try {
    readCall(envelope, { adapter });
    return undefined;
  } catch (error) {
    assertInstanceOf(error, GaitError);
    return error.code;
  }
}

Deno.test("readCall() finds name and arguments in every envelope", () => {
  for (const { adapter, form, value } of envelopesOf(CALL)) {
    const call = readCall(value, { adapter });
    assertEquals([call.name, call.args], [CALL.name, CALL.args], `${adapter}: ${form}`);
    assertEquals(call.adapter, adapter);
  }
});

Deno.test("readCall() refuses the envelope of another adapter or reads the very same call", () => {
  for (const { adapter, form, value } of envelopesOf(CALL)) {
    for (const other of ADAPTERS) {
      const code = codeOf(value, other);
      if (code === undefined) {
        const call = readCall(value, { adapter: other });
        assertEquals([call.name, call.args], [CALL.name, CALL.args], `${form} as ${other}`);
      } else {
        assertEquals(code, "call_invalid", `${adapter}: ${form} as ${other}`);
      }
    }
  }
});

Deno.test("readCall() refuses a second candidate for name or arguments", () => {
  const doubles: readonly (readonly [AdapterName, JsonObject])[] = [
    ["openai", { function: { name: "a", arguments: "{}" }, name: "b" }],
    ["openai", { function: { name: "a", arguments: "{}" }, arguments: "{}" }],
    ["openai", { function: { name: "a", arguments: "{}", parameters: { x: 1 } } }],
    ["openai", { function: { name: "a", arguments: "{}", input: {} } }],
    ["openai", { function: { name: "a" }, tool_calls: [] }],
    ["anthropic", { name: "a", input: {}, args: {} }],
    ["anthropic", { name: "a", input: {}, arguments: "{}" }],
    ["anthropic", { name: "a", tool_name: "b", input: {} }],
    ["langchain", { tool: "a", tool_input: {}, args: {} }],
    ["langchain", { tool: "a", tool_input: {}, toolInput: { x: 1 } }],
    ["langchain", { tool: "a", name: "b", tool_input: {} }],
    ["langchain", { type: "tool_call", name: "a", args: {}, tool: "b" }],
    ["langchain", { type: "tool_call", name: "a", args: {}, tool_input: {} }],
    ["openai_responses", { type: "function_call", name: "a", arguments: "{}", input: {} }],
    ["openai_responses", { type: "custom_tool_call", name: "a", input: "x", arguments: "{}" }],
    ["openai_agents", { raw_item: {}, rawItem: {} }],
    ["openai_agents", { raw_item: { type: "function_call", name: "a" }, tool_name: "b" }],
    ["openai_agents", { tool_name: "a", tool_arguments: "{}", arguments: "{}" }],
    ["claude_code", { hook_event_name: "PreToolUse", tool_name: "a", tool_input: {}, input: {} }],
    ["claude_code", { hook_event_name: "PreToolUse", tool_name: "a", name: "b" }],
    ["vercel_ai", { toolName: "a", input: {}, args: {} }],
    ["vercel_ai", { toolName: "a", name: "b", input: {} }],
    ["mcp", { name: "a", args: {}, arguments: {} }],
    ["mcp", { name: "a", input: { path: "/etc/x" } }],
  ];
  for (const [adapter, value] of doubles) {
    assertEquals(codeOf(value, adapter), "call_invalid", `${adapter} ${JSON.stringify(value)}`);
  }
});

Deno.test("readCall() refuses envelopes that hold no single call", () => {
  const wrong: readonly (readonly [AdapterName, JsonValue])[] = [
    ["mcp", []],
    ["mcp", null],
    ["mcp", "x"],
    ["mcp", 7],
    ["mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "a" } }],
    ["openai", { role: "assistant", tool_calls: [{ function: { name: "a" } }] }],
    ["openai", { type: "custom", custom: { name: "a", input: "x" } }],
    ["openai", { function: "a" }],
    ["openai", { function: ["a"] }],
    ["openai", { type: "tool_use", function: { name: "a" } }],
    ["anthropic", { type: "tool_result", name: "a", input: {} }],
    ["langchain", { name: "tool.read", args: {}, id: "x" }],
    ["openai_responses", { name: "a", arguments: "{}" }],
    ["openai_responses", { type: "local_shell_call", action: { command: ["ls"] } }],
    ["openai_responses", { type: "custom_tool_call", name: "a", input: { x: 1 } }],
    ["openai_agents", { type: "tool_call_item", rawItem: "x" }],
    ["claude_code", { tool_name: "Bash", tool_input: { command: "ls" } }],
    ["claude_code", { hook_event_name: "PostToolUse", tool_name: "Bash", tool_input: {} }],
    ["claude_code", {
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: {},
      tool_response: {},
    }],
    ["vercel_ai", { type: "tool-result", toolName: "a", input: {} }],
  ];
  for (const [adapter, value] of wrong) {
    assertEquals(codeOf(value, adapter), "call_invalid", `${adapter} ${JSON.stringify(value)}`);
  }
});

Deno.test("readCall() refuses names and arguments of another type", () => {
  for (const { adapter, form, value } of envelopesOf({ name: "n", args: { a: 1 } })) {
    for (const bad of [7, true, [], {}, "", "  "]) {
      const text = JSON.stringify(value).replaceAll('"n"', JSON.stringify(bad));
      assertEquals(
        codeOf(JSON.parse(text), adapter),
        "call_invalid",
        `${adapter}: ${form} ${text}`,
      );
    }
    for (const bad of [7, true, ["x"], "[1]", "plain text"]) {
      const text = JSON.stringify(value)
        .replaceAll('"{\\"a\\":1}"', JSON.stringify(bad))
        .replaceAll('{"a":1}', JSON.stringify(bad));
      const code = codeOf(JSON.parse(text), adapter);
      assert(code === "call_invalid" || code === "json_syntax", `${adapter}: ${form} ${text}`);
    }
  }
});

Deno.test("readCall() reads arguments that came as text as strictly as a document", () => {
  const read = (text: string) => codeOf({ function: { name: "a", arguments: text } }, "openai");
  assertEquals(read('{"path":"/srv","path":"/etc"}'), "json_duplicate_key");
  assertEquals(read('{"n":12345678901234567890}'), "json_unsafe_number");
  assertEquals(read('{"a":"\\ud800"}'), "text_encoding");
  assertEquals(read('{"a":1} {"b":2}'), "json_syntax");
  assertEquals(read("[".repeat(100_000)), "text_too_deep");
  for (const none of ["", "  ", "null"]) {
    const call = readCall({ function: { name: "a", arguments: none } }, { adapter: "openai" });
    assertEquals(call.args, {});
  }
});

Deno.test("readCall() keeps members named like those of Object.prototype as data", () => {
  const source = '{"name":"a","args":{"__proto__":{"polluted":1},"constructor":2},' +
    '"context":{"__proto__":{"identity":"root"}}}';
  const call = readCall(parseJson(source, { source: "t" }), { adapter: "mcp" });
  assertEquals(Object.keys(call.args), ["__proto__", "constructor"]);
  assertEquals(Object.keys(call.context), ["__proto__"]);
  assertEquals((call.context as { identity?: unknown }).identity, undefined);
  assertEquals(({} as { polluted?: unknown }).polluted, undefined);
  const marker = parseJson('{"__proto__":{"name":"x"},"input":{}}', { source: "t" });
  assertEquals(codeOf(marker, "anthropic"), "call_invalid");
});

Deno.test("readCall() reports members that play no part, cut and printable", () => {
  const value = {
    type: "tool_use",
    id: "t",
    name: "a",
    input: {},
    context: { identity: "mallory" },
    ["\u001b[2J" + "x".repeat(500)]: 1,
  };
  const call = readCall(value, { adapter: "anthropic" });
  assertEquals(call.context, {});
  assertEquals(call.ignoredMembers.slice(-2), ["context", "id"]);
  assert(call.ignoredMembers.every((name) => name.length <= 80 && !name.includes("\u001b")));
});

Deno.test("readCall() ignores a type that no envelope knows, and reports it", () => {
  const calls: readonly (readonly [AdapterName, Record<string, JsonValue>])[] = [
    ["openai", { function: { name: "a" } }],
    ["anthropic", { name: "a", input: {} }],
    ["langchain", { tool: "a", tool_input: {} }],
    ["vercel_ai", { toolName: "a", input: {} }],
  ];
  for (const [adapter, value] of calls) {
    for (const type of ["step", "", 7]) {
      const call = readCall({ ...value, type }, { adapter });
      assertEquals([call.name, call.ignoredMembers], ["a", ["type"]], `${adapter} ${type}`);
    }
    for (const type of ["tool_result", "message", "mcp_call", "function_call_output"]) {
      assertEquals(codeOf({ ...value, type }, adapter), "call_invalid", `${adapter} ${type}`);
    }
  }
});

Deno.test("readCall() takes what stands beside the call, for every adapter", () => {
  const supplement = {
    context: { identity: "alice", workspace: "/srv", session_id: "s", run_id: "r" },
    targets: [{ kind: "path", value: "/srv/a" }],
    arg_provenance: [{ arg_path: "$.a", source: "user" }],
    skill_provenance: { skill_name: "s", source: "registry", publisher: "p" },
    delegation: { requester_identity: "alice" },
    created_at: "2026-01-01T00:00:00Z",
  };
  for (const { adapter, value } of envelopesOf(CALL)) {
    const call = readCall(value, { adapter, supplement });
    assertEquals(call.targets, supplement.targets);
    assertEquals(call.argProvenance, supplement.arg_provenance);
    assertEquals(call.skillProvenance, supplement.skill_provenance);
    assertEquals(call.delegation, supplement.delegation);
    assertEquals(call.createdAt, supplement.created_at);
    assertEquals(call.context, { identity: "alice", workspace: "/srv", session_id: "s" });
    assertEquals(call.runId, "r");
  }
});

Deno.test("readCall() refuses a native member that also stands beside the call", () => {
  const both: readonly (readonly [JsonObject, JsonObject])[] = [
    [{ targets: [{ kind: "path", value: "/a" }] }, { targets: [{ kind: "path", value: "/b" }] }],
    [{ target: "/a" }, { targets: [{ kind: "path", value: "/b" }] }],
    [{ context: { identity: "a" } }, { context: { identity: "b" } }],
    [{ delegation: { requester_identity: "a" } }, { delegation: { requester_identity: "b" } }],
  ];
  for (const [own, supplement] of both) {
    assertThrows(
      () => readCall({ name: "a", ...own }, { adapter: "mcp", supplement }),
      GaitError,
      "beside",
    );
  }
  const merged = readCall({ name: "a", context: { identity: "a" } }, {
    adapter: "mcp",
    supplement: { context: { session_id: "s" } },
  });
  assertEquals(merged.context, { identity: "a", session_id: "s" });
});

Deno.test("readCall() lets the hook's own session and folder give way to the request's", () => {
  const hook = {
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command: "ls" },
    session_id: "own",
    cwd: "/home/a",
    transcript_path: "/t.jsonl",
    permission_mode: "default",
  };
  const plain = readCall(hook, { adapter: "claude_code" });
  assertEquals(plain.context, { session_id: "own", workspace: "/home/a" });
  assertEquals(plain.ignoredMembers, ["permission_mode", "transcript_path"]);
  const given = readCall(hook, {
    adapter: "claude_code",
    supplement: { context: { session_id: "theirs" } },
  });
  assertEquals(given.context, { session_id: "theirs", workspace: "/home/a" });
});

Deno.test("readCall() makes free text of a custom tool its single argument", () => {
  const value = { type: "custom_tool_call", call_id: "c", name: "apply_patch", input: "*** Begin" };
  const call = readCall(value, { adapter: "openai_responses" });
  assertEquals(call.args, { input: "*** Begin" });
});

Deno.test("readAdapter() takes any case and names what it knows", () => {
  assertEquals(readAdapter(" MCP "), { name: "mcp", label: "mcp" });
  assertEquals(readAdapter(""), { name: "mcp", label: "" });
  const error = assertThrows(() => readAdapter("autogpt\u001b[31m"), GaitError);
  assertEquals([error.code, error.message], [
    "unsupported_value",
    "unsupported adapter: autogpt?[31m",
  ]);
});
