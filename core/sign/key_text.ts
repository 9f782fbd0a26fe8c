/**
 * The text forms of keys (spec 01 §6.1): padded standard base64 of 32 public bytes, or of 64 private
 * bytes, seed before public half. No PEM, no JSON, no URL-safe base64.
 *
 * @module
 */

import { type Bytes, equalBytes, fromBase64, toBase64 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { Ed25519, Ed25519Key } from "../ports/sign.ts";
import { isSmallOrder } from "./_small_order.ts";

const SEED_LENGTH = 32;
const PUBLIC_LENGTH = 32;
const PRIVATE_LENGTH = 64;
/** Far above 88 characters with any sane line breaks; bounds the work on a wrong file. */
const MAX_TEXT_LENGTH = 4096;

/** A private key. Its holder fills `seed` with zeros as soon as a signer exists. */
export interface PrivateKey {
  /** The secret, 32 bytes. */
  readonly seed: Bytes;
  /** Raw public key, 32 bytes. */
  readonly publicKey: Bytes;
}

/** What a key text is called in messages. */
export interface KeyTextOptions {
  /** Name of the source, for example a path; never the text itself. */
  readonly source?: string;
}

/** A refusal that names the source and never the content. */
function invalidKey(message: string, options: KeyTextOptions): GaitError {
  const place = options.source === undefined ? {} : { place: { source: options.source } };
  return new GaitError("key_invalid", message, place);
}

/** Strips space, tab, CR and LF at both ends; nothing else counts as white space here. */
function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && " \t\r\n".includes(text.charAt(start))) start++;
  while (end > start && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A text stripped at both ends and of the line ends within. */
function withoutLineEnds(text: string): string {
  return strip(text).replaceAll("\r", "").replaceAll("\n", "");
}

/** Decodes the base64 of a key text; line breaks inside it are ignored, white space around it too. */
function decodeKeyText(text: string, name: string, options: KeyTextOptions): Bytes {
  const trimmed = text.length > MAX_TEXT_LENGTH ? "" : withoutLineEnds(text);
  const bytes = fromBase64(trimmed);
  if (bytes === undefined || trimmed === "") {
    throw invalidKey(`Cannot decode ${name} key: not padded standard base64`, options);
  }
  return bytes;
}

/**
 * Parses the text of a public key.
 *
 * @param text Content of a key file or variable.
 * @param options Name of the source, for messages.
 * @returns The raw public key, 32 bytes.
 * @throws GaitError `key_invalid` when it is not base64 of 32 bytes, or a point of small order
 */
export function parsePublicKey(text: string, options: KeyTextOptions = {}): Bytes {
  const bytes = decodeKeyText(text, "public", options);
  if (bytes.length !== PUBLIC_LENGTH) {
    const length = bytes.length;
    bytes.fill(0);
    throw invalidKey(`invalid public key length: ${length}`, options);
  }
  if (isSmallOrder(bytes)) {
    throw invalidKey("Cannot use public key: it is a point of small order", options);
  }
  return bytes;
}

/** A private key that was read and imported. */
export interface ImportedKey {
  /** Secret seed, 32 bytes; the caller fills it with zeros. */
  readonly seed: Bytes;
  /** The key, ready to sign. */
  readonly key: Ed25519Key;
}

/**
 * Reads the text of a private key, imports it, and checks that its halves belong together: a seed with a
 * foreign public half is refused (spec 01 §14 row 16).
 *
 * @param text Content of a key file or variable.
 * @param options The signature scheme, and the name of the source for messages.
 * @throws GaitError `key_invalid`
 */
export async function importPrivateKey(
  text: string,
  options: KeyTextOptions & { readonly ed25519: Ed25519 },
): Promise<ImportedKey> {
  const bytes = decodeKeyText(text, "private", options);
  try {
    if (bytes.length !== PRIVATE_LENGTH) {
      throw invalidKey(`invalid private key length: ${bytes.length}`, options);
    }
    const seed = bytes.slice(0, SEED_LENGTH);
    const key = await options.ed25519.fromSeed(seed);
    if (!equalBytes(key.publicKey, bytes.subarray(SEED_LENGTH))) {
      seed.fill(0);
      throw invalidKey(
        "Cannot use private key: its public half does not belong to its seed",
        options,
      );
    }
    return { seed, key };
  } finally {
    bytes.fill(0);
  }
}

/**
 * Parses the text of a private key and checks it as {@linkcode importPrivateKey} does.
 *
 * @param text Content of a key file or variable.
 * @param options The signature scheme, and the name of the source for messages.
 * @throws GaitError `key_invalid`
 *
 * @example
 * ```ts
 * import {
 *   formatPrivateKey,
 *   keyId,
 *   parsePrivateKey,
 *   signerFromSeed,
 *   webDigester,
 *   webEd25519,
 * } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const ports = { digester: webDigester, ed25519: webEd25519 };
 * const seed = crypto.getRandomValues(new Uint8Array(32));
 * const { publicKey } = await signerFromSeed(seed, ports);
 * const text = formatPrivateKey({ seed, publicKey }); // what a key file holds
 *
 * const key = await parsePrivateKey(text, { ed25519: webEd25519 });
 * const signer = await signerFromSeed(key.seed, ports);
 * assertEquals(signer.keyId, await keyId(publicKey, webDigester));
 * ```
 */
export async function parsePrivateKey(
  text: string,
  options: KeyTextOptions & { readonly ed25519: Ed25519 },
): Promise<PrivateKey> {
  const { seed, key } = await importPrivateKey(text, options);
  return { seed, publicKey: key.publicKey };
}

/** Text of a public key: 44 characters, without a line end. */
export function formatPublicKey(publicKey: Uint8Array): string {
  return toBase64(publicKey);
}

/** Text of a private key: 88 characters, without a line end. Keep it secret. */
export function formatPrivateKey(key: PrivateKey): string {
  const bytes = new Uint8Array(PRIVATE_LENGTH);
  bytes.set(key.seed);
  bytes.set(key.publicKey, SEED_LENGTH);
  const text = toBase64(bytes);
  bytes.fill(0);
  return text;
}
