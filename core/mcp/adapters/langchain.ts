import type { JsonObject } from "../../base/json_value.ts";
import { given } from "../_members.ts";
import { checkEnvelope, type ForeignCall, onlyOne, readArgs, requiredName } from "./envelope.ts";

/** Reads an agent action: `{"tool","tool_input","log"}`; JavaScript says `toolInput`. */
function readAction(envelope: JsonObject): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: "langchain",
    reads: ["tool", "tool_input", "toolInput"],
    types: ["AgentAction", "AgentActionMessageLog"],
  });
  const member = onlyOne(envelope, ["tool_input", "toolInput"]) ?? "tool_input";
  return {
    name: requiredName(envelope, "tool"),
    args: readArgs(given(envelope, member), { path: member, text: true }),
    ignored,
  };
}

/** Reads a tool call of a message: `{"type":"tool_call","name","args","id"}`. */
function readToolCall(envelope: JsonObject): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: "langchain",
    reads: ["name", "args"],
    types: ["tool_call"],
  });
  return {
    name: requiredName(envelope, "name"),
    args: readArgs(given(envelope, "args"), { path: "args", text: false }),
    ignored,
  };
}

/**
 * Reads a LangChain call: an agent action, or a message's tool call, which its `type` tells apart. Without
 * `type` the latter is refused, because it could as well be an envelope of another adapter.
 *
 * @throws GaitError `call_invalid`, and the codes of JSON reading
 */
export function readLangchain(envelope: JsonObject): ForeignCall {
  return given(envelope, "type") === "tool_call" ? readToolCall(envelope) : readAction(envelope);
}
