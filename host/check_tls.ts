/**
 * Checks certificate and key before a server uses them. The library takes any text, says that it listens,
 * and then answers no connection.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import { builtinModule } from "./builtin_module.ts";

/** Certificate and private key, PEM. */
export interface TlsTexts {
  readonly cert: string;
  readonly key: string;
}

/** A failure that tells nothing of the content. */
function unusable(state: string, cause?: unknown): GaitError {
  return new GaitError("config_invalid", `Cannot serve over TLS: ${state}`, {
    hint: "--tls-cert takes a PEM certificate chain, --tls-key its unencrypted PEM key",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Reads one of the two. */
function parsed<T>(read: () => T, state: string): T {
  try {
    return read();
  } catch (error) {
    throw unusable(state, error);
  }
}

/**
 * Checks that both can be read and belong together.
 *
 * @throws GaitError `config_invalid`
 */
export function checkTls({ cert, key }: TlsTexts): void {
  const { X509Certificate, createPrivateKey } = builtinModule("node:crypto");
  const leaf = parsed(() => new X509Certificate(cert), "the certificate cannot be read");
  const secret = parsed(() => createPrivateKey(key), "the key cannot be read");
  if (!leaf.checkPrivateKey(secret)) throw unusable("the key is not that of the certificate");
}
