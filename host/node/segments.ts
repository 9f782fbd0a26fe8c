/**
 * Segments under Node, which has no lock that ends with its process: they can be settled and recovered, but
 * none is begun, so services under Node sync each trace by itself.
 *
 * @module
 */

import fs from "node:fs";
import { GaitError } from "../../core/base/errors.ts";
import type { Segments } from "../../core/ports/segments.ts";
import { attempt } from "./errors.ts";

/** The refusal to begin one. */
function refuse(): Promise<never> {
  return Promise.reject(
    new GaitError("dependency_missing", "Cannot group syncs: Node has no file locks"),
  );
}

/** Syncs whatever a path names; what is gone needs nothing. */
function settle(path: string): void {
  if (!fs.existsSync(path)) return;
  const file = fs.openSync(path, "r");
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Device, number and time of birth of a directory: a number alone is soon given to another one. */
function identify(path: string): string {
  const info = fs.statSync(path, { bigint: true });
  return info.isDirectory() ? `${info.dev}:${info.ino}:${info.birthtimeNs}` : "";
}

/** Segments of the host. */
export const nodeSegments: Segments = {
  identify: (path) => attempt(() => identify(path), "stat", path),
  createVisible: refuse,
  create: refuse,
  settle: (path) => attempt(() => settle(path), "write", path),
  settleDirectory: (path) =>
    attempt(
      () => {
        if (process.platform !== "win32") settle(path);
      },
      "write",
      path,
    ),
};
