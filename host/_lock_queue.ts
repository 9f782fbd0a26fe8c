/**
 * The waiting line before a contended lock: a folder with one ticket for each waiter, named by time of
 * arrival. The first living ticket takes the lock next. The folder exists only while somebody waits.
 *
 * @module
 */

import { toHex } from "../core/base/bytes.ts";

/** A place in the line. */
export interface Ticket {
  readonly folder: string;
  readonly name: string;
  readonly file: Deno.FsFile;
}

/** Name of the folder of a lock. */
function folderOf(path: string): string {
  return `${path}.queue`;
}

/** Whether somebody waits. */
export function hasQueue(path: string): boolean {
  try {
    return Deno.lstatSync(folderOf(path)).isDirectory;
  } catch {
    return false;
  }
}

/** Whether the failure says that a file is not there. */
function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound;
}

/** Creates a ticket file in the folder. */
function createTicket(folder: string): Ticket {
  // Nanoseconds since the epoch sort by arrival; the digits behind them only keep names apart.
  const arrived = String(Math.floor((performance.timeOrigin + performance.now()) * 1000));
  const name = `${arrived.padStart(18, "0")}-${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
  const options = { read: true, write: true, createNew: true, mode: 0o600 };
  const file = Deno.openSync(`${folder}/${name}`, options);
  file.tryLockSync(true);
  return { folder, name, file };
}

/** Joins the line. `undefined` when the folder cannot be used; then the caller goes without. */
export function joinQueue(path: string): Ticket | undefined {
  const folder = folderOf(path);
  for (let tries = 0; tries < 100; tries++) {
    try {
      return createTicket(folder);
    } catch (error) {
      if (!isMissing(error)) return undefined;
    }
    try {
      Deno.mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) return undefined;
    }
  }
  return undefined;
}

/** Whether a ticket's owner is gone; then the ticket is removed. */
function removeDead(file: string): boolean {
  try {
    using handle = Deno.openSync(file, { read: true, write: true });
    if (!handle.tryLockSync(true)) return false;
    Deno.removeSync(file);
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

/** Tickets whose owner was seen alive, and when, ms on the monotonic clock. */
const seenAlive = new Map<string, number>();
/** How long such a sight counts, ms. */
const ALIVE_MS = 20;
const MAX_SEEN = 1024;

/** Whether the owner of a ticket is gone; looked at now and then only. */
function isDead(file: string): boolean {
  const now = performance.now();
  const seen = seenAlive.get(file);
  if (seen !== undefined && now - seen < ALIVE_MS) return false;
  if (removeDead(file)) return true;
  if (seenAlive.size >= MAX_SEEN) seenAlive.clear();
  seenAlive.set(file, now);
  return false;
}

/** Living waiters before a ticket: how many at most, and the name of the first. */
export function waitersBefore(ticket: Ticket): { readonly count: number; readonly first: string } {
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(ticket.folder), (entry) => entry.name);
  } catch {
    return { count: 0, first: "" };
  }
  const before = names.filter((name) => name < ticket.name).sort();
  const first = before.findIndex((name) => !isDead(`${ticket.folder}/${name}`));
  if (first < 0) return { count: 0, first: "" };
  return { count: before.length - first, first: before[first] ?? "" };
}

/** Leaves the line; the last one removes the folder. */
export function leaveQueue(ticket: Ticket): void {
  ticket.file.close();
  try {
    Deno.removeSync(`${ticket.folder}/${ticket.name}`);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    Deno.removeSync(ticket.folder);
  } catch {
    // Others still wait, or the last of them was quicker.
  }
}
