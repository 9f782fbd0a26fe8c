/**
 * Token hashes of a service. Generated from `schemas/v1/service/auth_tokens.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** One token and whom it stands for. */
export interface WireAuthTokensToken {
  /** SHA-256 of the token without blanks around, hex. */
  readonly sha256: string;
  /** Replaces context.identity of every call. */
  readonly identity: string;
  /** Replaces context.workspace of every call. */
  readonly workspace?: string;
}

/** Which bearer token stands for whom: the file of --auth-tokens. It holds digests only. */
export interface WireAuthTokens {
  /** Names the kind of document. */
  readonly schema_id: "gait.service.auth_tokens";
  /** Version of the document form. */
  readonly schema_version: "1.0.0";
  /** Tokens that are accepted; each digest once. */
  readonly tokens: readonly WireAuthTokensToken[];
}

/** Compiled schema: `token`. */
export const AUTH_TOKENS_TOKEN: SchemaNode = {
  type: "object",
  required: ["sha256", "identity"],
  properties: {
    sha256: { type: "string", pattern: /^[0-9a-fA-F]{64}$/u },
    identity: { type: "string", minLength: 1 },
    workspace: { type: "string", minLength: 1 },
  },
  additionalProperties: false,
};

/** Compiled schema: Token hashes of a service. */
export const AUTH_TOKENS: SchemaNode = {
  type: "object",
  required: ["schema_id", "schema_version", "tokens"],
  properties: {
    schema_id: { type: "string", const: "gait.service.auth_tokens" },
    schema_version: { type: "string", const: "1.0.0" },
    tokens: { type: "array", minItems: 1, items: AUTH_TOKENS_TOKEN },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/service/auth_tokens.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateAuthTokens(value: unknown): Finding[] {
  return validate(AUTH_TOKENS, value);
}
