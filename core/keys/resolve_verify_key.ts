/**
 * Finding the key to verify with (spec 01 §6.2).
 *
 * @module
 */

import { type Bytes, equalBytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { Ports } from "../ports/ports.ts";
import { keyId } from "../sign/key_id.ts";
import { parsePrivateKey, parsePublicKey } from "../sign/key_text.ts";
import {
  checkUnambiguous,
  isGiven,
  type KeySource,
  readKeyText,
  sourceName,
} from "./key_source.ts";

/** The four ways to name a key; absent and "" mean "not given". */
export interface VerifyKeyOptions {
  /** File with a public key. */
  readonly publicKey?: string;
  /** Variable with a public key. */
  readonly publicKeyEnv?: string;
  /** File with a private key, whose public half is used. */
  readonly privateKey?: string;
  /** Variable with a private key. */
  readonly privateKeyEnv?: string;
}

/** A key to verify with. */
export interface VerifyKey {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Bytes;
  /** Id of the key, 64 hex digits. */
  readonly keyId: string;
  /** Where it comes from: `path:<path>` or `env:<NAME>`. */
  readonly source: string;
}

/** What finding a verification key needs. */
export type VerifyKeyPorts = Pick<Ports, "digester" | "ed25519" | "env" | "files">;

/** The two sources, each checked to be given at most once. */
export function keySources(
  options: VerifyKeyOptions,
): { readonly publicSource: KeySource; readonly privateSource: KeySource } {
  const publicSource = { path: options.publicKey ?? "", env: options.publicKeyEnv ?? "" };
  const privateSource = { path: options.privateKey ?? "", env: options.privateKeyEnv ?? "" };
  checkUnambiguous(publicSource, "public");
  checkUnambiguous(privateSource, "private");
  return { publicSource, privateSource };
}

/**
 * Reads a public key from its source.
 *
 * @throws GaitError `key_invalid` and codes of reading
 */
export async function readPublicKey(source: KeySource, ports: VerifyKeyPorts): Promise<Bytes> {
  const text = await readKeyText(source, "public", ports);
  return parsePublicKey(text, { source: sourceName(source) });
}

/** Reads the public half of a private key; the secret is wiped. */
async function readPublicHalf(source: KeySource, ports: VerifyKeyPorts): Promise<Bytes> {
  const text = await readKeyText(source, "private", ports);
  const { ed25519 } = ports;
  const key = await parsePrivateKey(text, { ed25519, source: sourceName(source) });
  key.seed.fill(0);
  return key.publicKey;
}

/**
 * Finds the key to verify with: a public source wins, and then a private one is not even read.
 *
 * @param options The four ways to name a key.
 * @param ports Files, environment, crypto.
 * @returns `undefined` when no source is given.
 * @throws GaitError `key_invalid` for an ambiguous source, an unset variable or a malformed key
 */
export async function resolveVerifyKey(
  options: VerifyKeyOptions,
  ports: VerifyKeyPorts,
): Promise<VerifyKey | undefined> {
  const { publicSource, privateSource } = keySources(options);
  const isPublic = isGiven(publicSource);
  const source = isPublic ? publicSource : privateSource;
  if (!isGiven(source)) return undefined;
  const publicKey = isPublic
    ? await readPublicKey(source, ports)
    : await readPublicHalf(source, ports);
  return {
    publicKey,
    keyId: await keyId(publicKey, ports.digester),
    source: sourceName(source),
  };
}

/**
 * Refuses a signing key that is not the one that a public source pins.
 *
 * @throws GaitError `key_invalid`
 */
export async function checkPinned(
  publicKey: Uint8Array,
  pin: KeySource,
  ports: VerifyKeyPorts,
): Promise<void> {
  if (!isGiven(pin)) return;
  if (!equalBytes(await readPublicKey(pin, ports), publicKey)) {
    throw new GaitError("key_invalid", "public key does not match the signing key", {
      hint: "name the public key that belongs to the private key or signer",
    });
  }
}
