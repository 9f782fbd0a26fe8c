/**
 * One lock file under Node (divergence S3). Node offers no lock on a file, so a living owner is told by its
 * process: the file names the process, when it started, and the machine that may judge it. Whatever a lock
 * file does not tell is judged by age, as the reference does.
 *
 * @module
 */

import fs from "node:fs";
import { toHex, utf8 } from "../../core/base/bytes.ts";
import type { LockStyle } from "../../core/ports/locks.ts";
import {
  type Holder,
  holderOf,
  lockAge,
  type LockContent,
  lockLost,
  lockText,
  MAX_CONTENT,
  parseLockContent,
  RENEW_MS,
  TAKEOVER_MS,
  takeoverMark,
  type Verdict,
} from "../_lock_terms.ts";
import { nodeClock } from "./clock.ts";
import { isMissing, systemCode } from "./errors.ts";
import { discard, fstat, type Identity, isSame, lstat, writeAll } from "./fs.ts";
import { isAlive, isRunning, ownProcess } from "./_owner.ts";

/** A lock that this process holds. */
export interface OwnLock {
  readonly path: string;
  readonly fd: number;
  readonly identity: Identity;
  readonly style: LockStyle;
  /** When its content was last written, ms on the monotonic clock. */
  writtenAt: number;
}

/** Content of a lock file that this process writes now. */
function ownText(style: LockStyle): string {
  const { pid, host, started } = ownProcess();
  const ours = { host, ...(started === "" ? {} : { started }) };
  return lockText(style, { pid, now: nodeClock.now() }, ours);
}

/** Tries to create the lock file; `undefined` when somebody else has it. */
export function createLock(path: string, style: LockStyle): OwnLock | undefined {
  const temporary = `${path}.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
  const fd = fs.openSync(temporary, "wx+", 0o600);
  try {
    writeAll(fd, utf8(ownText(style)));
    fs.linkSync(temporary, path);
    return { path, fd, identity: fstat(fd), style, writtenAt: nodeClock.monotonic() };
  } catch (error) {
    fs.closeSync(fd);
    if (systemCode(error) === "EEXIST") return undefined;
    throw error;
  } finally {
    discard(temporary);
  }
}

/**
 * Reads the content of an open lock file.
 *
 * @returns `undefined` where its owner's lock of the system keeps us from reading it, as Windows does.
 */
function contentOf(fd: number): LockContent | undefined {
  const buffer = new Uint8Array(MAX_CONTENT);
  try {
    return parseLockContent(buffer.subarray(0, fs.readSync(fd, buffer, 0, MAX_CONTENT, 0)));
  } catch (error) {
    if (systemCode(error) === "EBUSY") return undefined;
    throw error;
  }
}

/** Whether the owner is gone. */
function isAbandoned(content: LockContent, age: number, staleMs: number): boolean {
  // This very machine made it, so the process itself tells.
  const known = isAlive(content);
  if (known !== undefined) return !known;
  if (age <= staleMs) return false;
  // An owner with a lock of the operating system may be slow; its process, if it is ours to see, tells.
  const { pid, os_lock } = content;
  return os_lock !== true || pid === undefined || !isRunning(pid);
}

/** Looks at an open lock file of somebody else. */
function look(
  fd: number,
  options: { readonly style: LockStyle; readonly staleMs: number },
): { readonly abandoned: boolean; readonly identity: Identity; readonly holder: Holder } {
  const info = fstat(fd);
  const content = contentOf(fd);
  const age = lockAge(content?.created_at, Number(info.mtimeMs), options.style);
  const abandoned = content !== undefined && isAbandoned(content, age, options.staleMs);
  return { abandoned, identity: info, holder: holderOf(content ?? {}, { age, alive: !abandoned }) };
}

/** Removes an abandoned lock. One taker at a time: its mark keeps the others from removing what comes next. */
function removeAbandoned(path: string, identity: Identity): void {
  const mark = takeoverMark(path);
  const marked = lstat(mark);
  if (marked !== undefined && Date.now() - Number(marked.mtimeMs) > TAKEOVER_MS) discard(mark);
  try {
    fs.closeSync(fs.openSync(mark, "wx", 0o600));
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw error;
  }
  try {
    const named = lstat(path);
    if (named !== undefined && isSame(named, identity)) discard(path);
  } finally {
    discard(mark);
  }
}

/** Looks at a lock file that somebody else made and removes it when its owner is gone. */
export function judgeLock(
  path: string,
  options: { readonly style: LockStyle; readonly staleMs: number },
): Verdict {
  const info = lstat(path);
  if (info === undefined) return { kind: "free", abandoned: false };
  // A folder, link or device at the path is nobody's lock that could be judged or removed safely.
  if (!info.isFile()) return { kind: "held", holder: { alive: false } };
  try {
    const fd = fs.openSync(path, "r");
    try {
      const { abandoned, identity, holder } = look(fd, options);
      if (!abandoned) return { kind: "held", holder };
      removeAbandoned(path, identity);
      return { kind: "free", abandoned: true };
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (isMissing(error)) return { kind: "free", abandoned: false };
    throw error;
  }
}

/** Makes sure that a lock is still ours and renews its time. @throws GaitError `lock_lost` */
export function confirmLock(lock: OwnLock): void {
  const named = lstat(lock.path);
  if (named === undefined || !isSame(named, lock.identity)) throw lockLost(lock.path);
  const now = nodeClock.monotonic();
  if (now - lock.writtenAt < RENEW_MS) return;
  const text = utf8(ownText(lock.style));
  for (let at = 0; at < text.length;) at += fs.writeSync(lock.fd, text, at, text.length - at, at);
  fs.ftruncateSync(lock.fd, text.length);
  lock.writtenAt = now;
}

/** Releases a lock, unless somebody replaced its file. It never fails: what was done under the lock is done. */
export function releaseLock(lock: OwnLock): void {
  try {
    const named = lstat(lock.path);
    if (named !== undefined && isSame(named, lock.identity)) discard(lock.path);
  } catch {
    // Whoever comes next takes it over when it is old.
  } finally {
    fs.closeSync(lock.fd);
  }
}
