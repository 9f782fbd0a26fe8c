/**
 * Ids of traces, derived from content (spec 01 §5).
 *
 * @module
 */

import { hexDigest } from "../digest/digest.ts";
import type { Digester } from "../ports/digest.ts";

/** First 12 bytes of a digest as 24 hex digits. */
async function shortId(text: string, digester: Digester): Promise<string> {
  return (await hexDigest(digester, text)).slice(0, 24);
}

/** What a trace id is made of. */
export interface TraceIdParts {
  readonly policy_digest: string;
  readonly intent_digest: string;
  readonly verdict: string;
}

/** Id of a decision: the same for the same policy, intent and verdict. */
export function traceId(parts: TraceIdParts, digester: Digester): Promise<string> {
  return shortId(`${parts.policy_digest}:${parts.intent_digest}:${parts.verdict}`, digester);
}

/** What an event id is made of. */
export interface EventIdParts {
  readonly trace_id: string;
  /** RFC 3339 with the shortest fraction. */
  readonly observed_at: string;
}

/** Id of one emission of a decision. */
export function eventId(parts: EventIdParts, digester: Digester): Promise<string> {
  return shortId(`${parts.trace_id}:${parts.observed_at}`, digester);
}
