/**
 * The digest port over WebCrypto, for browsers, tests and one-shot commands.
 *
 * @module
 */

import { subtleSha256 } from "../base/webcrypto.ts";
import type { Digester } from "../ports/digest.ts";

/** Computes SHA-256 with WebCrypto; asynchronous, works wherever the web platform does. */
export const webDigester: Digester = { sha256: subtleSha256 };
