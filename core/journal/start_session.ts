/**
 * Starting a session, or finding it started (spec 03 §2.2).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import { printable } from "../base/printable.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import { RUN_ID_MAX_LENGTH, RUN_ID_PATTERN } from "../runpack/model.ts";
import type { SessionHeader, SessionIdentity } from "../session/records.ts";
import { encodeJournalLine } from "../session/records.ts";
import { utf8 } from "../base/bytes.ts";
import { Replay } from "../session/replay.ts";
import { parseState } from "../session/state.ts";
import { statePath } from "../session/session_paths.ts";
import { LIMITS } from "../base/limits.ts";
import { loadSession } from "./load_session.ts";
import { type HeldSession, type SessionPorts, withSession } from "./open_session.ts";
import { type SessionStatus, sessionStatus, statusOf } from "./session_status.ts";
import { JournalWriter, saveState } from "./write_journal.ts";

/** Longest remains of a header that was never finished, bytes. */
const MAX_REMAINS = 64 * 1024;
const NEWLINE = 0x0a;

/** How every journal begins. */
const BEGINNING = '{"record_type":"header"';

/**
 * Whether the file holds nothing but the beginning of a header, as after a crash while it was created. Any
 * other content is somebody's file and never overwritten.
 */
async function isUnfinished(session: HeldSession): Promise<boolean> {
  const size = await session.file.size();
  if (size > MAX_REMAINS) return false;
  const data = await session.file.read(0, size);
  if (data.includes(NEWLINE)) return false;
  if (data.every((byte) => byte === 0)) return true;
  const text = new TextDecoder().decode(data.subarray(0, BEGINNING.length));
  return BEGINNING.startsWith(text);
}

/** Whether the remains are a whole header that only lacks its line end. */
async function isWholeHeader(session: HeldSession): Promise<boolean> {
  const data = await session.file.read(0, await session.file.size());
  try {
    const replay = new Replay();
    replay.takeLine(new TextDecoder("utf-8", { fatal: true }).decode(data));
    return replay.tip().header.session_id !== "";
  } catch {
    return false;
  }
}

/** Refuses to start over what a state remembers as acknowledged. */
async function checkForgotten(session: HeldSession, ports: SessionPorts): Promise<void> {
  let state;
  try {
    const limit = { maxBytes: LIMITS.sessionStateBytes };
    state = parseState(await ports.files.read(statePath(session.path), limit));
  } catch (error) {
    if (error instanceof GaitError && error.code === "file_not_found") return;
    throw error;
  }
  const last = state?.tip.lastSequence ?? 0;
  if (last === 0) return;
  throw new GaitError(
    "acknowledged_event_missing",
    `Cannot start the session: the journal is empty, and events 1..${last} were acknowledged`,
    { details: { first_bad_sequence: 1, acknowledged_sequence: last, found_sequence: 0 } },
  );
}

/** Refuses a run id that the runpacks of the session could not carry. @throws GaitError */
function checkRunId({ run_id: id }: SessionIdentity): void {
  // Checkpoints append `_cp_` and a number of up to 16 digits.
  if (RUN_ID_PATTERN.test(id) && id.length <= RUN_ID_MAX_LENGTH - 20) return;
  throw new GaitError("unsupported_value", `Cannot start a session for run ${printable(id)}`, {
    hint: "use a run id of run_ and letters, digits, _ or -",
  });
}

/** Writes the header of a new journal. */
async function create(
  session: HeldSession,
  identity: SessionIdentity,
  ports: SessionPorts,
): Promise<SessionStatus> {
  checkRunId(identity);
  const now = formatInstant(ports.clock.now());
  const header: SessionHeader = {
    created_at: now,
    producer_version: ports.version,
    session_id: identity.session_id,
    run_id: identity.run_id,
    started_at: now,
  };
  const size = await session.file.size();
  await session.confirm(size);
  if (size > 0) await session.file.truncate(0);
  const line = utf8(encodeJournalLine({ kind: "header", header }));
  await session.file.append(line);
  await session.file.sync();
  const replay = new Replay();
  replay.take({ kind: "header", header });
  const hash = new RunningSha256();
  hash.update(line);
  const tip = replay.tip();
  const failure = await saveState(session.path, { tip, hash, updatedAt: now }, ports);
  return statusOf({ tip, hash, repairs: [] }, failure);
}

/** Whether there is nothing that could be resumed, before the lock is taken and folders are made. */
async function isNew(journal: string, ports: SessionPorts): Promise<boolean> {
  return await ports.files.stat(journal) === undefined;
}

/** Reports an existing session. */
async function resume(
  session: HeldSession,
  identity: SessionIdentity,
  ports: SessionPorts,
): Promise<SessionStatus> {
  const loaded = await loadSession(session, ports);
  const { header } = loaded.tip;
  if (header.session_id !== identity.session_id || header.run_id !== identity.run_id) {
    throw new GaitError(
      "session_mismatch",
      `Cannot start session ${identity.session_id}: the journal belongs to ${header.session_id}` +
        `, run ${header.run_id}`,
    );
  }
  const writer = new JournalWriter(session, loaded);
  await writer.settle();
  if (loaded.stateCurrent) return statusOf(loaded, undefined);
  const { tip, hash } = loaded;
  const updatedAt = formatInstant(ports.clock.now());
  const update = { tip, hash, updatedAt, producerVersion: tip.header.producer_version };
  return statusOf(loaded, await saveState(session.path, update, ports));
}

/**
 * Starts a session; an existing one with the same ids is left as it is.
 *
 * @param journal Path of the journal; its folders are created.
 * @throws GaitError `session_mismatch`, `acknowledged_event_missing`, and what loading throws
 */
export async function startSession(
  journal: string,
  identity: SessionIdentity,
  ports: SessionPorts,
): Promise<SessionStatus> {
  const fresh = await isNew(journal, ports);
  if (fresh) checkRunId(identity);
  return await withSession(journal, { create: true, ports }, async (session) => {
    if (!await isUnfinished(session) || await isWholeHeader(session)) {
      return await resume(session, identity, ports);
    }
    if (!fresh) await checkForgotten(session, ports);
    return await create(session, identity, ports);
  });
}

/** Whether nothing but the beginning of a header is there. */
async function isRemains(journal: string, ports: SessionPorts): Promise<boolean> {
  return await withSession(
    journal,
    { create: false, ports },
    async (session) => await isUnfinished(session) && !await isWholeHeader(session),
  );
}

/**
 * Status of a session, if it was started. A crash can leave a journal without its header: nobody was told about
 * that session, and starting it again is right.
 *
 * @returns `undefined` when it was not started.
 * @throws GaitError what taking the lock and loading throw
 */
export async function startedStatus(
  journal: string,
  ports: SessionPorts,
): Promise<SessionStatus | undefined> {
  if (await isNew(journal, ports)) return undefined;
  try {
    return await sessionStatus(journal, ports);
  } catch (error) {
    const code = error instanceof GaitError ? error.code : "";
    if (code === "journal_invalid" && await isRemains(journal, ports)) return undefined;
    throw error;
  }
}
