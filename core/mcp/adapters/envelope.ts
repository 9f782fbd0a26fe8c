/**
 * What foreign adapters share: one member for the name, one for the arguments, no second candidate for
 * either, no mark of another envelope (divergences G11, P2).
 *
 * @module
 */

import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json_value.ts";
import { sortedSet, trim } from "../../base/text_rules.ts";
import { parseJson } from "../../text/json.ts";
import { callError, given, givenNames, givenText, shownName } from "../_members.ts";

/**
 * Members that hold a name, arguments or a whole call in some envelope that agents send. One of them beside
 * those of the chosen adapter means that a second reader could see another call than the one decided on.
 */
const MARKERS: readonly string[] = [
  "args",
  "arguments",
  "call",
  "custom",
  "function",
  "function_call",
  "functionCall",
  "hook_event_name",
  "input",
  "jsonrpc",
  "name",
  "params",
  "parameters",
  "rawItem",
  "raw_item",
  "tool",
  "toolCall",
  "toolCalls",
  "toolInput",
  "toolName",
  "tool_arguments",
  "tool_call",
  "tool_calls",
  "tool_input",
  "tool_name",
];

/** Types of envelopes, and of things beside calls that look like one. Any other `type` says nothing. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  "AgentAction",
  "AgentActionMessageLog",
  "AgentFinish",
  "computer_call",
  "custom",
  "custom_tool_call",
  "custom_tool_call_output",
  "function",
  "function_call",
  "function_call_output",
  "local_shell_call",
  "mcp_approval_request",
  "mcp_approval_response",
  "mcp_call",
  "mcp_tool_result",
  "mcp_tool_use",
  "message",
  "server_tool_use",
  "tool",
  "tool-call",
  "tool-error",
  "tool-result",
  "tool_approval_item",
  "tool_call",
  "tool_call_item",
  "tool_call_output_item",
  "tool_result",
  "tool_use",
]);

/** What every foreign adapter finds in its envelope. */
export interface ForeignCall {
  /** Name as spelled. */
  readonly name: string;
  readonly args: JsonObject;
  /** Members that play no part, sorted. */
  readonly ignored: readonly string[];
  /** Context that the envelope itself brings. */
  readonly context?: JsonObject;
}

/** The shape of one envelope. */
export interface EnvelopeShape {
  /** Name of the adapter, for messages. */
  readonly adapter: string;
  /** Members that the adapter reads; every other marker is refused. */
  readonly reads: readonly string[];
  /** Values of `type` that name this envelope. */
  readonly types: readonly string[];
  /** Whether `type` must be one of them; otherwise it may be absent, or one that no envelope knows. */
  readonly typed?: boolean;
}

/** Whether the envelope says itself what it is. @throws GaitError `call_invalid` when it says something else */
function checkType(object: JsonObject, { adapter, types, typed }: EnvelopeShape): boolean {
  const type = given(object, "type");
  const known = typeof type === "string" && types.includes(type);
  const foreign = typeof type === "string" && KNOWN_TYPES.has(type);
  if (known || (!foreign && typed !== true)) return known;
  throw callError(
    types.length === 0
      ? `type ${shownName(String(type))} is not one of the ${adapter} adapter`
      : `type must be ${types.join(" or ")} for the ${adapter} adapter`,
    "type",
  );
}

/**
 * Checks an envelope against its shape.
 *
 * @returns The members that the adapter does not read, sorted.
 * @throws GaitError `call_invalid`
 */
export function checkEnvelope(object: JsonObject, shape: EnvelopeShape): readonly string[] {
  const foreign = MARKERS.find((name) =>
    !shape.reads.includes(name) && given(object, name) !== undefined
  );
  if (foreign !== undefined) {
    throw callError(
      `${foreign} has no place in an envelope of the ${shape.adapter} adapter`,
      foreign,
      "choose the adapter of this envelope, and send one call in one envelope",
    );
  }
  const used = new Set(checkType(object, shape) ? [...shape.reads, "type"] : shape.reads);
  return sortedSet(givenNames(object).filter((name) => !used.has(name)).map(shownName));
}

/** Reads the name. @throws GaitError `call_invalid` */
export function requiredName(object: JsonObject, member: string): string {
  const name = givenText(object, member);
  if (trim(name) === "") throw callError("tool call name is required", member);
  return name;
}

/** Parses arguments that came as text; blank text and `null` mean none (spec 04 §2.2). */
function argsText(text: string, path: string): JsonObject {
  if (trim(text) === "") return {};
  const value = parseJson(text, { source: path, refuseUnsafeIntegers: true });
  if (value === null) return {};
  if (!isJsonObject(value)) throw callError(`${path} must hold a JSON object`, path);
  return value;
}

/**
 * Reads arguments: an object, or where the envelope allows it a text that holds one.
 *
 * @throws GaitError `call_invalid`, and the codes of JSON reading for texts
 */
export function readArgs(
  value: JsonValue | undefined,
  options: { readonly path: string; readonly text: boolean },
): JsonObject {
  if (value === undefined || value === null) return {};
  if (isJsonObject(value)) return value;
  if (options.text && typeof value === "string") return argsText(value, options.path);
  const wanted = options.text ? "an object, or a text that holds one" : "an object";
  throw callError(`${options.path} must be ${wanted}`, options.path);
}

/** The single one of several members that are alternatives. @throws GaitError `call_invalid` */
export function onlyOne(object: JsonObject, members: readonly string[]): string | undefined {
  const [first, second] = members.filter((name) => given(object, name) !== undefined);
  if (second === undefined) return first;
  throw callError(`${first} and ${second} both stand for the same thing`, second);
}
