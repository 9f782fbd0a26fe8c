/**
 * Committing events (spec 03 §2.3): one write and one sync for a round, and only then the
 * acknowledgement, in every profile (divergence S8).
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";
import type { SessionEvent } from "../session/records.ts";
import type { SessionTip } from "../session/replay.ts";
import type { Commit, Following, Outcome, Round } from "./group_commit.ts";
import { type LoadedSession, loadSession, type SessionRepair } from "./load_session.ts";
import { type SessionPorts, withSession } from "./open_session.ts";
import { within } from "./within.ts";
import { type EventInput, writeEvents } from "./write_events.ts";
import { JournalWriter, saveState } from "./write_journal.ts";

/** An acknowledged event. */
export interface AppendedEvent {
  /** As stored. */
  readonly event: SessionEvent;
  /** What was found and mended on the way; on the first event of a batch only. */
  readonly repairs: readonly SessionRepair[];
  /** Why the state could not be written, if so; the event is durable nevertheless. */
  readonly stateFailure: string | undefined;
  /** SHA-256 of the journal up to the end of the batch, lower-case hex. */
  readonly journalSha256: string;
  /** Events in the journal after the batch. */
  readonly eventCount: number;
  /** Size of the journal after the batch, bytes. */
  readonly journalSize: number;
}

/** How long a held session waits for the next events, ms. */
const LINGER_MS = 10;

/** What a durable round tells about itself. */
interface RoundFacts {
  readonly hash: LoadedSession["hash"];
  readonly tip: SessionTip;
  readonly stateFailure: string | undefined;
  readonly repairs: readonly SessionRepair[];
}

/** Results of a round. */
function results(
  written: readonly Outcome<SessionEvent>[],
  { hash, tip, stateFailure, repairs }: RoundFacts,
): Outcome<AppendedEvent>[] {
  const journalSha256 = toHex(hash.digest());
  return written.map((outcome, i) =>
    outcome.ok
      ? {
        ok: true,
        value: {
          event: outcome.value,
          repairs: i === 0 ? repairs : [],
          stateFailure,
          journalSha256,
          eventCount: tip.eventCount,
          journalSize: hash.length,
        },
      }
      : outcome
  );
}

/** A session that is held and was loaded. */
interface Appending {
  readonly journal: string;
  readonly writer: JournalWriter;
  readonly loaded: LoadedSession;
  readonly ports: SessionPorts;
  /** Until when more rounds may be taken, ms on the monotonic clock. */
  readonly heldUntil: number;
}

type EventRound = Round<EventInput, AppendedEvent>;

/** Writes the state; why that failed, if so. */
async function save(at: string, context: Appending): Promise<string | undefined> {
  const { journal, writer: { tip }, loaded: { hash }, ports } = context;
  return (await saveState(journal, { tip, hash, updatedAt: at }, ports))?.message;
}

/** Writes and syncs a round; the time of its last event, "" when none was written. */
async function writeRound(
  { items }: EventRound,
  { writer, ports }: Appending,
): Promise<{ readonly written: Outcome<SessionEvent>[]; readonly lastAt: string }> {
  const { size } = writer;
  const written = await writeEvents(items, writer, ports);
  const last = written.findLast((outcome) => outcome.ok);
  if (last?.ok !== true) return { written, lastAt: "" };
  try {
    await writer.sync();
  } catch (error) {
    // What cannot be cut off does not hide why it should be.
    await writer.cutBack(size).catch(() => {});
    throw error;
  }
  return { written, lastAt: last.value.created_at };
}

/** Whether a session stays held after a round: others come soon when several came together. */
function staysHeld({ items }: EventRound, written: readonly Outcome<SessionEvent>[]): boolean {
  return items.length > 1 && written.every(({ ok }) => ok);
}

/**
 * Commits a round, and those that follow closely while the session is held. The state is written behind the
 * last one: it is a cache, and what it lacks is replayed.
 *
 * @returns Tells the callers of the last round; to be called when the session is free again.
 */
async function commitRounds(
  first: EventRound,
  following: Following<EventInput, AppendedEvent>,
  context: Appending,
): Promise<() => void> {
  const { loaded: { hash, repairs }, writer, ports: { clock }, heldUntil } = context;
  let savedAt = "";
  for (let round = first;;) {
    const { written, lastAt } = await writeRound(round, context);
    savedAt = lastAt || savedAt;
    const facts = { hash, tip: writer.tip, repairs: round === first ? repairs : [] };
    const left = heldUntil - clock.monotonic();
    if (left <= 0 || !staysHeld(round, written)) {
      const stateFailure = savedAt === "" ? undefined : await save(savedAt, context);
      const outcomes = results(written, { ...facts, stateFailure });
      return () => round.settle(outcomes);
    }
    round.settle(results(written, { ...facts, stateFailure: undefined }));
    await within(following.arrival(), Math.min(left, LINGER_MS), clock);
    const next = following.take();
    if (next === undefined) {
      await save(savedAt, context);
      return () => {};
    }
    round = next;
  }
}

/**
 * Makes the commit of one journal.
 *
 * @param holdMs How long the session stays held while events keep coming; 0 for one round at a time.
 */
export function eventCommit(
  journal: string,
  ports: SessionPorts,
  holdMs: number,
): Commit<EventInput, AppendedEvent> {
  return async (first, following) => {
    const tell = await withSession(journal, { create: false, ports }, async (session) => {
      const heldUntil = ports.clock.monotonic() + holdMs;
      const loaded = await loadSession(session, ports);
      const writer = new JournalWriter(session, loaded);
      await writer.settle();
      return await commitRounds(first, following, { journal, writer, loaded, ports, heldUntil });
    });
    // INVARIANT: who is told may exit at once, and must not leave a lock behind.
    tell();
  };
}
