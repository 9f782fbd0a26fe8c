/**
 * Who calls, from where, at which risk (spec 02 §2.7).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import { lower, sortedSet } from "../base/text_rules.ts";
import {
  asObject,
  field,
  intentError,
  knownKeys,
  member,
  textSetField,
  trimmedField,
} from "./_fields.ts";
import { normalizeFreeObject } from "./_values.ts";
import type { IntentContext } from "./intent.ts";

const PATH = "context";
const KEYS = knownKeys(
  "identity",
  "workspace",
  "risk_class",
  "session_id",
  "request_id",
  "auth_context",
  "credential_scopes",
  "environment_fingerprint",
);

/** A context and the names in it that no rule knows. */
export interface ReadContext {
  readonly context: IntentContext;
  readonly unknownKeys: readonly string[];
}

/** Reads a field that must not be blank. */
function requiredField(object: JsonObject, key: string): string {
  const text = trimmedField(object, key, PATH);
  if (text === "") throw intentError(`${PATH}.${key} is required`, member(PATH, key));
  return text;
}

/** Normalises `auth_context`; an empty one counts as absent. */
function readAuthContext(object: JsonObject): JsonObject | undefined {
  const path = member(PATH, "auth_context");
  const value = field(object, "auth_context");
  if (value === undefined) return undefined;
  const normalized = normalizeFreeObject(asObject(value, path), path);
  return Object.keys(normalized).length === 0 ? undefined : normalized;
}

/** Normalises the context. @throws GaitError `intent_invalid` */
export function readContext(intent: JsonObject): ReadContext {
  const object = asObject(field(intent, PATH), PATH);
  const context: IntentContext = {
    identity: requiredField(object, "identity"),
    workspace: requiredField(object, "workspace").replaceAll("\\", "/"),
    risk_class: lower(requiredField(object, "risk_class")),
    session_id: trimmedField(object, "session_id", PATH),
    request_id: trimmedField(object, "request_id", PATH),
    auth_context: readAuthContext(object),
    credential_scopes: textSetField(object, "credential_scopes", PATH),
    environment_fingerprint: trimmedField(object, "environment_fingerprint", PATH),
  };
  const unknown = Object.keys(object).filter((key) => !KEYS.set.has(key));
  return { context, unknownKeys: sortedSet(unknown) };
}
