/**
 * Evidence that another thread writes: deciding goes on while files are created and synced. One message
 * carries everything that came up while the one before was worked on.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { fromPlainError } from "../base/plain_error.ts";
import type { WriteEvent, WrittenEvent } from "../journal/append_events.ts";
import { eachRound, GroupCommit, type Outcome } from "../journal/group_commit.ts";
import type { EvidenceThread } from "../ports/evidence_thread.ts";
import type { DirectoryGroup } from "../wal/directory_group.ts";
import type { SegmentRecord } from "../wal/segment_record.ts";
import type { EvidenceTask, FromEvidence, RecordedEvent, ToEvidence } from "./messages.ts";

/** Somebody who waits for an answer. */
interface Waiting {
  resolve(answer: FromEvidence): void;
  reject(error: GaitError): void;
}

/** Outcomes of a task, by position. */
function outcomes<T>(answer: FromEvidence, values: readonly T[]): Outcome<T>[] {
  const out = values.map((value): Outcome<T> => ({ ok: true, value }));
  for (const [at, error] of answer.failures) out[at] = { ok: false, error: fromPlainError(error) };
  return out;
}

/** Outcomes of appending. What was written is told as written, also when it failed. */
function written(answer: FromEvidence): Outcome<WrittenEvent>[] {
  const done = answer.sequences.map((sequence) => ({ sequence, failure: undefined }));
  const out: Outcome<WrittenEvent>[] = outcomes(answer, done);
  for (const [at, error] of answer.failures) {
    const { sequence = 0 } = done[at] ?? {};
    if (sequence > 0) out[at] = { ok: true, value: { sequence, failure: fromPlainError(error) } };
  }
  return out;
}

/** The service's half. */
export class RemoteEvidence implements DirectoryGroup {
  readonly #thread: EvidenceThread;
  readonly #waiting = new Map<number, Waiting>();
  readonly #group: GroupCommit<SegmentRecord, void>;
  #last = 0;
  #segments = 0;
  #failure: GaitError | undefined;

  /** @param directory Directory whose files are grouped; it must exist. */
  constructor(directory: string, thread: EvidenceThread) {
    this.#thread = thread;
    const commit = eachRound<SegmentRecord, void>((records) => this.#write(records));
    this.#group = new GroupCommit(commit);
    thread.listen((message) => this.#hear(message as FromEvidence), (reason) => this.#fail(reason));
    this.#tell({ kind: "open", directory });
  }

  /** See {@linkcode DirectoryGroup.segments}; as of the last answer. */
  get segments(): number {
    return this.#segments;
  }

  /** Whether evidence can be written. */
  get working(): boolean {
    return this.#failure === undefined;
  }

  /** See {@linkcode DirectoryGroup.create}. */
  create(name: string, text: string): Promise<void> {
    return this.#group.submit({ kind: "create", name, text });
  }

  /** See {@linkcode DirectoryGroup.remove}. */
  remove(name: string): Promise<void> {
    return this.#group.submit({ kind: "remove", name });
  }

  /**
   * Makes an appender to a journal, which must exist.
   *
   * @returns Appends an event; resolves when it is durable, and its files are or are gone.
   */
  appender(journal: string): WriteEvent {
    const commit = eachRound<RecordedEvent, WrittenEvent>(async (events) =>
      written(await this.#ask({ kind: "append", journal, events }))
    );
    const group = new GroupCommit(commit);
    return (event, files) => group.submit({ event, files });
  }

  /** See {@linkcode DirectoryGroup.check}. */
  check(how: { readonly writes: boolean }): Promise<void> {
    return this.#do({ kind: "check", writes: how.writes });
  }

  /** See {@linkcode DirectoryGroup.maintain}. */
  maintain(): Promise<void> {
    return this.#do({ kind: "maintain" });
  }

  /** See {@linkcode DirectoryGroup.close}; ends the thread, too. */
  async close(): Promise<void> {
    try {
      await this.#do({ kind: "close" });
    } finally {
      this.#thread.close();
    }
  }

  /** Ends the thread whatever it is doing. */
  abandon(): void {
    this.#thread.close();
  }

  #tell(message: ToEvidence): void {
    this.#thread.send(message);
  }

  /** Asks and waits. @throws GaitError `evidence_unavailable` when the thread broke down */
  #ask(task: EvidenceTask): Promise<FromEvidence> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#tell({ kind: "task", id, task });
    });
  }

  async #do(task: EvidenceTask): Promise<void> {
    const { failures } = await this.#ask(task);
    for (const [, error] of failures) throw fromPlainError(error);
  }

  async #write(records: readonly SegmentRecord[]): Promise<Outcome<void>[]> {
    const answer = await this.#ask({ kind: "write", records });
    return outcomes(answer, records.map(() => undefined));
  }

  #hear(answer: FromEvidence): void {
    this.#segments = answer.segments;
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }

  /** From here on nothing can be made durable, so nothing is acknowledged. */
  #fail(reason: string): void {
    const message = `Cannot write evidence: its thread broke down: ${reason}`;
    const failure = new GaitError("evidence_unavailable", message);
    this.#failure = failure;
    for (const { reject } of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
  }
}
