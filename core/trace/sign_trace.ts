/**
 * Signing a trace. The canonical text is written directly, member by member in sorted order: every
 * decision pays for it, and only members that a trace has can get under a signature.
 *
 * @module
 */

import type { JsonValue } from "../base/json_value.ts";
import { hexDigest } from "../digest/digest.ts";
import { canonicalize, canonicalString } from "../jcs/canonicalize.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { signHexDigest } from "../sign/signature.ts";
import type { TraceRecord, UnsignedTrace } from "./trace_record.ts";

/** Every signable member in the order of canonical JSON. */
const SORTED_MEMBERS = [
  "approval_token_ref",
  "args_digest",
  "correlation_id",
  "created_at",
  "delegation_ref",
  "event_id",
  "intent_digest",
  "latency_ms",
  "observed_at",
  "policy_digest",
  "producer_version",
  "schema_id",
  "schema_version",
  "skill_provenance",
  "tool_name",
  "trace_id",
  "verdict",
  "violations",
] as const satisfies readonly (keyof UnsignedTrace)[];

/**
 * Canonical text that the signature of a trace covers (spec 01 §12): all members but `signature`.
 *
 * @param trace A record without empty optional members, as `buildTrace` makes it.
 * @throws GaitError `text_encoding` for a lone surrogate in a text
 */
export function signableText(trace: UnsignedTrace): string {
  let out = "{";
  for (const name of SORTED_MEMBERS) {
    const value = trace[name];
    if (value === undefined) continue;
    if (out.length > 1) out += ",";
    // Records are plain JSON data; only their read-only lists keep them from being a JsonValue.
    const text = typeof value === "string"
      ? canonicalString(value)
      : canonicalize(value as unknown as JsonValue);
    out += `"${name}":${text}`;
  }
  return `${out}}`;
}

/**
 * Signs a trace.
 *
 * @param trace The record; a `signature` that it may have is replaced.
 * @param ports Holder of the key, and SHA-256.
 * @returns The same members with `signature` as the last one.
 * @throws GaitError `signer_failed` when an external signer fails
 */
export async function signTrace(
  trace: UnsignedTrace,
  ports: { readonly signer: Signer; readonly digester: Digester },
): Promise<TraceRecord> {
  const digest = await hexDigest(ports.digester, signableText(trace));
  const signature = await signHexDigest(digest, ports.signer);
  return { ...trace, signature };
}
