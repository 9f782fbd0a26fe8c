/**
 * Bearer tokens (spec 04 §5.2, divergence W10). Tokens are compared as SHA-256 digests, each with every
 * entry, so that the time tells neither length nor content nor position.
 *
 * @module
 */

import { equalBytes, utf8 } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { trim } from "../../base/text_rules.ts";
import type { Digester } from "../../ports/digest.ts";
import type { HttpHeaders } from "../../ports/http.ts";

/** Who a token stands for; absent members stay as the request says. */
export interface Caller {
  /** Overrides `context.identity`. */
  readonly identity?: string;
  /** Overrides `context.workspace`. */
  readonly workspace?: string;
}

/** One accepted token. */
export interface TokenEntry {
  /** SHA-256 of the trimmed token, 32 bytes. */
  readonly digest: Uint8Array;
  readonly caller: Caller;
}

/** How requests are authenticated. */
export type AuthRule =
  | { readonly mode: "off" }
  | { readonly mode: "token"; readonly tokens: readonly TokenEntry[] };

const NOBODY: Caller = {};
const SCHEME = "Bearer ";

/** A refusal. */
function refuse(message: string): GaitError {
  return new GaitError("unauthenticated", message);
}

/** Entry of a token that comes from the environment. */
export async function tokenEntry(
  token: string,
  caller: Caller,
  digester: Digester,
): Promise<TokenEntry> {
  return { digest: await digester.sha256(utf8(trim(token))), caller };
}

/**
 * Authenticates a request.
 *
 * @param headers Only `Authorization` is looked at; the scheme is case-sensitive as in the reference.
 * @returns Who calls; nobody in particular when authentication is off.
 * @throws GaitError `unauthenticated`
 */
export async function authenticate(
  headers: HttpHeaders,
  rule: AuthRule,
  digester: Digester,
): Promise<Caller> {
  if (rule.mode === "off") return NOBODY;
  const header = headers.get("authorization") ?? "";
  if (!header.startsWith(SCHEME)) throw refuse("missing bearer authorization");
  const digest = await digester.sha256(utf8(trim(header.slice(SCHEME.length))));
  let found: Caller | undefined;
  for (const entry of rule.tokens) {
    // INVARIANT: every entry is compared, whether or not one matched before.
    if (equalBytes(entry.digest, digest)) found = entry.caller;
  }
  if (found === undefined) throw refuse("invalid bearer authorization");
  return found;
}
