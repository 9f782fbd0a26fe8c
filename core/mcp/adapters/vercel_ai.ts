import type { JsonObject } from "../../base/json_value.ts";
import { given } from "../_members.ts";
import { checkEnvelope, type ForeignCall, onlyOne, readArgs, requiredName } from "./envelope.ts";

/**
 * Reads a tool call of the Vercel AI SDK: `{"type":"tool-call","toolName","input"}`; version 4 says `args`
 * instead of `input`, and providers hand the arguments on as text.
 *
 * @throws GaitError `call_invalid`, and the codes of JSON reading
 */
export function readVercelAi(envelope: JsonObject): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: "vercel_ai",
    reads: ["toolName", "input", "args"],
    types: ["tool-call"],
  });
  const member = onlyOne(envelope, ["input", "args"]) ?? "input";
  return {
    name: requiredName(envelope, "toolName"),
    args: readArgs(given(envelope, member), { path: member, text: true }),
    ignored,
  };
}
