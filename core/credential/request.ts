/**
 * What a credential broker is asked for (spec 02 §11).
 *
 * @module
 */

import { type Bytes, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { lower, trim, uniqueSorted } from "../base/text_rules.ts";
import type { Rule } from "../policy/policy.ts";

/** Kinds of broker. */
export const BROKER_KINDS = ["off", "stub", "env", "command"] as const;
/** Kind of a broker. */
export type BrokerKind = typeof BROKER_KINDS[number];

/** A request for one credential. Empty strings mean "not given". */
export interface CredentialRequest {
  readonly tool_name: string;
  readonly identity: string;
  readonly workspace: string;
  readonly session_id: string;
  readonly request_id: string;
  readonly reference: string;
  /** Sorted by code point, free of duplicates; case is kept. */
  readonly scope: readonly string[];
}

/** What the command line or the configuration adds to a rule. */
export interface CredentialOptions {
  /** Takes the place of the rule's `broker_reference` when not blank. */
  readonly reference: string;
  /** Joined with the rule's `broker_scopes`. */
  readonly scopes: readonly string[];
}

/**
 * Reads the name of a broker: any case, surrounding white space ignored, empty and `none` mean `off`.
 *
 * @throws GaitError `unsupported_value`
 */
export function readBrokerKind(text: string): BrokerKind {
  const name = lower(trim(text));
  if (name === "" || name === "none") return "off";
  const kind = BROKER_KINDS.find((known) => known === name);
  if (kind === undefined) {
    throw new GaitError("unsupported_value", `unsupported credential broker: ${trim(text)}`, {
      hint: `use one of ${BROKER_KINDS.join(", ")}`,
    });
  }
  return kind;
}

/** Who calls, as the intent spells it: a workspace keeps its backslashes, for one. */
export interface CallerContext {
  readonly identity: string;
  readonly workspace: string;
  readonly session_id: string;
  readonly request_id: string;
}

/**
 * Reads the caller from an intent before normalisation: brokers get the values as written, trimmed
 * (spec 02 §11).
 *
 * @param intent The intent as parsed; it has been normalised without failure before.
 */
export function callerContext(intent: JsonValue): CallerContext {
  const context = isJsonObject(intent) && Object.hasOwn(intent, "context") ? intent["context"] : {};
  const text = (name: string): string => {
    if (!isJsonObject(context) || !Object.hasOwn(context, name)) return "";
    const value = context[name];
    return typeof value === "string" ? trim(value) : "";
  };
  return {
    identity: text("identity"),
    workspace: text("workspace"),
    session_id: text("session_id"),
    request_id: text("request_id"),
  };
}

/** The call that needs a credential. */
export interface CredentialCall {
  /** Normalised tool name. */
  readonly tool_name: string;
  /** From {@linkcode callerContext}. */
  readonly caller: CallerContext;
}

/**
 * Builds the request for a matched rule.
 *
 * @param call Tool and caller.
 * @param rule The matched rule.
 * @param options What flags and configuration add.
 */
export function credentialRequest(
  call: CredentialCall,
  rule: Pick<Rule, "broker_reference" | "broker_scopes">,
  options: CredentialOptions = { reference: "", scopes: [] },
): CredentialRequest {
  const reference = trim(options.reference);
  return {
    tool_name: call.tool_name,
    ...call.caller,
    reference: reference === "" ? trim(rule.broker_reference) : reference,
    scope: uniqueSorted([...rule.broker_scopes, ...options.scopes]),
  };
}

/**
 * Encodes a request as a broker command reads it on standard input: one JSON object, no newline, member
 * names as the reference spells them (spec 02 §11).
 */
export function encodeCredentialRequest(request: CredentialRequest): Bytes {
  const text = JSON.stringify({
    ToolName: request.tool_name,
    Identity: request.identity,
    Workspace: request.workspace,
    SessionID: request.session_id,
    RequestID: request.request_id,
    Reference: request.reference,
    Scope: request.scope,
  });
  return utf8(text);
}
