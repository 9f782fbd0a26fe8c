/**
 * Where a session stands (spec 03 §2.4).
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";
import type { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import type { SessionTip } from "../session/replay.ts";
import { type LoadedSession, loadSession, type SessionRepair } from "./load_session.ts";
import { type SessionPorts, withSession } from "./open_session.ts";
import { saveState } from "./write_journal.ts";

/** Status of a session. */
export interface SessionStatus {
  readonly tip: SessionTip;
  /** SHA-256 of the journal, lower-case hex. */
  readonly journalSha256: string;
  /** Size of the journal up to its last record, bytes. */
  readonly journalSize: number;
  readonly repairs: readonly SessionRepair[];
  /** Why the state could not be written, if so. */
  readonly stateFailure: string | undefined;
}

/** The status that a loaded session has. */
export function statusOf(
  loaded: Pick<LoadedSession, "tip" | "hash" | "repairs">,
  failure: GaitError | undefined,
): SessionStatus {
  return {
    tip: loaded.tip,
    journalSha256: toHex(loaded.hash.digest()),
    journalSize: loaded.hash.length,
    repairs: loaded.repairs,
    stateFailure: failure?.message,
  };
}

/**
 * Reads the status. The journal is never written; a state that is missing or wrong is written anew, and one
 * that cannot be written is no failure.
 *
 * @throws GaitError what taking the lock and loading throw
 */
export async function sessionStatus(journal: string, ports: SessionPorts): Promise<SessionStatus> {
  return await withSession(journal, { create: false, ports }, async (session) => {
    const loaded = await loadSession(session, ports);
    if (loaded.stateCurrent) return statusOf(loaded, undefined);
    const updatedAt = formatInstant(ports.clock.now());
    const { tip, hash } = loaded;
    // A rebuilt state speaks for whoever wrote the header (spec 03 §4).
    const producerVersion = tip.header.producer_version;
    const update = { tip, hash, updatedAt, producerVersion };
    return statusOf(loaded, await saveState(journal, update, ports));
  });
}
