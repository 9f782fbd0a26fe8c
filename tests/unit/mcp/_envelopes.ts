/** One call in every envelope, as frameworks really send it. */

import type { JsonObject } from "../../../core/base/json_value.ts";
import type { AdapterName } from "../../../core/mcp/call_request.ts";

/** A call. */
export interface PlainCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** An envelope with its adapter. */
export interface Envelope {
  readonly adapter: AdapterName;
  readonly form: string;
  readonly value: JsonObject;
}

/** Every form of every adapter. */
export function envelopesOf({ name, args }: PlainCall): Envelope[] {
  const text = JSON.stringify(args);
  const item = {
    type: "function_call",
    id: "fc_67ccf18f64008190a39b619f4c8455ef",
    call_id: "call_KQ6u3S6L",
    name,
    arguments: text,
    status: "completed",
  };
  const { call_id: callId, ...camel } = item;
  return [
    { adapter: "mcp", form: "native", value: { name, args } },
    {
      adapter: "openai",
      form: "chat completion",
      value: { id: "call_a", type: "function", function: { name, arguments: text } },
    },
    {
      adapter: "openai",
      form: "stream, arguments as object",
      value: { index: 0, id: "call_a", type: "function", function: { name, arguments: args } },
    },
    {
      adapter: "anthropic",
      form: "content block",
      value: { type: "tool_use", id: "toolu_01A09q90qw90lq917835lq9", name, input: args },
    },
    {
      adapter: "anthropic",
      form: "server tool",
      value: {
        type: "server_tool_use",
        id: "srvtoolu_1",
        name,
        input: args,
        caller: { type: "direct" },
      },
    },
    {
      adapter: "langchain",
      form: "agent action",
      value: { tool: name, tool_input: args, log: "I should look", type: "AgentAction" },
    },
    {
      adapter: "langchain",
      form: "agent action, JavaScript",
      value: { tool: name, toolInput: args, log: "I should look" },
    },
    { adapter: "langchain", form: "agent action, text", value: { tool: name, tool_input: text } },
    {
      adapter: "langchain",
      form: "message tool call",
      value: { name, args, id: "call_a", type: "tool_call" },
    },
    { adapter: "openai_responses", form: "function call", value: item },
    {
      adapter: "openai_responses",
      form: "approval of a remote call",
      value: {
        type: "mcp_approval_request",
        id: "mcpr_1",
        name,
        arguments: text,
        server_label: "x",
      },
    },
    { adapter: "openai_agents", form: "item", value: item },
    {
      adapter: "openai_agents",
      form: "run item, JavaScript",
      value: { type: "tool_call_item", rawItem: { ...camel, callId }, agent: { name: "triage" } },
    },
    {
      adapter: "openai_agents",
      form: "run item, Python",
      value: { type: "tool_call_item", raw_item: item, agent: { name: "triage" } },
    },
    {
      adapter: "openai_agents",
      form: "tool context",
      value: { tool_name: name, tool_call_id: "call_a", tool_arguments: text },
    },
    {
      adapter: "claude_code",
      form: "hook",
      value: { hook_event_name: "PreToolUse", tool_name: name, tool_input: args, tool_use_id: "t" },
    },
    {
      adapter: "vercel_ai",
      form: "version 5",
      value: { type: "tool-call", toolCallId: "c", toolName: name, input: args, dynamic: true },
    },
    {
      adapter: "vercel_ai",
      form: "version 4",
      value: { type: "tool-call", toolCallId: "c", toolName: name, args },
    },
    {
      adapter: "vercel_ai",
      form: "provider",
      value: {
        type: "tool-call",
        toolCallType: "function",
        toolCallId: "c",
        toolName: name,
        input: text,
      },
    },
  ];
}
