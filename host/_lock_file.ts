/**
 * One lock file: made with its content in one step, judged, confirmed, released (divergence S3).
 *
 * @module
 */

import { toHex, utf8 } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import { formatInstant, parseTimestamp } from "../core/base/instant.ts";
import type { LockStyle } from "../core/ports/locks.ts";
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
}

/** Who holds a lock, as far as its file tells. */
export interface Holder {
  readonly pid?: number;
  readonly created_at?: string;
  /** Age, ms. */
  readonly age_ms?: number;
  /** Whether a living process holds the operating system's lock on the file. */
  readonly alive: boolean;
}

/** How a look at somebody else's lock ended. */
export type Verdict =
  | { readonly kind: "free"; readonly abandoned: boolean }
  | { readonly kind: "held"; readonly holder: Holder };

/** Longest content that is read. */
const MAX_CONTENT = 4096;
/** How old a held lock's `created_at` may get before it is renewed, ms. */
const RENEW_MS = 5_000;
const NANOS_PER_MS = 1_000_000n;
const SCHEMAS: Readonly<Record<LockStyle, string>> = {
  rate_limit: "gait.gate.rate_limit_lock",
  session: "gait.runpack.session_lock",
  append: "gait.append_lock",
};

/** Content of a lock file: one JSON line, as the reference writes it; `os_lock` is our addition. */
function lockText(style: LockStyle): string {
  const now = denoClock.now();
  const schema = `"schema_id":"${SCHEMAS[style]}","schema_version":"1.0.0"`;
  if (style === "rate_limit") {
    return `{${schema},"pid":${Deno.pid},"created_at":"${formatInstant(now)}","os_lock":true}\n`;
  }
  const seconds = formatInstant(now - now % 1_000_000_000n);
  return `{"created_at":"${seconds}","os_lock":true,"pid":${Deno.pid},${schema}}\n`;
}

/** Whether two descriptions are of one file. */
function same(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** What a path names itself; `undefined` when nothing is there. */
function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Tries to create the lock file; `undefined` when somebody else has it. */
export function createLock(path: string, style: LockStyle): OwnLock | undefined {
  const temporary = `${path}.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
  const file = Deno.openSync(temporary, { write: true, read: true, createNew: true, mode: 0o600 });
  try {
    // Taken before the name appears, so that nobody ever sees a living owner without its OS lock.
    file.tryLockSync(true);
    file.writeSync(utf8(lockText(style)));
    Deno.linkSync(temporary, path);
    return { path, file, identity: file.statSync(), style, writtenAt: denoClock.monotonic() };
  } catch (error) {
    file.close();
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  } finally {
    Deno.removeSync(temporary);
  }
}

/** Parsed members of a lock file of any origin. */
function contentOf(file: Deno.FsFile): { pid?: number; created_at?: string; os_lock?: boolean } {
  const buffer = new Uint8Array(MAX_CONTENT);
  file.seekSync(0, Deno.SeekMode.Start);
  const count = file.readSync(buffer) ?? 0;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(buffer.subarray(0, count)));
    if (typeof value !== "object" || value === null) return {};
    const { pid, created_at, os_lock } = value as Record<string, unknown>;
    return {
      ...(typeof pid === "number" && { pid }),
      ...(typeof created_at === "string" && { created_at: created_at.slice(0, 40) }),
      ...(os_lock === true && { os_lock }),
    };
  } catch {
    return {};
  }
}

/**
 * Age of a lock, ms: by `created_at`, and by the file's time where the content tells nothing sensible or the
 * family is judged by both (spec 02 §8).
 */
function ageOf(created: string | undefined, info: Deno.FileInfo, style: LockStyle): number {
  const byFile = Date.now() - (info.mtime?.getTime() ?? Date.now());
  const instant = created === undefined ? undefined : parseTimestamp(created)?.instant;
  if (instant === undefined) return byFile;
  const byContent = Date.now() - Number(instant / NANOS_PER_MS);
  if (byContent < 0) return byFile;
  return style === "rate_limit" ? Math.max(byContent, byFile) : byContent;
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
    const { pid, created_at, os_lock } = contentOf(file);
    const age = ageOf(created_at, handle, options.style);
    const holder = {
      ...(pid !== undefined && { pid }),
      ...(created_at !== undefined && { created_at }),
      age_ms: Math.max(0, Math.round(age)),
      alive: !won,
    };
    if (!won || (os_lock !== true && age <= options.staleMs)) return { kind: "held", holder };
    const named = lstat(path);
    if (named !== undefined && same(named, handle)) Deno.removeSync(path);
    return { kind: "free", abandoned: true };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "free", abandoned: false };
    throw error;
  }
}

/** Whether a file is nobody's: its writer holds the OS lock on it from the first moment. */
function isNobodys(path: string): boolean {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
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
  const named = lstat(lock.path);
  if (named === undefined || !same(named, lock.identity)) {
    throw new GaitError(
      "lock_lost",
      `Cannot go on with ${lock.path}: another program took it over`,
      {
        details: { path: lock.path },
      },
    );
  }
  const now = denoClock.monotonic();
  if (now - lock.writtenAt < RENEW_MS) return;
  const text = utf8(lockText(lock.style));
  lock.file.seekSync(0, Deno.SeekMode.Start);
  lock.file.writeSync(text);
  lock.file.truncateSync(text.length);
  lock.writtenAt = now;
}

/** Releases a lock, unless somebody replaced its file. */
export function releaseLock(lock: OwnLock): void {
  try {
    const named = lstat(lock.path);
    if (named !== undefined && same(named, lock.identity)) Deno.removeSync(lock.path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    lock.file.close();
  }
}
