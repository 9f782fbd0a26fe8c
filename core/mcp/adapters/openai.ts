import type { JsonObject } from "../../base/json_value.ts";
import { sortedSet } from "../../base/text_rules.ts";
import { callError, given, givenNames, givenObject, shownName } from "../_members.ts";
import { checkEnvelope, type ForeignCall, readArgs, requiredName } from "./envelope.ts";

/**
 * Reads a tool call of OpenAI Chat Completions: `{"type":"function","function":{"name","arguments"}}`.
 *
 * @throws GaitError `call_invalid`, and the codes of JSON reading
 */
export function readOpenai(envelope: JsonObject): ForeignCall {
  const shape = { adapter: "openai", reads: ["function"], types: ["function"] };
  const ignored = checkEnvelope(envelope, shape);
  const call = givenObject(envelope, "function");
  if (call === undefined) throw callError("tool call name is required", "function.name");
  const doubled = ["args", "input", "parameters"].find((name) => given(call, name) !== undefined);
  if (doubled !== undefined) {
    throw callError(`function.${doubled} is a second candidate for the arguments`, "function");
  }
  const others = givenNames(call).filter((name) => name !== "name" && name !== "arguments");
  return {
    name: requiredName(call, "name"),
    args: readArgs(given(call, "arguments"), { path: "function.arguments", text: true }),
    ignored: sortedSet([...ignored, ...others.map((name) => `function.${shownName(name)}`)]),
  };
}
