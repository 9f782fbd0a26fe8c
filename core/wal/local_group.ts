/**
 * A directory in which creating a file is durable with one sync for many: the content goes to a write-ahead
 * segment, whose sync all creations of a moment share, and the file itself is visible at once. Files become
 * durable on their own later; only then does their segment go.
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { GaitError, toGaitError } from "../base/errors.ts";
import { eachRound, GroupCommit, type Outcome } from "../journal/group_commit.ts";
import type { Ports } from "../ports/ports.ts";
import type { SegmentFile, Segments } from "../ports/segments.ts";
import type { DirectoryGroup } from "./directory_group.ts";
import { PinnedDirectory, tryWriting } from "./pinned_directory.ts";
import { encodeSegmentRecord, segmentName, type SegmentRecord } from "./segment_record.ts";

/** What grouping needs. */
export type GroupedPorts = Pick<Ports, "files" | "clock" | "random"> & {
  readonly segments: Segments;
};

/** Records of one segment before the next one begins. */
const MAX_RECORDS = 4096;
/** Bytes of one segment before the next one begins. */
const MAX_BYTES = 8 * 1024 * 1024;
/**
 * Age at which a full segment's files are settled, ms: by then the system has written them back by itself, so
 * that syncing them costs almost nothing.
 */
const SETTLE_AFTER_MS = 45_000;

/** Segments that failed and are not settled yet; each keeps a file open. */
const MAX_FAILED = 16;

/** Files that are synced at the same time while a segment is settled. */
const SETTLE_WIDTH = 8;

/** A segment and what it stands for. */
interface OpenSegment {
  readonly path: string;
  readonly file: SegmentFile;
  readonly names: Set<string>;
  records: number;
  bytes: number;
  /** When the last record came, ms on the monotonic clock. */
  touchedMs: number;
  /** Whether writing it failed: it is not written again, and settled soon. */
  failed: boolean;
}

/** Durable creation in groups. */
export class LocalGroup implements DirectoryGroup {
  readonly #directory: string;
  readonly #ports: GroupedPorts;
  readonly #owner: string;
  readonly #group: GroupCommit<SegmentRecord, void>;
  readonly #pinned: PinnedDirectory;
  #current: OpenSegment | undefined;
  #full: OpenSegment[] = [];
  #index = 0;
  #settling: Promise<void> = Promise.resolve();
  /** Files that the next settling syncs at the same time. */
  #settleWidth = SETTLE_WIDTH;

  /** @param directory Directory whose files are grouped; it must exist. */
  constructor(directory: string, ports: GroupedPorts) {
    this.#directory = directory;
    this.#ports = ports;
    this.#owner = toHex(ports.random.bytes(8));
    this.#pinned = new PinnedDirectory(directory, ports);
    this.#group = new GroupCommit<SegmentRecord, void>(
      eachRound((records) => this.#commit(records)),
    );
  }

  /** Segments on disk. */
  get segments(): number {
    return this.#full.length + (this.#current === undefined ? 0 : 1);
  }

  /** See {@linkcode DirectoryGroup.create}. */
  async create(name: string, text: string): Promise<void> {
    const { durable } = await this.place(name, text);
    await durable;
  }

  /**
   * Creates a file.
   *
   * @returns When it is visible; `durable` settles when it is durable, or was removed because it cannot be.
   * @throws GaitError as {@linkcode DirectoryGroup.create} does
   */
  async place(name: string, text: string): Promise<{ readonly durable: Promise<void> }> {
    const path = this.#pathOf(name);
    await this.#pinned.verify();
    // First the file: that its name is taken must be known before anything durable says otherwise.
    await this.#ports.segments.createVisible(path, utf8(text));
    const durable = this.#makeDurable(name, text);
    // Whoever waits for it hears of a failure; that nobody waits yet is none.
    durable.catch(() => {});
    return { durable };
  }

