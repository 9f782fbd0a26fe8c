/**
 * Holding a session: its lock, its open journal, and the operating system's lock on the journal itself, so
 * that two names of one file exclude each other (spec 03 §8.5).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { AppendFile } from "../ports/append.ts";
import type { HeldLock } from "../ports/locks.ts";
import type { Ports } from "../ports/ports.ts";
import { lockPath } from "../session/session_paths.ts";
import { sessionLockOptions } from "./lock_settings.ts";

/** Ports that every use case of a session needs. */
export type SessionPorts = Pick<Ports, "appends" | "clock" | "env" | "files" | "locks" | "version">;

/** A session while it is held. */
export interface HeldSession {
  /** Path of the journal. */
  readonly path: string;
  readonly file: AppendFile;
  /**
   * Makes sure that nobody else came in: the lock is ours, the path names this file, and the file has the
   * size that we know. Called right before each write (divergence S3).
   *
   * @throws GaitError `lock_lost`
   */
  confirm(expectedSize: number): Promise<void>;
}

/** Longest pause while another name of the journal is in use, ms. */
const ALIAS_PAUSE_MS = 5;

/** Waits until no other name of the file is in use. */
async function lockFile(
  file: AppendFile,
  options: { readonly path: string; readonly waitMs: number },
  ports: SessionPorts,
): Promise<void> {
  const began = ports.clock.monotonic();
  for (let attempts = 1; !await file.tryLock(); attempts++) {
    const waited = ports.clock.monotonic() - began;
    if (waited >= options.waitMs) {
      throw new GaitError(
        "state_contention",
        `Cannot lock ${options.path}: another name of the file is in use`,
        { details: { path: options.path, waited_ms: Math.round(waited), attempts } },
      );
    }
    await ports.clock.sleep(ALIAS_PAUSE_MS);
  }
}

/** The check before each write. */
function confirmer(path: string, file: AppendFile, lock: HeldLock): HeldSession["confirm"] {
  return async (expectedSize) => {
    await lock.confirm();
    if (await file.isNamed() && await file.size() === expectedSize) return;
    throw new GaitError("lock_lost", `Cannot write ${path}: somebody else wrote it meanwhile`, {
      details: { path },
    });
  };
}

/**
 * Runs `work` while holding a session.
 *
 * @param journal Path of the journal.
 * @param options `create` makes a missing journal; otherwise it must exist.
 * @throws GaitError `state_contention`, `file_not_found`, `path_is_symlink`, …
 */
export async function withSession<T>(
  journal: string,
  options: { readonly create: boolean; readonly ports: SessionPorts },
  work: (session: HeldSession) => Promise<T>,
): Promise<T> {
  const { ports, create } = options;
  // Before the lock, because taking it would create folders for a journal that does not exist.
  if (!create && await ports.files.stat(journal) === undefined) {
    throw new GaitError(
      "file_not_found",
      `Cannot open session journal ${journal}: no such file or directory`,
      { hint: "create it with gait run session start", details: { path: journal } },
    );
  }
  const lockOptions = sessionLockOptions(ports.env);
  return await ports.locks.withLock(lockPath(journal), lockOptions, async (lock) => {
    const file = await ports.appends.open(journal, { create });
    try {
      await lockFile(file, { path: journal, waitMs: lockOptions.waitMs }, ports);
      return await work({ path: journal, file, confirm: confirmer(journal, file, lock) });
    } finally {
      file.close();
    }
  });
}
