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
import { inDirectory } from "../../mcp/artifact_names.ts";
import type { Files } from "../../ports/files.ts";
import { type GroupedFiles, groupedView } from "../../wal/grouped_view.ts";

/** The files of one call. */
export class HeldFiles {
  readonly #held = new Map<string, string>();
  readonly #taken = new Set<string>();
  /** The file system, in which texts that are created in the directory are held. */
  readonly view: Files;

  constructor(directory: string, files: Files) {
    const held = this.#held;
    const taken = this.#taken;
    const group: GroupedFiles = {
      create(name, text): Promise<void> {
        if (held.has(name)) {
          const path = inDirectory(directory, name);
          const message = `Cannot write ${path}: it exists`;
          return Promise.reject(new GaitError("already_exists", message));
        }
        held.set(name, text);
        return Promise.resolve();
      },
      async remove(name): Promise<void> {
        if (held.delete(name) || taken.has(name)) return;
        await files.remove(inDirectory(directory, name));
      },
    };
    this.view = groupedView(directory, group, files);
  }

  /** Whether nothing is held, because nothing was created or everything was taken. */
  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** Takes what is held, in the order of creation. */
  take(): NamedText[] {
    const out = [...this.#held].map(([name, text]) => ({ name, text }));
    for (const { name } of out) this.#taken.add(name);
    this.#held.clear();
    return out;
  }
}
