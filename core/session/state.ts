/**
 * The state index of a session (spec 03 §4): where the journal stands, so that nobody has to read it. A cache:
 * whatever it says is checked against the journal, and it can always be rebuilt.
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import { SESSION_SCHEMA_VERSION, SESSION_SCHEMAS } from "./records.ts";
import type { SessionTip } from "./replay.ts";

/** A state as read. */
export interface SessionState {
  readonly sessionId: string;
  readonly runId: string;
  readonly tip: SessionTip;
  /** Size of the journal when the state was written, bytes. */
  readonly journalSize: number;
  /** Hash of the journal up to there; absent in a state that the reference wrote. */
  readonly hash?: RunningSha256;
}

/** A state to write. */
export interface StateUpdate {
  readonly tip: SessionTip;
  /** Hash of the whole journal, which also tells its size. */
  readonly hash: RunningSha256;
  /** Time of the last record, RFC 3339 UTC. */
  readonly updatedAt: string;
  readonly producerVersion: string;
}

/** Encodes a state: the reference's members in its order, then the running digest (divergence S5). */
export function encodeState(update: StateUpdate): string {
  const { tip, hash } = update;
  return encodeJsonPretty({
    schema_id: SESSION_SCHEMAS.state,
    schema_version: SESSION_SCHEMA_VERSION,
    updated_at: update.updatedAt,
    producer_version: update.producerVersion,
    session_id: tip.header.session_id,
    run_id: tip.header.run_id,
    created_at: tip.header.created_at,
    started_at: tip.header.started_at,
    event_count: tip.eventCount,
    last_sequence: tip.lastSequence,
    checkpoint_count: tip.checkpointCount,
    last_checkpoint_index: tip.lastCheckpointIndex,
    last_checkpoint_sequence: tip.lastCheckpointSequence,
    last_checkpoint_digest: tip.lastCheckpointDigest === "" ? undefined : tip.lastCheckpointDigest,
    journal_size_bytes: hash.length,
    journal_sha256: toHex(hash.digest()),
    journal_sha256_state: hash.save(),
  });
}

/** Counters that must not be negative. */
const COUNTERS = [
  "event_count",
  "last_sequence",
  "checkpoint_count",
  "last_checkpoint_index",
  "last_checkpoint_sequence",
  "journal_size_bytes",
] as const;

/**
 * Members of a state file, or `undefined` when it is none. The platform's reader will do: a state is compared
 * with its own digest and with both ends of the journal, and only members that we name are looked at.
 */
function membersOf(data: Uint8Array): Record<string, unknown> | undefined {
  if (data.length > LIMITS.sessionStateBytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The running hash of a state; `undefined` unless digest and inner state agree. */
function hashOf(members: Record<string, unknown>, size: number): RunningSha256 | undefined {
  const { journal_sha256: digest, journal_sha256_state: inner } = members;
  if (typeof digest !== "string" || typeof inner !== "string") return undefined;
  const hash = RunningSha256.restore(inner, size);
  return hash !== undefined && toHex(hash.digest()) === digest ? hash : undefined;
}

/**
 * Reads a state file of any origin.
 *
 * @returns `undefined` when it is not usable; the journal is then replayed.
 */
export function parseState(data: Uint8Array): SessionState | undefined {
  const members = membersOf(data);
  if (members === undefined) return undefined;
  const text = (name: string): string => {
    const value = members[name];
    return typeof value === "string" ? value : "";
  };
  if (trim(text("schema_id")) !== SESSION_SCHEMAS.state) return undefined;
  if (trim(text("schema_version")) !== SESSION_SCHEMA_VERSION) return undefined;
  if (text("session_id") === "" || text("run_id") === "") return undefined;
  const counts = COUNTERS.map((name) => members[name] ?? 0);
  if (!counts.every((count) => Number.isSafeInteger(count) && Number(count) >= 0)) return undefined;
  const [events, last, checkpoints, index, end, size] = counts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const hash = hashOf(members, size);
  return {
    sessionId: text("session_id"),
    runId: text("run_id"),
    journalSize: size,
    tip: {
      header: {
        created_at: text("created_at"),
        producer_version: text("producer_version"),
        session_id: text("session_id"),
        run_id: text("run_id"),
        started_at: text("started_at"),
      },
      eventCount: events,
      lastSequence: last,
      checkpointCount: checkpoints,
      lastCheckpointIndex: index,
      lastCheckpointSequence: end,
      lastCheckpointDigest: text("last_checkpoint_digest"),
    },
    ...(hash !== undefined && { hash }),
  };
}
