/**
 * Watching a file over Deno. The directory is watched, because editors and config maps replace files instead
 * of writing them.
 *
 * @module
 */

import type { Watches } from "../core/ports/watch.ts";
import { baseOf, directoryOf } from "./paths.ts";

/** Quiet time after the last change before it is told, ms. */
const SETTLE_MS = 100;

/** Watches of the host. */
export const denoWatches: Watches = {
  watch(path, react) {
    const watcher = Deno.watchFs(directoryOf(path), { recursive: false });
    const name = baseOf(path);
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function follow(): Promise<void> {
      for await (const event of watcher) {
        // A link's target may change without its name being touched: `..data` of config maps.
        const touched = event.paths.some((changed) => {
          const base = baseOf(changed);
          return base === name || base.startsWith("..");
        });
        if (!touched) continue;
        clearTimeout(timer);
        timer = setTimeout(react, SETTLE_MS);
      }
    }
    void follow();
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  },
};
