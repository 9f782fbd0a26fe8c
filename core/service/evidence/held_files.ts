/**
 * Evidence that is held back until the event of its session is written, so that one trip to the thread that
 * writes does for both. Until then nothing is on disk, and a call that fails has nothing to take back. Later
 * it has nothing to take back either: whoever writes them leaves no file of an event that failed, and only
 * there it is known whose a file of that name is.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import type { NamedText } from "../../journal/append_events.ts";
import type { FileData, Files, WriteOptions } from "../../ports/files.ts";
import { nameIn } from "../../wal/grouped_view.ts";

/** The files of one call. */
export class HeldFiles {
  readonly #held = new Map<string, NamedText>();
  readonly #taken = new Set<string>();
  /** The file system, in which texts that are created in the directory are held. */
  readonly view: Files;

  /** @param files Its members must work by themselves, as those of a grouped view do. */
  constructor(directory: string, files: Files) {
    const held = this.#held;
    const taken = this.#taken;
    this.view = {
      ...files,
      async create(path: string, data: FileData, options?: WriteOptions): Promise<void> {
        const name = nameIn(directory, path);
        if (name === undefined || typeof data !== "string" || options?.mode !== undefined) {
          return await files.create(path, data, options);
        }
        if (held.has(path)) {
          throw new GaitError("already_exists", `Cannot write ${path}: it exists`);
        }
        held.set(path, { name, text: data });
      },
      async remove(path: string): Promise<void> {
        if (!held.delete(path) && !taken.has(path)) await files.remove(path);
      },
    };
  }

  /** Whether nothing is held, because nothing was created or everything was taken. */
  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** Takes what is held, in the order of creation. */
  take(): NamedText[] {
    const out = [...this.#held.values()];
    for (const path of this.#held.keys()) this.#taken.add(path);
    this.#held.clear();
    return out;
  }
}
