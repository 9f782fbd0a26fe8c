/**
 * What both kinds of token are minted with: life, scope, bound digests, and the id made of them
 * (spec 02 §9.1, §10.1, §15.6).
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { type Duration, parseDuration } from "../base/duration.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant, type Instant } from "../base/instant.ts";
import { lowerList } from "../base/text_rules.ts";
import { isSha256Hex } from "../digest/hex.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { digestText, type TokenTime } from "./token_file.ts";

/** First 12 bytes, in hex, of SHA-256 over parts joined with colons (spec 02 §9.1, §10.1). */
export async function tokenIdOf(parts: readonly string[], digester: Digester): Promise<string> {
  const digest = await digester.sha256(utf8(parts.join(":")));
  return toHex(digest.subarray(0, 12));
}

/** What minting takes from the outside. */
export interface MintOptions {
  /** Key of the person or service that vouches for the token. */
  readonly signer: Signer;
  /** SHA-256. */
  readonly digester: Digester;
  /** Start of the token's life. */
  readonly now: Instant;
  /** Version of this build, for `producer_version`. */
  readonly version: string;
}

/** Terms that both kinds of token are minted with. */
export interface TokenTerms {
  /** Life of the token, nanoseconds. */
  readonly ttl: Duration;
  /** Lower-cased, sorted, free of duplicates, at least one. */
  readonly scope: readonly string[];
}

/**
 * Reads `--ttl` and `--scope`, which are checked before any key is loaded (spec 02 §15.6).
 *
 * @param input The texts as given.
 * @throws GaitError `invalid_input`
 */
export function readTokenTerms(
  input: { readonly ttl: string; readonly scope: readonly string[] },
): TokenTerms {
  const ttl = parseDuration(input.ttl);
  if (ttl === undefined || ttl <= 0n) {
    throw new GaitError("invalid_input", "invalid --ttl, expected positive duration", {
      hint: "use a duration such as 30m, 1h or 1h30m",
    });
  }
  const scope = lowerList(input.scope);
  if (scope.length === 0) throw new GaitError("invalid_input", "scope is required");
  return { ttl, scope };
}

/**
 * Reads a digest that a token is to be bound to.
 *
 * @param name Field name for the message.
 * @param text The text as given.
 * @param options `optional` admits an empty text.
 * @throws GaitError `invalid_input`
 */
export function readBoundDigest(
  name: string,
  text: string,
  options: { readonly optional: boolean } = { optional: false },
): string {
  const digest = digestText(text);
  if (isSha256Hex(digest) || (options.optional && digest === "")) return digest;
  const when = options.optional ? " when set" : "";
  throw new GaitError("invalid_input", `${name} must be sha256 hex${when}`, {
    place: { path: name },
  });
}

/** Start and end of the life of a token that is minted now. */
export function tokenLife(
  terms: TokenTerms,
  now: Instant,
): { readonly created_at: TokenTime; readonly expires_at: TokenTime } {
  const end = now + terms.ttl;
  return {
    created_at: { text: formatInstant(now), instant: now },
    expires_at: { text: formatInstant(end), instant: end },
  };
}
