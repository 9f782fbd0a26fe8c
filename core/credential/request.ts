/**
 * What a credential broker is asked for (spec 02 §11).
 *
 * @module
 */

import { type Bytes, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { lower, trim, uniqueSorted } from "../base/text_rules.ts";
import type { NormalizedIntent } from "../intent/intent.ts";
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

/**
 * Builds the request for a matched rule.
 *
 * @param intent The normalised intent.
 * @param rule The matched rule.
 * @param options What flags and configuration add.
 */
export function credentialRequest(
  intent: Pick<NormalizedIntent, "tool_name" | "context">,
  rule: Pick<Rule, "broker_reference" | "broker_scopes">,
  options: CredentialOptions = { reference: "", scopes: [] },
): CredentialRequest {
  const { identity, workspace, session_id, request_id } = intent.context;
  const reference = trim(options.reference);
  return {
    tool_name: intent.tool_name,
    identity,
    workspace,
    session_id,
    request_id,
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
