/**
 * Writing records and state, while the session is held (spec 03 §9.1).
 *
 * @module
 */

import { type Bytes, concatBytes, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { encodeJournalLine, type JournalRecord } from "../session/records.ts";
import { Replay } from "../session/replay.ts";
import { encodeState, type StateUpdate } from "../session/state.ts";
import { statePath } from "../session/session_paths.ts";
import type { LoadedSession } from "./load_session.ts";
import type { HeldSession, SessionPorts } from "./open_session.ts";

const NEWLINE: Bytes = Uint8Array.of(0x0a);

/** A record and its line. */
export interface EncodedRecord {
  readonly record: JournalRecord;
  /** With its line end. */
  readonly line: Bytes;
}

/**
 * Encodes a record.
 *
 * @throws GaitError `input_too_large`
 */
export function encodeRecord(record: JournalRecord): EncodedRecord {
  const line = utf8(encodeJournalLine(record));
  if (line.length <= LIMITS.journalLineBytes) return { record, line };
  throw new GaitError(
    "input_too_large",
    `Cannot append the record: its line would exceed ${LIMITS.journalLineBytes} bytes`,
  );
}

/** Writes records behind a loaded session. */
export class JournalWriter {
  readonly #session: HeldSession;
  readonly #loaded: LoadedSession;
  readonly #replay: Replay;
  /** Whether the first write has to bring the missing line end. */
  #open: boolean;
  #size: number;

  /** @param loaded Where the session stands; its hash is carried on. */
  constructor(session: HeldSession, loaded: LoadedSession) {
    this.#session = session;
    this.#loaded = loaded;
    this.#replay = new Replay(loaded.tip);
    this.#open = loaded.tail === "unterminated";
    this.#size = loaded.size;
  }

  /** Cuts off a tail that was never acknowledged. */
  async settle(): Promise<void> {
    const { hash } = this.#loaded;
    if (this.#loaded.tail !== "torn" || this.#size === hash.length) return;
    await this.#session.confirm(this.#size);
    await this.#session.file.truncate(hash.length);
    this.#size = hash.length;
  }

  /**
   * Writes records with one call; durable only after {@linkcode JournalWriter.sync}.
   *
   * @throws GaitError `lock_lost`, `io_failure`; nothing was written then
   */
  async write(records: readonly EncodedRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#session.confirm(this.#size);
    const lines = records.map(({ line }) => line);
    const data = concatBytes(this.#open ? [NEWLINE, ...lines] : lines);
    await this.#session.file.append(data);
    for (const { record } of records) this.#replay.take(record);
    this.#loaded.hash.update(data);
    this.#size += data.length;
    this.#open = false;
  }

  /** Makes everything written durable. */
  async sync(): Promise<void> {
    await this.#session.file.sync();
  }

  /**
   * Cuts off what was written behind a size and could not be made durable: nobody is told about it, and a later
   * reader would take it for acknowledged. Nothing can be written by this writer afterwards.
   *
   * @throws GaitError `lock_lost`, `io_failure`
   */
  async cutBack(size: number): Promise<void> {
    await this.#session.confirm(this.#size);
    await this.#session.file.truncate(size);
  }

  /** Size of the journal now, bytes. */
  get size(): number {
    return this.#size;
  }

  /** Where the session stands now. */
  get tip(): LoadedSession["tip"] {
    return this.#replay.tip();
  }
}

/**
 * Writes the state. It is a cache: that it could not be written must not take back what is durable already.
 *
 * @returns Why it could not be written; `undefined` when it was.
 */
export async function saveState(
  journal: string,
  update: Omit<StateUpdate, "producerVersion"> & { readonly producerVersion?: string },
  ports: SessionPorts,
): Promise<GaitError | undefined> {
  const text = encodeState({ ...update, producerVersion: update.producerVersion ?? ports.version });
  try {
    await ports.appends.replaceCache(statePath(journal), utf8(text));
    return undefined;
  } catch (error) {
    if (error instanceof GaitError) return error;
    throw error;
  }
}
