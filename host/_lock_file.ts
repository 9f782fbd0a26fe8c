/**
 * One lock file: made with its content in one step, judged, confirmed, released (divergence S3).
 *
 * @module
 */

import { toHex, utf8 } from "../core/base/bytes.ts";
import type { LockStyle } from "../core/ports/locks.ts";
import {
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
} from "./_lock_terms.ts";
import { discard, lstat } from "./_fs.ts";
import { denoClock } from "./deno_clock.ts";
import { baseOf, directoryOf } from "./paths.ts";

/** A lock that this process holds. */
export interface OwnLock {
  readonly path: string;
  readonly file: Deno.FsFile;
  readonly identity: Deno.FileInfo;
  readonly style: LockStyle;
  /** When its content was last written, ms on the monotonic clock. */
  writtenAt: number;
  /** When its path was last looked at, ms on the monotonic clock. */
  namedAt: number;
}

/** How long a look at a path holds, ms: a suspended process looks again. */
export const FRESH_MS = 1;

/** Content of a lock file that this process writes now. */
function ownText(style: LockStyle): string {
  return lockText(style, { pid: Deno.pid, now: denoClock.now() }, { os_lock: true });
}

/** Whether two descriptions are of one file. */
function same(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Tries to create the lock file; `undefined` when somebody else has it. */
export function createLock(path: string, style: LockStyle): OwnLock | undefined {
  const temporary = `${path}.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
  const file = Deno.openSync(temporary, { write: true, read: true, createNew: true, mode: 0o600 });
  try {
    // Taken before the name appears, so that nobody ever sees a living owner without its OS lock.
    file.tryLockSync(true);
    file.writeSync(utf8(ownText(style)));
    Deno.linkSync(temporary, path);
    const now = denoClock.monotonic();
    return { path, file, identity: file.statSync(), style, writtenAt: now, namedAt: now };
  } catch (error) {
    file.close();
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  } finally {
    Deno.removeSync(temporary);
  }
}

/** Content of a lock file of any origin; where a lock of the system keeps others from reading it, nothing. */
function contentOf(file: Deno.FsFile): LockContent {
  const buffer = new Uint8Array(MAX_CONTENT);
  try {
    file.seekSync(0, Deno.SeekMode.Start);
    return parseLockContent(buffer.subarray(0, file.readSync(buffer) ?? 0));
  } catch {
    return {};
  }
}

/** Removes the mark of a taker that died in its takeover. */
function dropOldMark(mark: string): void {
  const marked = lstat(mark)?.mtime?.getTime();
  if (marked === undefined || Date.now() - marked <= TAKEOVER_MS) return;
  discard(mark);
}

/**
 * Removes a lock that Node may be taking over as well. Node cannot see that we hold the OS lock on it, so the
 * mark that takers under Node use keeps us apart.
 */
function removeMarked(path: string, handle: Deno.FileInfo): void {
  const mark = takeoverMark(path);
  dropOldMark(mark);
  try {
    Deno.openSync(mark, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    throw error;
  }
  try {
    removeSame(path, handle);
  } finally {
    discard(mark);
  }
}

/** Removes a lock, if the path still names it. */
function removeSame(path: string, handle: Deno.FileInfo): void {
  const named = lstat(path);
  if (named !== undefined && same(named, handle)) discard(path);
}

/**
 * Looks at a lock file that somebody else made and removes it when its owner is gone. A taker must win the
 * OS lock on the very file that the path names, so two takers never both remove.
 */
export function judgeLock(
  path: string,
  options: { readonly style: LockStyle; readonly staleMs: number },
): Verdict {
  const info = lstat(path);
  if (info === undefined) return { kind: "free", abandoned: false };
  // A folder, link or device at the path is nobody's lock that could be judged or removed safely.
  if (!info.isFile) return { kind: "held", holder: { alive: false } };
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    const won = file.tryLockSync(true);
    const handle = file.statSync();
    const content = contentOf(file);
    const changed = handle.mtime?.getTime() ?? Date.now();
    const age = lockAge(content.created_at, changed, options.style);
    const old = age > options.staleMs;
    if (!won || (content.os_lock !== true && !old)) {
      return { kind: "held", holder: holderOf(content, { age, alive: !won }) };
    }
    // Node takes nobody's lock that is young and has the OS lock of its owner.
    if (old) removeMarked(path, handle);
    else removeSame(path, handle);
    return { kind: "free", abandoned: true };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "free", abandoned: false };
    throw error;
  }
}

/**
 * Whether a lock file without its name is nobody's. Who writes it under Deno holds the OS lock on it before it
 * has any content; for others, such as processes of Node, its age tells.
 */
function isNobodys(path: string): boolean {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    const age = Date.now() - (file.statSync().mtime?.getTime() ?? Date.now());
    // Looked at first: a try for the lock could come before its owner's.
    if (age <= TAKEOVER_MS && contentOf(file).os_lock !== true) return false;
    return file.tryLockSync(true);
  } catch {
    return false;
  }
}

/**
 * Removes what killed owners left beside a lock that we hold: lock files that never got their name, and
 * temporary files of what the lock protects, which only its owner writes. Best effort.
 */
export function sweepLeftovers(path: string): void {
  const folder = directoryOf(path);
  const lock = baseOf(path);
  const target = lock.replace(/\.lock$/, "");
  const starts = [`.${target}.tmp-`, `.${target}.state.json.tmp-`];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      const file = `${folder}/${name}`;
      const ours = name.startsWith(`${lock}.`) &&
        /^[0-9a-f]{12}$/.test(name.slice(lock.length + 1));
      const temporary = starts.some((start) =>
        name.startsWith(start) && /^[0-9a-f]{12}$/.test(name.slice(start.length))
      );
      if (temporary || (ours && isNobodys(file))) Deno.removeSync(file);
    }
  } catch {
    // Nothing depends on it; the next takeover tries again.
  }
}

/** Makes sure that a lock is still ours and renews its time. @throws GaitError `lock_lost` */
export function confirmLock(lock: OwnLock): void {
  const now = denoClock.monotonic();
  // Whoever takes a lock over removes its name, which the open file tells at a fifth of the price.
  const isFresh = now - lock.namedAt < FRESH_MS && (lock.file.statSync().nlink ?? 0) > 0;
  const named = isFresh ? lock.identity : lstat(lock.path);
  if (named === undefined || !same(named, lock.identity)) throw lockLost(lock.path);
  if (!isFresh) lock.namedAt = now;
  if (now - lock.writtenAt < RENEW_MS) return;
  const text = utf8(ownText(lock.style));
  lock.file.seekSync(0, Deno.SeekMode.Start);
  lock.file.writeSync(text);
  lock.file.truncateSync(text.length);
  lock.writtenAt = now;
}

/** Releases a lock, unless somebody replaced its file. It never fails: what was done under the lock is done. */
export function releaseLock(lock: OwnLock): void {
  try {
    removeSame(lock.path, lock.identity);
  } catch {
    // Without its OS lock it is nobody's, and whoever comes next takes it over.
  } finally {
    lock.file.close();
  }
}
