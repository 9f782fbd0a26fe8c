/**
 * A directory that must stay the one it was: when it is gone, or another one (or a link to one) stands in its
 * place, nothing is written or removed under names in it any more.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Files } from "../ports/files.ts";
import type { HeldDirectory, Segments } from "../ports/segments.ts";

/** What pinning needs. */
export interface PinPorts {
  readonly segments: Pick<Segments, "hold">;
}

/** One directory, held from when it was opened. */
export class PinnedDirectory {
  readonly #path: string;
  readonly #ports: PinPorts;
  #held: HeldDirectory | undefined;
  #looking: Promise<void> | undefined;

  constructor(path: string, ports: PinPorts) {
    this.#path = path;
    this.#ports = ports;
  }

  /** Takes the directory that is there now for the right one; only the first call counts. */
  async pin(): Promise<void> {
    this.#held ??= await this.#ports.segments.hold(this.#path);
  }

  /** Gives it up; from now on nothing is compared. */
  release(): void {
    this.#held?.close();
    this.#held = undefined;
  }

  /**
   * Compares, if it was pinned. Calls of one moment share one look.
   *
   * @throws GaitError `evidence_directory_lost`, or what looking at it throws
   */
  verify(): Promise<void> {
    const held = this.#held;
    if (held === undefined) return Promise.resolve();
    return this.#looking ??= this.#compare(held).finally(() => this.#looking = undefined);
  }

  async #compare(held: HeldDirectory): Promise<void> {
    if (await held.isInPlace()) return;
    const state = "it is gone, or another one stands in its place";
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
