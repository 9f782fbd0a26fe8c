/**
 * One lock file under Node (divergence S3). Node offers no lock on a file, so a living owner is told by its
 * process: the file names the process, when it started, and the machine that may judge it. Whatever a lock
 * file does not tell is judged by age, as the reference does.
 *
 * @module
 */

import fs from "node:fs";
import { toHex, utf8 } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import { formatInstant, parseTimestamp } from "../../core/base/instant.ts";
import type { LockStyle } from "../../core/ports/locks.ts";
import { nodeClock } from "./clock.ts";
import { isMissing, systemCode } from "./errors.ts";
import { discard, fstat, type Identity, type Info, isSame, lstat, writeAll } from "./fs.ts";
import { isAlive, isRunning, ownProcess } from "./_owner.ts";
import { process } from "./_process.ts";

/** A lock that this process holds. */
export interface OwnLock {
  readonly path: string;
  readonly fd: number;
  readonly identity: Identity;
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
  /** Whether the process that the file names runs. */
  readonly alive: boolean;
}

/** How a look at somebody else's lock ended. */
export type Verdict = { readonly kind: "free" } | {
  readonly kind: "held";
  readonly holder: Holder;
};

/** Longest content that is read. */
const MAX_CONTENT = 4096;
/** How old a held lock's `created_at` may get before it is renewed, ms. */
const RENEW_MS = 5_000;
/** A takeover lasts no longer than a few system calls; older marks are of a process that died in it, ms. */
const TAKEOVER_MS = 10_000;
const NANOS_PER_MS = 1_000_000n;
const SCHEMAS: Readonly<Record<LockStyle, string>> = {
  rate_limit: "gait.gate.rate_limit_lock",
  session: "gait.runpack.session_lock",
  append: "gait.append_lock",
};

/** Members of a lock file of any origin that matter here. */
interface Content {
  readonly pid?: number;
  readonly created_at?: string;
  readonly host?: string;
  readonly started?: string;
  /** The owner holds a lock of the operating system on the file, which Node cannot see. */
  readonly os_lock?: boolean;
}

/** Content of a lock file: one JSON line as the reference writes it, and who may judge its owner. */
function lockText(style: LockStyle): string {
  const now = nodeClock.now();
  const time = formatInstant(style === "rate_limit" ? now : now - now % 1_000_000_000n);
  const pid = process.pid;
  const schema = { schema_id: SCHEMAS[style], schema_version: "1.0.0" };
  const { host, started } = ownProcess();
  const owner = { host, ...(started === "" ? {} : { started }) };
  const content = style === "rate_limit"
    ? { ...schema, pid, created_at: time, ...owner }
    : { created_at: time, ...owner, pid, ...schema };
  return `${JSON.stringify(content)}\n`;
}

/** Tries to create the lock file; `undefined` when somebody else has it. */
export function createLock(path: string, style: LockStyle): OwnLock | undefined {
  const temporary = `${path}.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
  const fd = fs.openSync(temporary, "wx+", 0o600);
  try {
    writeAll(fd, utf8(lockText(style)));
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

/** Reads the content of an open lock file. */
function contentOf(fd: number): Content {
  const buffer = new Uint8Array(MAX_CONTENT);
  const count = fs.readSync(fd, buffer, 0, MAX_CONTENT, 0);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(buffer.subarray(0, count)));
    if (typeof value !== "object" || value === null) return {};
    const { pid, created_at, host, started, os_lock } = value as Record<string, unknown>;
    return {
      ...(typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0 && { pid }),
      ...(typeof created_at === "string" && { created_at: created_at.slice(0, 40) }),
      ...(typeof host === "string" && { host }),
      ...(typeof started === "string" && { started }),
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
function ageOf(created: string | undefined, info: Info, style: LockStyle): number {
  const byFile = Date.now() - Number(info.mtimeMs);
  const instant = created === undefined ? undefined : parseTimestamp(created)?.instant;
  if (instant === undefined) return byFile;
  const byContent = Date.now() - Number(instant / NANOS_PER_MS);
  if (byContent < 0) return byFile;
  return style === "rate_limit" ? Math.max(byContent, byFile) : byContent;
}

/** Whether the owner is gone. */
function isAbandoned(content: Content, age: number, staleMs: number): boolean {
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
  const age = ageOf(content.created_at, info, options.style);
  const { pid, created_at } = content;
  const abandoned = isAbandoned(content, age, options.staleMs);
  return {
    abandoned,
    identity: info,
    holder: {
      ...(pid !== undefined && { pid }),
      ...(created_at !== undefined && { created_at }),
      age_ms: Math.max(0, Math.round(age)),
      alive: !abandoned,
    },
  };
}

/** Removes an abandoned lock. One taker at a time: its mark keeps the others from removing what comes next. */
function removeAbandoned(path: string, identity: Identity): void {
  const mark = `${path}.takeover`;
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
  if (info === undefined) return { kind: "free" };
  // A folder, link or device at the path is nobody's lock that could be judged or removed safely.
  if (!info.isFile()) return { kind: "held", holder: { alive: false } };
  try {
    const fd = fs.openSync(path, "r");
    try {
      const { abandoned, identity, holder } = look(fd, options);
      if (!abandoned) return { kind: "held", holder };
      removeAbandoned(path, identity);
      return { kind: "free" };
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (isMissing(error)) return { kind: "free" };
    throw error;
  }
}

/** Makes sure that a lock is still ours and renews its time. @throws GaitError `lock_lost` */
export function confirmLock(lock: OwnLock): void {
  const named = lstat(lock.path);
  if (named === undefined || !isSame(named, lock.identity)) {
    throw new GaitError(
      "lock_lost",
      `Cannot go on with ${lock.path}: another program took it over`,
      { details: { path: lock.path } },
    );
  }
  const now = nodeClock.monotonic();
  if (now - lock.writtenAt < RENEW_MS) return;
  const text = utf8(lockText(lock.style));
  for (let at = 0; at < text.length;) at += fs.writeSync(lock.fd, text, at, text.length - at, at);
  fs.ftruncateSync(lock.fd, text.length);
  lock.writtenAt = now;
}

/** Releases a lock, unless somebody replaced its file. */
export function releaseLock(lock: OwnLock): void {
  try {
    const named = lstat(lock.path);
    if (named !== undefined && isSame(named, lock.identity)) discard(lock.path);
  } finally {
    fs.closeSync(lock.fd);
  }
}
