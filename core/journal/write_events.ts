/**
 * Writing the events of a round: as few calls of the system as their size allows, because the checks before
 * a write cost more than writing (divergence S3).
 *
 * @module
 */

import { formatInstant } from "../base/instant.ts";
import {
  orderedEvent,
  SESSION_SCHEMA_VERSION,
  SESSION_SCHEMAS,
  type SessionEvent,
} from "../session/records.ts";
import type { SessionTip } from "../session/replay.ts";
import type { Outcome } from "./group_commit.ts";
import type { SessionPorts } from "./open_session.ts";
import { type EncodedRecord, encodeRecord, type JournalWriter } from "./write_journal.ts";

/** What the caller says about a call. Texts are normalised already. */
export type EventInput = Pick<
  SessionEvent,
  | "intent_id"
  | "tool_name"
  | "intent_digest"
  | "policy_digest"
  | "trace_id"
  | "trace_path"
  | "verdict"
  | "reason_codes"
  | "violations"
>;

/** Bytes after which a write takes no further record. */
const WRITE_BYTES = 1024 * 1024;

/** The stored form of an event. */
function storedEvent(
  input: EventInput,
  { header }: SessionTip,
  stamp: { readonly sequence: number; readonly at: string; readonly version: string },
): SessionEvent {
  return orderedEvent({
    ...input,
    schema_id: SESSION_SCHEMAS.event,
    schema_version: SESSION_SCHEMA_VERSION,
    created_at: stamp.at,
    producer_version: stamp.version,
    session_id: header.session_id,
    run_id: header.run_id,
    sequence: stamp.sequence,
  });
}

/** Events of one write. */
interface Part {
  /** One for each input that was taken, in order. */
  readonly outcomes: Outcome<SessionEvent>[];
  readonly records: EncodedRecord[];
}

/** Encodes events until a write is full. One whose line is too long fails alone. */
function encodePart(
  inputs: readonly EventInput[],
  tip: SessionTip,
  ports: Pick<SessionPorts, "clock" | "version">,
): Part {
  const part: Part = { outcomes: [], records: [] };
  let bytes = 0;
  for (const input of inputs) {
    if (bytes >= WRITE_BYTES) break;
    const event = storedEvent(input, tip, {
      sequence: tip.lastSequence + part.records.length + 1,
      at: formatInstant(ports.clock.now()),
      version: ports.version,
    });
    try {
      const encoded = encodeRecord({ kind: "event", event });
      bytes += encoded.line.length;
      part.records.push(encoded);
      part.outcomes.push({ ok: true, value: event });
    } catch (error) {
      part.outcomes.push({ ok: false, error });
    }
  }
  return part;
}

/**
 * Writes events; the first write that fails ends it, and what came before is still acknowledged.
 *
 * @returns One outcome for each input, in order.
 */
export async function writeEvents(
  inputs: readonly EventInput[],
  writer: JournalWriter,
  ports: Pick<SessionPorts, "clock" | "version">,
): Promise<Outcome<SessionEvent>[]> {
  const out: Outcome<SessionEvent>[] = [];
  while (out.length < inputs.length) {
    const { outcomes, records } = encodePart(inputs.slice(out.length), writer.tip, ports);
    try {
      await writer.write(records);
    } catch (error) {
      while (out.length < inputs.length) out.push({ ok: false, error });
      return out;
    }
    out.push(...outcomes);
  }
  return out;
}
