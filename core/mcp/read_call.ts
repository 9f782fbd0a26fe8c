/**
 * From an adapter's envelope to the tool call that is decided on.
 *
 * @module
 */

import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { sortedSet } from "../base/text_rules.ts";
import { setOwn } from "../text/own.ts";
import { callError, given, givenObject, givenText, shownName } from "./_members.ts";
import type { ForeignCall } from "./adapters/envelope.ts";
import { readAnthropic } from "./adapters/anthropic.ts";
import { readClaudeCode } from "./adapters/claude_code.ts";
import { readLangchain } from "./adapters/langchain.ts";
import { readNative } from "./adapters/native.ts";
import { readOpenai } from "./adapters/openai.ts";
import { readOpenaiAgents } from "./adapters/openai_agents.ts";
import { readOpenaiResponses } from "./adapters/openai_responses.ts";
import { readVercelAi } from "./adapters/vercel_ai.ts";
import type { AdapterName, CallSupplement, ToolCall } from "./call_request.ts";

/** How a call is read. */
export interface ReadCallOptions {
  readonly adapter: AdapterName;
  /** What the request says beside the call. */
  readonly supplement?: CallSupplement;
}

/** A call as its adapter alone sees it. */
type AdapterCall = Omit<ToolCall, "adapter" | "runId">;

/** Adds what only the native envelope has. */
function fromForeign(call: ForeignCall): AdapterCall {
  return {
    name: call.name,
    args: call.args,
    context: call.context ?? {},
    targets: undefined,
    argProvenance: undefined,
    skillProvenance: undefined,
    delegation: undefined,
    createdAt: undefined,
    ignoredMembers: call.ignored,
  };
}

/** Hands the envelope to its adapter. */
function readEnvelope(envelope: JsonObject, adapter: AdapterName): AdapterCall {
  switch (adapter) {
    case "mcp":
      return { ...readNative(envelope), ignoredMembers: [] };
    case "openai":
      return fromForeign(readOpenai(envelope));
    case "anthropic":
      return fromForeign(readAnthropic(envelope));
    case "langchain":
      return fromForeign(readLangchain(envelope));
    case "openai_responses":
      return fromForeign(readOpenaiResponses(envelope));
    case "openai_agents":
      return fromForeign(readOpenaiAgents(envelope));
    case "claude_code":
      return fromForeign(readClaudeCode(envelope));
    case "vercel_ai":
      return fromForeign(readVercelAi(envelope));
  }
}

/** A member of the call or of the request beside it, never both. @throws GaitError `call_invalid` */
function single(
  member: keyof CallSupplement,
  call: JsonValue | undefined,
  supplement: CallSupplement,
): JsonValue | undefined {
  const beside = supplement[member] ?? undefined;
  if (call !== undefined && beside !== undefined) {
    throw callError(`${member} stands in the call and beside it`, member, "give it once");
  }
  return beside ?? call;
}

/** Copies members under their own names. */
function assign(target: JsonObject, source: JsonObject): void {
  for (const [key, value] of Object.entries(source)) {
    if (value !== null) setOwn(target, { key, value });
  }
}

/**
 * The context: what stands beside a foreign call wins over what its envelope brings along. A native call
 * states its context on purpose, so there a second value is refused.
 */
function mergedContext(
  call: AdapterCall,
  options: { readonly supplement: CallSupplement; readonly native: boolean },
): JsonObject {
  const beside = givenObject(options.supplement as JsonObject, "context") ?? {};
  if (options.native) {
    const both = Object.keys(beside).find((key) => {
      const own = given(call.context, key);
      return own !== undefined && given(beside, key) !== undefined;
    });
    if (both !== undefined) {
      const path = `context.${shownName(both)}`;
      throw callError(`${path} stands in the call and beside it`, path, "give it once");
    }
  }
  const out: JsonObject = {};
  assign(out, call.context);
  assign(out, beside);
  return out;
}

/**
 * Reads the call in an envelope.
 *
 * @param envelope The decoded payload. Text must come from the strict reader, which refuses duplicate keys,
 *   lone surrogates and integers that do not survive (divergences P1, P5, P6).
 * @throws GaitError `call_invalid`, and the codes of JSON reading for arguments that came as text
 */
export function readCall(envelope: JsonValue, options: ReadCallOptions): ToolCall {
  const { adapter, supplement = {} } = options;
  if (!isJsonObject(envelope)) throw callError("the envelope must be an object", "");
  const call = readEnvelope(envelope, adapter);
  const context = mergedContext(call, { supplement, native: adapter === "mcp" });
  const runId = givenText(context, "run_id");
  delete context.run_id;
  return {
    adapter,
    name: call.name,
    args: call.args,
    context,
    targets: single("targets", call.targets, supplement),
    argProvenance: single("arg_provenance", call.argProvenance, supplement),
    skillProvenance: single("skill_provenance", call.skillProvenance, supplement),
    delegation: single("delegation", call.delegation, supplement),
    createdAt: single("created_at", call.createdAt, supplement),
    runId,
    ignoredMembers: sortedSet(call.ignoredMembers),
  };
}
