import type { JsonObject } from "../../base/json_value.ts";
import { given } from "../_members.ts";
import { checkEnvelope, type ForeignCall, readArgs, requiredName } from "./envelope.ts";

/**
 * Reads a content block of the Anthropic Messages API: `{"type":"tool_use","name","input"}`.
 *
 * @throws GaitError `call_invalid`
 */
export function readAnthropic(envelope: JsonObject): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: "anthropic",
    reads: ["name", "input"],
    types: ["tool_use", "server_tool_use", "mcp_tool_use"],
  });
  return {
    name: requiredName(envelope, "name"),
    args: readArgs(given(envelope, "input"), { path: "input", text: false }),
    ignored,
  };
}
