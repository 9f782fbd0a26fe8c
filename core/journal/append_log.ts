/**
 * Appending records to a JSONL log that several processes share (spec 03 §9.3): under its lock, one write for
 * each record, durable before it is acknowledged. A torn last line is cut, an unterminated whole one gets its
 * line end, so that no record is ever glued to another.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { encodeJsonRecord } from "../base/json_text.ts";
import { LIMITS } from "../base/limits.ts";
import type { AppendFile } from "../ports/append.ts";
import type { LockOptions } from "../ports/locks.ts";
import type { Ports } from "../ports/ports.ts";
import { eachRound, GroupCommit, type Outcome } from "./group_commit.ts";

/** Ports of a log. */
export type LogPorts = Pick<Ports, "appends" | "locks">;

/** A log that records are appended to. */
export interface LogAppender {
  /**
   * Appends a record and waits until it is durable. Calls that come together share one sync.
   *
   * @param record Plain data; it is written on one line in member order.
   * @throws GaitError `state_contention`, `input_too_large`, `io_failure`, `path_is_symlink`
   */
  append(record: object): Promise<void>;
}

/** Age at which a lock of another program is taken over, ms (spec 03 §8.1). */
const STALE_MS = 120_000;
const RETRY_MS = 10;
const NEWLINE = 0x0a;
const LINE_END = new Uint8Array([NEWLINE]);

/** Whether a text is one whole JSON value. */
function isWhole(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Bytes behind the last line end; `undefined` when no line end is near. */
async function unterminated(file: AppendFile, size: number): Promise<Uint8Array | undefined> {
  const from = Math.max(0, size - 2 * LIMITS.logRecordBytes);
  const data = await file.read(from, size - from);
  const cut = data.lastIndexOf(NEWLINE);
  return cut < 0 && from > 0 ? undefined : data.subarray(cut + 1);
}

/** Brings the file to a line end. */
async function settle(file: AppendFile): Promise<void> {
  const size = await file.size();
  if (size === 0 || (await file.read(size - 1, 1))[0] === NEWLINE) return;
  const tail = await unterminated(file, size);
  if (tail === undefined || isWhole(tail)) return await file.append(LINE_END);
  await file.truncate(size - tail.length);
}

/** Writes lines until one fails. */
async function writeLines(
  file: AppendFile,
  lines: readonly Uint8Array[],
  confirm: () => Promise<void>,
): Promise<Outcome<void>[]> {
  const out: Outcome<void>[] = [];
  for (const line of lines) {
    try {
      await confirm();
      await file.append(line);
      out.push({ ok: true, value: undefined });
    } catch (error) {
      while (out.length < lines.length) out.push({ ok: false, error });
      break;
    }
  }
  if (out.some(({ ok }) => ok)) await file.sync();
  return out;
}

/** Commits a batch of lines. */
async function commitLines(
  path: string,
  lines: readonly Uint8Array[],
  options: { readonly lock: LockOptions; readonly ports: LogPorts },
): Promise<Outcome<void>[]> {
  const { lock, ports } = options;
  return await ports.locks.withLock(`${path}.lock`, lock, async (held) => {
    const file = await ports.appends.open(path, { create: true });
    try {
      await held.confirm();
      await settle(file);
      return await writeLines(file, lines, () => held.confirm());
    } finally {
      file.close();
    }
  });
}

/** A record as a line. @throws GaitError `input_too_large` */
function lineOf(record: object): Uint8Array {
  const line = utf8(`${encodeJsonRecord(record)}\n`);
  if (line.length <= LIMITS.logRecordBytes) return line;
  throw new GaitError(
    "input_too_large",
    `Cannot append the record: it exceeds ${LIMITS.logRecordBytes} bytes`,
  );
}

/**
 * Makes an appender; a long-lived process keeps one for each log.
 *
 * @param path The log; it and its folders are created.
 * @param options Longest wait for the lock, ms; 30 s when absent, as the reference waits.
 */
export function logAppender(
  path: string,
  ports: LogPorts,
  options: { readonly waitMs?: number } = {},
): LogAppender {
  const lock: LockOptions = {
    style: "append",
    waitMs: options.waitMs ?? 30_000,
    retryMs: RETRY_MS,
    staleMs: STALE_MS,
  };
  const group = new GroupCommit<Uint8Array, void>(
    eachRound((lines) => commitLines(path, lines, { lock, ports })),
  );
  return { append: async (record) => await group.submit(lineOf(record)) };
}
