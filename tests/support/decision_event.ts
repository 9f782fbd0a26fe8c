/** A decision as exporters see it, with a name that every format has to spell its own way. */

import type { DecisionEvent } from "../../core/export/decision_event.ts";

export const EVENT: DecisionEvent = {
  created_at: "1980-01-01T00:00:00Z",
  observed_at: "2026-02-11T08:00:00.123456789Z",
  event_id: "e".repeat(24),
  producer_version: "1.0.0",
  run_id: "run_a",
  session_id: "",
  trace_id: "a".repeat(24),
  trace_path: "t.json",
  tool_name: "tool.<read>\u2028",
  verdict: "block",
  reason_codes: ["r1", "r2"],
  policy_digest: "b".repeat(64),
  intent_digest: "c".repeat(64),
  delegation_ref: "",
  delegation_depth: 0,
};
