/**
 * The digest port over our own SHA-256, for commands that carry it anyway and hash little besides.
 *
 * @module
 */

import type { Digester } from "../ports/digest.ts";
import { RunningSha256 } from "./running_sha256.ts";

/** Computes SHA-256 at once: no other thread has to answer, which a short text is not worth. */
export const runningDigester: Digester = {
  sha256(data) {
    const hash = new RunningSha256();
    hash.update(data);
    return hash.digest();
  },
};