  /** See {@linkcode DirectoryGroup.remove}. */
  async remove(name: string): Promise<void> {
    await this.#pinned.verify();
    try {
      if (this.#isCovered(name)) await this.#noteRemoval(name);
    } finally {
      // Without its note, too: on a full disk the file would stay for good, and be taken for evidence.
      await this.#ports.files.remove(this.#pathOf(name));
    }
  }

  /** See {@linkcode DirectoryGroup.check}. */
  async check(how: { readonly writes: boolean }): Promise<void> {
    await this.#pinned.verify();
    if (how.writes) {
      const { files, segments } = this.#ports;
      await tryWriting(this.#pathOf(`.gait-probe-${this.#owner}`), async (path) => {
        await segments.createVisible(path, utf8(this.#owner));
        await segments.settle(path);
      }, files);
    }
    // Behind the try: writing may give a directory of a layered file system another identity.
    await this.#pinned.pin();
  }

  /** Settles segments that are old enough; called now and then. */
  maintain(): Promise<void> {
    const limit = this.#ports.clock.monotonic() - SETTLE_AFTER_MS;
    // Nothing came for a while: the next file begins a segment of its own.
    if (this.#current !== undefined && this.#current.touchedMs <= limit) this.#retire();
    return this.#settle((segment) => segment.touchedMs <= limit);
  }

  /** Settles everything; no creation may be under way. */
  async close(): Promise<void> {
    this.#retire();
    try {
      await this.#settle(() => true);
    } finally {
      // What is not settled is recovered by the next start, for which its lock must be free.
      for (const { file } of this.#full) file.close();
      this.#pinned.release();
    }
  }

  async #makeDurable(name: string, text: string): Promise<void> {
    try {
      await this.#group.submit({ kind: "create", name, text });
    } catch (error) {
      await this.remove(name).catch(() => {});
      throw error;
    }
  }

  /** Path of a file of the directory. */
  #pathOf(name: string): string {
    return `${this.#directory}/${name}`;
  }

  /** Whether a segment would bring a file back. */
  #isCovered(name: string): boolean {
    return this.#current?.names.has(name) === true ||
      this.#full.some((segment) => segment.names.has(name));
  }

  /** The note comes before the removal: recovery must never bring back what was removed on purpose. */
  async #noteRemoval(name: string): Promise<void> {
    await this.#group.submit({ kind: "remove", name });
    // Nothing to settle any more. The note outlives the record that it takes back: segments go in order.
    this.#current?.names.delete(name);
    for (const segment of this.#full) segment.names.delete(name);
  }

  /** Makes a batch durable. */
  async #commit(records: readonly SegmentRecord[]): Promise<Outcome<void>[]> {
    try {
      const [only] = records;
      // Alone, a file is made durable by itself: a segment pays from two files on.
      if (only?.kind === "create" && records.length === 1) {
        await this.#ports.segments.settle(this.#pathOf(only.name));
        await this.#ports.segments.settleDirectory(this.#directory);
        await this.#pinned.verify();
        return [{ ok: true, value: undefined }];
      }
      const segment = await this.#writable();
      const data = utf8(records.map(encodeSegmentRecord).join(""));
      // Before the attempt: a batch that failed may be on disk nevertheless, and must not come back.
      for (const { name } of records) segment.names.add(name);
      // A segment in use is not idle: settling would close it under the sync.
      segment.touchedMs = this.#ports.clock.monotonic();
      await segment.file.append(data);
      await segment.file.sync();
      segment.records += records.length;
      segment.bytes += data.length;
      segment.touchedMs = this.#ports.clock.monotonic();
      // Nothing is acknowledged that may have gone elsewhere.
      await this.#pinned.verify();
      return records.map(() => ({ ok: true, value: undefined }));
    } catch (thrown) {
      const error = toGaitError(thrown);
      // A segment that failed once is not written again: its end is unknown.
      if (this.#current !== undefined) this.#current.failed = true;
      this.#retire();
      return records.map(() => ({ ok: false, error }));
    }
  }

  #retire(): void {
    if (this.#current !== undefined) this.#full.push(this.#current);
    this.#current = undefined;
  }

  async #writable(): Promise<OpenSegment> {
    const current = this.#current;
    const isFull = current !== undefined &&
      (current.records >= MAX_RECORDS || current.bytes >= MAX_BYTES);
    if (current !== undefined && !isFull) return current;
    this.#retire();
    const failed = this.#full.filter((segment) => segment.failed).length;
    if (failed >= MAX_FAILED) {
      throw new GaitError("io_failure", `Cannot write evidence: ${failed} segments failed lately`);
    }
    const path = `${this.#directory}/${segmentName(this.#owner, this.#index++)}`;
    const file = await this.#ports.segments.create(path);
    const touchedMs = this.#ports.clock.monotonic();
    const empty = { names: new Set<string>(), records: 0, bytes: 0 };
    const segment = { path, file, ...empty, touchedMs, failed: false };
    this.#current = segment;
    await this.#ports.segments.settleDirectory(this.#directory);
    return segment;
  }

  /** Syncs files, a few at a time. */
  async #settleFiles(names: readonly string[]): Promise<void> {
    const width = this.#settleWidth;
    // Each one needs an open file: where these are short, the next try does with one.
    this.#settleWidth = 1;
    for (let at = 0; at < names.length; at += width) {
      await Promise.all(
        names.slice(at, at + width).map((name) => this.#ports.segments.settle(this.#pathOf(name))),
      );
    }
    this.#settleWidth = SETTLE_WIDTH;
  }

  /** Settles full segments that qualify, one after the other. */
  #settle(isDue: (segment: OpenSegment) => boolean): Promise<void> {
    const next = this.#settling.then(async () => {
      // In order: a segment may note the removal of what an older one would bring back.
      const lastFailed = this.#full.findLastIndex(({ failed }) => failed);
      const due = this.#full.filter((segment, at) => at <= lastFailed || isDue(segment));
      for (const segment of due) {
        // In another directory nothing would be found, and taken for settled.
        await this.#pinned.verify();
        await this.#settleFiles([...segment.names]);
        await this.#ports.segments.settleDirectory(this.#directory);
        // Only now, because until here the segment was what made its files durable.
        await this.#ports.files.remove(segment.path);
        segment.file.close();
        this.#full = this.#full.filter((other) => other !== segment);
      }
    });
    this.#settling = next.catch(() => {});
    return next;
  }
}
