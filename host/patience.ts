/**
 * When a thread waits for a disk itself. Leaving a sync to a thread of the runtime wakes two threads, which costs
 * more than a quick sync; but whoever waits does nothing else, so that one slow file would hold up all others.
 *
 * @module
 */

/** A sync that is worth waiting for takes no longer, ms. */
const QUICK_MS = 2;

/** What of an open file is synced. */
export type SyncedFile = Pick<Deno.FsFile, "syncData" | "syncDataSync">;

/** Makes an open file durable. */
export type SyncOne = () => Promise<void>;

/** Decides for all files of one thread. */
export class Patience {
  readonly #isFree: () => boolean;
  #device: number | undefined;

  /** @param isFree Whether nothing else is to be done now. */
  constructor(isFree: () => boolean) {
    this.#isFree = isFree;
  }

  /** Names the disk on which everything depends anyway: when it hangs, nothing else could be done. */
  dependOn({ dev }: Pick<Deno.FileInfo, "dev">): void {
    this.#device ??= dev;
  }

  /** Syncs one open file, waiting for it while its disk is that one and its last sync was quick. */
  syncOf(file: SyncedFile, { dev }: Pick<Deno.FileInfo, "dev">): SyncOne {
    let isQuick = false;
    return async () => {
      const waits = isQuick && dev === this.#device && this.#isFree();
      isQuick = false;
      const began = performance.now();
      if (waits) file.syncDataSync();
      else await file.syncData();
      isQuick = performance.now() - began <= QUICK_MS;
    };
  }
}
