/**
 * Digests of an intent (spec 02 §3).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import { digestOfJson, hexDigest, sha256Hex } from "../digest/digest.ts";
import type { Digester, MaybePromise } from "../ports/digest.ts";
import type { NormalizedIntent } from "./intent.ts";
import { argsPreimage, delegationPreimage, intentPreimages } from "./preimage.ts";

/** The digests of one intent, 64 lower-case hex digits each, named as traces name them. */
export interface IntentDigests {
  /** Of the normalised arguments alone. */
  readonly args_digest: string;
  /** Of everything that decides: tool, arguments, targets, provenance, delegation, context. */
  readonly intent_digest: string;
  /** Absent when the intent has no delegation. */
  readonly delegation_binding_digest?: string;
}

/** All digests; a promise only when one of them is: see {@linkcode hexDigest}. */
function together(digests: readonly MaybePromise<string>[]): MaybePromise<string[]> {
  const ready = digests.filter((digest) => typeof digest === "string");
  return ready.length === digests.length ? ready : Promise.all(digests);
}

/**
 * Computes all digests of an intent, each part canonicalised once.
 *
 * @throws GaitError `text_encoding`, `json_unsupported` or `text_too_deep` when a value that did not come
 *   from the strict reader cannot be canonicalised.
 *
 * @example
 * ```ts
 * import { intentDigests, normalizeIntent, webDigester } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const intent = normalizeIntent({
 *   tool_name: "file.read",
 *   args: { path: "/srv/data.txt" },
 *   context: { identity: "assistant", workspace: "/srv", risk_class: "low" },
 * });
 * const { intent_digest } = await intentDigests(intent, webDigester);
 * assertEquals(intent_digest.length, 64);
 * ```
 */
export async function intentDigests(
  intent: NormalizedIntent,
  digester: Digester,
): Promise<IntentDigests> {
  const text = intentPreimages(intent);
  const texts = [
    text.args,
    text.intent,
    ...(text.delegation === undefined ? [] : [text.delegation]),
  ];
  const digests = await together(texts.map((each) => hexDigest(digester, each)));
  const [args, whole, delegation] = digests as [string, string, string?];
  return {
    args_digest: args,
    intent_digest: whole,
    ...(delegation === undefined ? {} : { delegation_binding_digest: delegation }),
  };
}

/** Digest of the normalised arguments. @throws GaitError as {@linkcode intentDigests} does. */
export async function argsDigest(
  intent: { readonly args: JsonObject },
  digester: Digester,
): Promise<string> {
  return await sha256Hex(digester, argsPreimage(intent));
}

/** Digest of the whole intent. @throws GaitError as {@linkcode intentDigests} does. */
export async function intentDigest(intent: NormalizedIntent, digester: Digester): Promise<string> {
  return await sha256Hex(digester, intentPreimages(intent).intent);
}

/**
 * Digest of the delegation, which approval tokens may be bound to.
 *
 * @returns `undefined` when the intent has no delegation.
 * @throws GaitError as {@linkcode intentDigests} does.
 */
export async function delegationBindingDigest(
  intent: NormalizedIntent,
  digester: Digester,
): Promise<string | undefined> {
  if (intent.delegation === undefined) return undefined;
  return await sha256Hex(digester, delegationPreimage(intent.delegation));
}

/** A tool call as the agent spelled it. */
export interface RawCall {
  /** Name before trimming and lower-casing. */
  readonly tool_name: string;
  /** Arguments before trimming. */
  readonly args: JsonObject;
}

/**
 * Digest of the call as it was spelled: `"ls"` and `"ls\n"` share an `intent_digest`, not this one, so
 * enforcing drivers bind approvals to it (divergence G15).
 *
 * @throws GaitError as {@linkcode intentDigests} does.
 */
export async function rawCallDigest(call: RawCall, digester: Digester): Promise<string> {
  return await digestOfJson(digester, { args: call.args, tool_name: call.tool_name });
}
