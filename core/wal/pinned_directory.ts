/**
 * A directory that must stay the one it was: when it is gone, or another one (or a link to one) stands in its
 * place, nothing is written or removed under names in it any more.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Files } from "../ports/files.ts";
import type { Segments } from "../ports/segments.ts";

/** What pinning needs. */
export interface PinPorts {
  readonly segments: Pick<Segments, "identify">;
}

/** One directory and what it was when it was opened. */
export class PinnedDirectory {
  readonly #path: string;
  readonly #ports: PinPorts;
  #identity: string | undefined;
  #looking: Promise<void> | undefined;

  constructor(path: string, ports: PinPorts) {
    this.#path = path;
    this.#ports = ports;
  }

  /** Takes the directory that is there now for the right one; only the first call counts. */
  async pin(): Promise<void> {
    this.#identity ??= await this.#ports.segments.identify(this.#path);
  }

  /**
   * Compares, if it was pinned. Calls of one moment share one look.
   *
   * @throws GaitError `evidence_directory_lost`, or what looking at it throws
   */
  verify(): Promise<void> {
    if (this.#identity === undefined) return Promise.resolve();
    return this.#looking ??= this.#compare().finally(() => this.#looking = undefined);
  }

  async #compare(): Promise<void> {
    const { segments } = this.#ports;
    let now: string | undefined;
    try {
      now = await segments.identify(this.#path);
    } catch (error) {
      if (!(error instanceof GaitError) || error.code !== "file_not_found") throw error;
    }
    if (now === this.#identity) return;
    const state = now === undefined ? "it is gone" : "another directory stands in its place";
    throw new GaitError("evidence_directory_lost", `Cannot use ${this.#path}: ${state}`, {
      details: { path: this.#path },
    });
  }
}

/**
 * Tries whether a directory takes files, and leaves none behind.
 *
 * @param path A name that nothing else has.
 * @param create Creates a durable file.
 * @throws GaitError what creating and removing throw
 */
export async function tryWriting(
  path: string,
  create: (path: string) => Promise<void>,
  files: Pick<Files, "remove">,
): Promise<void> {
  // An earlier try may have been cut short.
  await files.remove(path);
  try {
    await create(path);
  } finally {
    await files.remove(path);
  }
}
