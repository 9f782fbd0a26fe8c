/**
 * What a trace says about itself must be true, whoever signed it (divergence E10; spec 01 §12).
 *
 * @module
 */

import { toUtc } from "../base/instant.ts";
import { VERDICTS } from "../policy/policy.ts";
import type { Digester } from "../ports/digest.ts";
import { eventId, traceId } from "./trace_ids.ts";
import { TRACE_SCHEMA_ID, type TraceRecord } from "./trace_record.ts";
import type { TraceFinding } from "./trace_report.ts";

/** Artifacts are additive within version 1. */
const KNOWN_VERSION = /^1\.\d{1,6}\.\d{1,6}$/;

/** Checks the members with a closed set of values. */
function checkConstants(record: TraceRecord): TraceFinding[] {
  const findings: TraceFinding[] = [];
  if (record.schema_id !== TRACE_SCHEMA_ID) {
    findings.push({
      code: "verification_failed",
      message: `schema_id is not ${TRACE_SCHEMA_ID}`,
    });
  }
  if (!KNOWN_VERSION.test(record.schema_version)) {
    findings.push({ code: "verification_failed", message: "schema_version is not of version 1" });
  }
  if (!VERDICTS.some((verdict) => verdict === record.verdict)) {
    findings.push({
      code: "verification_failed",
      message: `verdict is not one of ${VERDICTS.join(", ")}`,
    });
  }
  return findings;
}

/** Whether the event id is that of the observed time, in UTC or as the record spells it. */
async function isEventId(record: TraceRecord, digester: Digester): Promise<boolean> {
  const { event_id, trace_id, observed_at } = record;
  if (event_id === undefined) return true;
  const utc = toUtc(observed_at) ?? observed_at;
  return event_id === await eventId({ trace_id, observed_at: utc }, digester) ||
    event_id === await eventId({ trace_id, observed_at }, digester);
}

/** Recomputes what is derived and checks what is fixed. */
export async function checkContent(
  record: TraceRecord,
  digester: Digester,
): Promise<TraceFinding[]> {
  const findings = checkConstants(record);
  if (record.trace_id !== await traceId(record, digester)) {
    findings.push({
      code: "digest_mismatch",
      message: "trace_id is not derived from policy_digest, intent_digest and verdict",
    });
  }
  if (!await isEventId(record, digester)) {
    findings.push({
      code: "digest_mismatch",
      message: "event_id is not derived from trace_id and observed_at",
    });
  }
  return findings;
}
