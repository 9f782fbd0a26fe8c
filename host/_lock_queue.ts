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

/** Number of living waiters before a ticket; it stops counting at the first one. */
export function waitersBefore(ticket: Ticket): number {
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(ticket.folder), (entry) => entry.name);
  } catch {
    return 0;
  }
  const before = names.filter((name) => name < ticket.name).sort();
  const first = before.findIndex((name) => !removeDead(`${ticket.folder}/${name}`));
  return first < 0 ? 0 : before.length - first;
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
