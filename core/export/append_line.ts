/**
 * Appending one record to a shared log (spec 04 §6): under a lock between processes, in one write, durable
 * when it returns.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { AppendFile } from "../ports/append.ts";
import type { HeldLock, LockOptions } from "../ports/locks.ts";
import type { Ports } from "../ports/ports.ts";

/** What appending needs. */
export type AppendPorts = Pick<Ports, "appends" | "locks">;

/** How long to wait for the lock, and when it counts as left behind (spec 04 §6). */
const LOCK: LockOptions = { style: "append", waitMs: 30_000, staleMs: 120_000, retryMs: 10 };

const LINE_FEED = 0x0a;

/** Whether the file ends in the middle of a line, as a killed process may leave it. */
async function endsInsideLine(file: AppendFile, size: number): Promise<boolean> {
  if (size === 0) return false;
  const [last] = await file.read(size - 1, 1);
  return last !== LINE_FEED;
}

/** Appends durably, or leaves the file as it was: who is told of a failure must not find the record. */
async function appendDurably(file: AppendFile, line: string, lock: HeldLock): Promise<void> {
  const size = await file.size();
  const torn = await endsInsideLine(file, size);
  await lock.confirm();
  try {
    await file.append(utf8(torn ? `\n${line}\n` : `${line}\n`));
    await file.sync();
  } catch (error) {
    await file.truncate(size).catch(() => {});
    throw error;
  }
}

/**
 * Appends a line. Parents of a missing file are created (0750), the file itself is 0600; a record that was
 * torn before is closed off, so that the new one stands on a line of its own.
 *
 * @param path File; symbolic links are refused (divergence C8).
 * @param line One record without its line end.
 * @throws GaitError `state_contention`, `lock_lost`, `input_too_large`, `path_is_symlink`, `io_failure`
 */
export async function appendLine(
  path: string,
  line: string,
  ports: AppendPorts,
): Promise<void> {
  if (utf8(line).length >= LIMITS.logRecordBytes) {
    throw new GaitError("input_too_large", `Cannot append to ${path}: the record is too large`);
  }
  await ports.locks.withLock(`${path}.lock`, LOCK, async (lock) => {
    const file = await ports.appends.open(path, { create: true });
    try {
      await appendDurably(file, line, lock);
    } finally {
      file.close();
    }
  });
}
