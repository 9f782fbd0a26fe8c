/**
 * Ed25519 over WebCrypto: no start-up cost, asynchronous. One-shot commands and browsers use it.
 *
 * @module
 */

import { subtleEd25519, subtleVerify } from "../base/webcrypto.ts";
import type { Ed25519 } from "../ports/sign.ts";

/** The signature scheme of RFC 8032 as the web platform offers it. */
export const webEd25519: Ed25519 = {
  fromSeed: subtleEd25519,
  verify: ({ publicKey, message, signature }) => subtleVerify(publicKey, message, signature),
};
