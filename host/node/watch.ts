/**
 * Watching a file over Node. The directory is watched, because editors and config maps replace files instead
 * of writing them.
 *
 * @module
 */

import fs from "node:fs";
import { basename, dirname } from "node:path";
import type { Watches } from "../../core/ports/watch.ts";

/** Quiet time after the last change before it is told, ms. */
const SETTLE_MS = 100;

/** Watches of the host. */
export const nodeWatches: Watches = {
  watch(path, react) {
    const name = basename(path);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watcher = fs.watch(dirname(path), { persistent: false }, (_event, changed) => {
      // A link's target may change without its name being touched: `..data` of config maps.
      if (changed !== null && changed !== name && !changed.startsWith("..")) return;
      clearTimeout(timer);
      timer = setTimeout(react, SETTLE_MS);
    });
    // A directory that goes away ends the watch; the file is judged when it is next read.
    watcher.on("error", () => {});
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  },
};
