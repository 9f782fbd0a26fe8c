import type { JsonObject } from "../../base/json_value.ts";
import { callError, given } from "../_members.ts";
import { checkEnvelope, type ForeignCall, readArgs, requiredName } from "./envelope.ts";

/** A custom tool takes free text; it becomes the single argument `input`. */
function readCustom(item: JsonObject, adapter: string): ForeignCall {
  const shape = { adapter, reads: ["name", "input"], types: ["custom_tool_call"], typed: true };
  const ignored = checkEnvelope(item, shape);
  const input = given(item, "input");
  if (typeof input !== "string") throw callError("input must be a string", "input");
  return { name: requiredName(item, "name"), args: { input }, ignored };
}

/**
 * Reads an output item of the OpenAI Responses API: `{"type":"function_call","name","arguments"}`,
 * `{"type":"custom_tool_call","name","input"}`, or the request to approve a call of a remote MCP server.
 *
 * @param adapter Name for messages: the Agents SDK hands the same items on.
 * @throws GaitError `call_invalid`, and the codes of JSON reading
 */
export function readOpenaiResponses(item: JsonObject, adapter = "openai_responses"): ForeignCall {
  if (given(item, "type") === "custom_tool_call") return readCustom(item, adapter);
  const ignored = checkEnvelope(item, {
    adapter,
    reads: ["name", "arguments"],
    types: ["function_call", "mcp_approval_request"],
    typed: true,
  });
  return {
    name: requiredName(item, "name"),
    args: readArgs(given(item, "arguments"), { path: "arguments", text: true }),
    ignored,
  };
}
