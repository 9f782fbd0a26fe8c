import { isJsonObject, type JsonObject } from "../../base/json_value.ts";
import { sortedSet } from "../../base/text_rules.ts";
import { callError, given } from "../_members.ts";
import { checkEnvelope, type ForeignCall, onlyOne, readArgs, requiredName } from "./envelope.ts";
import { readOpenaiResponses } from "./openai_responses.ts";

const ADAPTER = "openai_agents";

/** Reads a tool context, as hooks and guardrails get it: `{"tool_name","tool_arguments"}`. */
function readToolContext(envelope: JsonObject): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: ADAPTER,
    reads: ["tool_name", "tool_arguments"],
    types: [],
  });
  return {
    name: requiredName(envelope, "tool_name"),
    args: readArgs(given(envelope, "tool_arguments"), { path: "tool_arguments", text: true }),
    ignored,
  };
}

/** Reads a run item, which wraps the model's own item. */
function readRunItem(envelope: JsonObject, member: string): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: ADAPTER,
    reads: [member],
    types: ["tool_call_item", "tool_approval_item"],
  });
  const item = given(envelope, member);
  if (!isJsonObject(item)) throw callError(`${member} must be an object`, member);
  const call = readOpenaiResponses(item, ADAPTER);
  const inner = call.ignored.map((name) => `${member}.${name}`);
  return { ...call, ignored: sortedSet([...ignored, ...inner]) };
}

/**
 * Reads a call of the OpenAI Agents SDK: a run item (`raw_item` in Python, `rawItem` in JavaScript), the
 * item itself, or a tool context.
 *
 * @throws GaitError `call_invalid`, and the codes of JSON reading
 */
export function readOpenaiAgents(envelope: JsonObject): ForeignCall {
  const wrapped = onlyOne(envelope, ["raw_item", "rawItem"]);
  if (wrapped !== undefined) return readRunItem(envelope, wrapped);
  if (given(envelope, "tool_name") !== undefined) return readToolContext(envelope);
  return readOpenaiResponses(envelope, ADAPTER);
}
