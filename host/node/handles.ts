/**
 * How many files the process may still open; Node cannot ask for the limit, so it is tried out.
 *
 * @module
 */

import fs from "node:fs";
import { process } from "./_process.ts";

/** See `denoFreeHandles`. */
export function nodeFreeHandles(path: string, wanted: number): number {
  if (process.platform === "win32") return wanted;
  const open: number[] = [];
  try {
    while (open.length < wanted) open.push(fs.openSync(path, "r"));
  } catch {
    // That is the limit.
  }
  for (const file of open) fs.closeSync(file);
  return open.length;
}
