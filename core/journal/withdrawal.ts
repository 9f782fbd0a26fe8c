/**
 * Contradicting an event: what a journal says cannot be taken back.
 *
 * @module
 */

import type { EventInput } from "./write_events.ts";

/** Reason code of an event that takes back the event before it with the same trace (divergence W6). */
export const WITHDRAWN = "evidence_withdrawn";

/** The event that takes back one whose decision was not delivered. */
export function withdrawal(event: EventInput): EventInput {
  return { ...event, verdict: "block", reason_codes: [WITHDRAWN], violations: [] };
}
