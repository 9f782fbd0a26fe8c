/**
 * The process object. Importing `node:process` makes its streams, which costs start-up time; the global is the
 * same object.
 *
 * @module
 */

import type * as Crypto from "node:crypto";
import type Process from "node:process";

/** This process. */
export const process: typeof Process =
  (globalThis as unknown as { process: typeof Process }).process;

/**
 * The native crypto library. Importing it makes all that it offers, WebCrypto too; asking the process for it
 * makes only what is used. Node before 20.16 has no such question.
 */
export async function cryptoLibrary(): Promise<typeof Crypto> {
  return process.getBuiltinModule?.("node:crypto") ?? await import("node:crypto");
}
