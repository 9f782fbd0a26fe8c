/**
 * Records that wait for a collector: bounded in number and bytes, handed out in batches that are bounded in
 * both, too. A collector that finds a batch too large gets smaller ones from then on.
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";
import { LIMITS } from "../../base/limits.ts";

/** Batches in a row that are taken before larger ones are tried again. */
const PATIENCE = 32;

/** A bounded queue. */
export class OtlpQueue {
  readonly #capacity: number;
  /** Bytes around the records of a request. */
  readonly #overhead: number;
  #records: Bytes[] = [];
  #bytes = 0;
  #batchBytes: number = LIMITS.otlpRequestBytes;
  #taken = 0;

  /**
   * @param capacity Records that wait at most; their bytes are bounded by `otlpQueuedRecordBytes` for each.
   * @param overhead Bytes that a request has beside its records.
   */
  constructor(capacity: number, overhead: number) {
    this.#capacity = Math.max(0, capacity);
    this.#overhead = overhead;
  }

  /** Records that wait. */
  get length(): number {
    return this.#records.length;
  }

  /** Whether there is no place for another record, however small. */
  get isFull(): boolean {
    return this.#records.length >= this.#capacity;
  }

  /** Whether waiting longer would not make the next batch larger. */
  get hasBatch(): boolean {
    return this.isFull || this.#records.length >= LIMITS.otlpBatchRecords ||
      this.#bytes + this.#overhead >= this.#batchBytes;
  }

  /** Takes a record; `false` when there is no room for it. */
  add(record: Bytes): boolean {
    const most = this.#capacity * LIMITS.otlpQueuedRecordBytes;
    if (this.isFull || this.#bytes + record.length > most) return false;
    this.#records.push(record);
    this.#bytes += record.length + 1;
    return true;
  }

  /** The oldest records, at least one if there is any; they stay until they are removed. */
  batch(): readonly Bytes[] {
    let size = this.#overhead;
    let count = 0;
    for (const { length } of this.#records) {
      size += length + 1;
      if (count > 0 && (size > this.#batchBytes || count === LIMITS.otlpBatchRecords)) break;
      count++;
    }
    return this.#records.slice(0, count);
  }

  /** Removes the oldest records. */
  remove(count: number): void {
    for (const { length } of this.#records.splice(0, count)) this.#bytes -= length + 1;
  }

  /** Batches of this many bytes may be too large for the collector: they become smaller, down to `atLeast`. */
  shrink(bytes: number, atLeast = 1): void {
    if (bytes <= atLeast) return;
    this.#batchBytes = Math.max(atLeast, Math.floor(bytes / 2));
    this.#taken = 0;
  }

  /** A batch was taken: after a while, larger ones are tried again. */
  grow(): void {
    this.#taken++;
    if (this.#taken < PATIENCE) return;
    this.#batchBytes = Math.min(2 * this.#batchBytes, LIMITS.otlpRequestBytes);
    this.#taken = 0;
  }
}
