/**
 * Rotation of logs that grow without end (divergence S10): the file gets another name, a new one begins with
 * the next record, and old pieces go. No line is ever lost or split.
 *
 * @module
 */

import { formatInstant } from "../base/instant.ts";
import type { Directories } from "../ports/directories.ts";
import type { LockOptions } from "../ports/locks.ts";
import type { Ports } from "../ports/ports.ts";
import type { RotationBounds } from "../ports/service.ts";
import { planRetention } from "./plan.ts";

/** What rotation needs. */
export type RotationPorts = Pick<Ports, "files" | "locks" | "clock"> & {
  readonly directories: Directories;
};

/** The lock of whoever appends (spec 04 §6). */
const LOCK: LockOptions = { style: "append", waitMs: 2_000, staleMs: 120_000, retryMs: 10 };

/** What rotating did. */
export interface Rotation {
  /** Name of the new piece; "" when nothing was rotated. */
  readonly piece: string;
  /** Pieces that were removed, or would be. */
  readonly removed: readonly string[];
}

/** Directory and name of a path. */
function splitPath(path: string): readonly [directory: string, name: string] {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? [".", path] : [path.slice(0, cut) || "/", path.slice(cut + 1)];
}

/** A time as it stands in the name of a piece. */
function stampOf(clock: Ports["clock"]): string {
  return formatInstant(clock.now()).replace(/[-:]/g, "").replace(/Z$/, "");
}

/** Renames the log when it is too long. */
async function rotate(path: string, maxBytes: number, ports: RotationPorts): Promise<string> {
  const isLong = async () => {
    const info = await ports.files.stat(path);
    return info?.kind === "file" && info.size >= maxBytes;
  };
  if (maxBytes <= 0 || !await isLong()) return "";
  return await ports.locks.withLock(`${path}.lock`, LOCK, async (lock) => {
    if (!await isLong()) return "";
    const piece = `${path}.${stampOf(ports.clock)}`;
    await lock.confirm();
    await ports.directories.rename(path, piece);
    return piece;
  });
}

/** Pieces that are too many or too old. */
async function surplusPieces(
  path: string,
  bounds: RotationBounds,
  ports: RotationPorts,
): Promise<string[]> {
  if (bounds.maxFiles <= 0 && bounds.maxAgeMs <= 0) return [];
  const [directory, name] = splitPath(path);
  if (await ports.files.stat(directory) === undefined) return [];
  const units = [];
  for (const entry of await ports.files.list(directory)) {
    const isPiece = entry.kind === "file" && entry.name.startsWith(`${name}.`) &&
      /^\d{8}T\d{6}(\.\d{1,9})?$/.test(entry.name.slice(name.length + 1));
    if (!isPiece) continue;
    const piece = `${directory}/${entry.name}`;
    const modifiedMs = (await ports.files.stat(piece))?.modifiedMs ?? 0;
    const file = { path: piece, name: entry.name, modifiedMs };
    units.push({ path: piece, files: [file], modifiedMs, isLive: false });
  }
  const nowMs = Number(ports.clock.now() / 1_000_000n);
  const plan = planRetention(
    units,
    { maxAgeMs: bounds.maxAgeMs, maxCount: bounds.maxFiles },
    nowMs,
  );
  return plan.files.map((file) => file.path);
}

/**
 * Rotates one log and removes surplus pieces.
 *
 * @param options `dryRun` changes nothing and tells what would go.
 * @throws GaitError `state_contention`, `io_failure`
 */
export async function rotateLog(
  path: string,
  options: RotationBounds & { readonly dryRun: boolean },
  ports: RotationPorts,
): Promise<Rotation> {
  const piece = options.dryRun ? "" : await rotate(path, options.maxBytes, ports);
  const removed = await surplusPieces(path, options, ports);
  if (!options.dryRun) {
    for (const old of removed) await ports.files.remove(old);
  }
  return { piece, removed };
}
