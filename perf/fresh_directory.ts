/**
 * Directories in which creating files costs what it usually does. Some file systems take a long look around
 * wherever thousands of files were deleted in the last minutes, by tests or by an earlier run, so that a bench
 * would measure that; where such a place is depends on where a directory happened to be put.
 *
 * @module
 */

import { median } from "./harness.ts";

/** Files of one try. */
const FILES = 256;
/** Creating costs about four times as much as opening; above this, something is in the way. */
const USUAL = 10;
/** Directories that are tried; then the best one has to do. */
const TRIES = 16;

/** Asks the file system to put the directories in this one far from each other, where it can (ext4). */
async function spread(parent: string): Promise<void> {
  try {
    await new Deno.Command("chattr", { args: ["+T", parent], stderr: "null" }).output();
  } catch {
    // Without it they lie side by side, and more of them are tried.
  }
}

/** Time of each step, ms. */
function times(count: number, step: (at: number) => void): number[] {
  return Array.from({ length: count }, (_, at) => {
    const began = performance.now();
    step(at);
    return performance.now() - began;
  });
}

/** What creating a file costs, in times of opening one. What it creates stays: deleting is what hurts. */
function priceOfCreating(dir: string): number {
  const data = new Uint8Array(1_500);
  const create = times(FILES, (at) => {
    using file = Deno.openSync(`${dir}/${at}`, { write: true, createNew: true });
    file.writeSync(data);
  });
  const open = times(FILES, (at) => Deno.openSync(`${dir}/${at}`).close());
  return median(create) / median(open);
}

/**
 * Makes a directory where creating files is not slower than usual, if there is one.
 *
 * @param parent Does not exist yet. The caller removes it when everything is measured.
 * @returns A directory in it, with some files that were created to find out.
 */
export async function freshDirectory(parent: string): Promise<string> {
  await Deno.mkdir(parent, { recursive: true });
  await spread(parent);
  let best = { path: `${parent}/1`, price: Infinity };
  for (let at = 1; at <= TRIES && best.price > USUAL; at++) {
    const path = `${parent}/${at}`;
    // The files of the try lie in a directory of their own, beside what is measured.
    await Deno.mkdir(`${path}/tried`, { recursive: true });
    const price = priceOfCreating(`${path}/tried`);
    if (price < best.price) best = { path, price };
  }
  return best.path;
}
