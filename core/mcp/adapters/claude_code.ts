import type { JsonObject } from "../../base/json_value.ts";
import { callError, given, givenText } from "../_members.ts";
import { checkEnvelope, type ForeignCall, readArgs, requiredName } from "./envelope.ts";

/** Events that come before the tool runs; a decision about a finished call would enforce nothing. */
const EVENTS = ["PreToolUse", "PermissionRequest"];

/**
 * Reads the input of a Claude Code hook: `{"hook_event_name":"PreToolUse","tool_name","tool_input"}`.
 * `session_id` and `cwd` become session and workspace, unless the request says otherwise.
 *
 * @throws GaitError `call_invalid`
 */
export function readClaudeCode(envelope: JsonObject): ForeignCall {
  const ignored = checkEnvelope(envelope, {
    adapter: "claude_code",
    reads: ["hook_event_name", "tool_name", "tool_input", "session_id", "cwd"],
    types: [],
  });
  const event = givenText(envelope, "hook_event_name");
  if (!EVENTS.includes(event)) {
    throw callError(`hook_event_name must be ${EVENTS.join(" or ")}`, "hook_event_name");
  }
  if (given(envelope, "tool_response") !== undefined) {
    throw callError("tool_response belongs to a call that has already run", "tool_response");
  }
  const session = givenText(envelope, "session_id");
  const cwd = givenText(envelope, "cwd");
  return {
    name: requiredName(envelope, "tool_name"),
    args: readArgs(given(envelope, "tool_input"), { path: "tool_input", text: false }),
    ignored,
    context: {
      ...(session === "" ? {} : { session_id: session }),
      ...(cwd === "" ? {} : { workspace: cwd }),
    },
  };
}
