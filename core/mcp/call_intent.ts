/**
 * The intent of a tool call, with the fallback for what the caller leaves out (spec 04 §2.1, §2.5).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { trim } from "../base/text_rules.ts";
import type { Profile } from "../enforce/request.ts";
import { setOwn } from "../text/own.ts";
import { givenText } from "./_members.ts";
import type { CallWarning, FallbackContext, ToolCall } from "./call_request.ts";
import { inferTargets } from "./infer_targets.ts";

/** Fields that the strict profile wants, in the order in which they are checked. */
const STRICT_FIELDS = ["identity", "workspace", "session_id"] as const;

/** How an intent is made. */
export interface CallIntentOptions {
  readonly fallback: FallbackContext;
  /** Context members that win over the call's. */
  readonly proven?: JsonObject;
  readonly profile: Profile;
  readonly inferTargets: boolean;
}

/** An intent that is ready to be normalised, and what is weak about it. */
export interface CallIntent {
  readonly value: JsonObject;
  readonly warnings: readonly CallWarning[];
}

/** Whether a context field is absent or blank. @throws GaitError `call_invalid` when it is no text */
function isBlank(context: JsonObject, field: string): boolean {
  return trim(givenText(context, field)) === "";
}

/** Refuses a context that the strict profile does not accept. */
function checkStrict(context: JsonObject): void {
  const missing = STRICT_FIELDS.find((field) => isBlank(context, field));
  if (missing === undefined) return;
  throw new GaitError("profile_refused", `context.${missing} is required in strict profile`, {
    place: { path: `context.${missing}` },
    hint: "let the caller name identity, workspace and session, in the call or beside it",
  });
}

const FALLBACK_WARNING: CallWarning = {
  code: "fallback_context",
  message: "standard profile applied fallback intent context; " +
    "use --profile oss-prod for strict context enforcement",
  severity: "warning",
};

/** Fills blank fields. */
function filled(context: JsonObject, fallback: FallbackContext): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(context)) setOwn(out, { key, value });
  for (const [key, value] of Object.entries(fallback)) {
    if (isBlank(out, key)) out[key] = value;
  }
  return out;
}

/** Members that are given. */
function optional(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) out[key] = value;
  return out;
}

/**
 * Builds the intent of a call.
 *
 * @throws GaitError `profile_refused` where `oss-prod` misses context, `call_invalid` for context fields of
 *   the wrong type
 */
export function callIntent(call: ToolCall, options: CallIntentOptions): CallIntent {
  const context: JsonObject = {};
  for (const source of [call.context, options.proven ?? {}]) {
    for (const [key, value] of Object.entries(source)) setOwn(context, { key, value });
  }
  const strict = options.profile === "oss-prod";
  if (strict) checkStrict(context);
  const fallback = STRICT_FIELDS.some((field) => isBlank(context, field));
  const noTargets = call.targets === undefined ||
    (Array.isArray(call.targets) && call.targets.length === 0);
  const targets = noTargets && options.inferTargets
    ? inferTargets({ tool: call.name, args: call.args })
    : call.targets;
  const value = {
    schema_id: "gait.gate.intent_request",
    schema_version: "1.0.0",
    tool_name: call.name,
    args: call.args,
    ...optional({
      created_at: call.createdAt,
      targets,
      arg_provenance: call.argProvenance,
      skill_provenance: call.skillProvenance,
      delegation: call.delegation,
    }),
    context: filled(context, options.fallback),
  };
  return { value, warnings: fallback ? [FALLBACK_WARNING] : [] };
}
