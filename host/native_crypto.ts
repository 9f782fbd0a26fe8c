/**
 * SHA-256 and Ed25519 over the runtime's native library: synchronous and several times faster per call
 * than WebCrypto, but its module costs 20 ms to load. Long-lived processes load it once.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type * as NodeCrypto from "node:crypto";
import { type Bytes, fromHex, toHex } from "../core/base/bytes.ts";
import type { Digester } from "../core/ports/digest.ts";
import type { Ed25519, Ed25519Key, SignatureCheck } from "../core/ports/sign.ts";
import { builtinModule } from "./builtin_module.ts";

/** DER headers of RFC 8410: the raw 32-byte key follows. */
const PKCS8_PREFIX = "302e020100300506032b657004220420";
const SPKI_PREFIX = "302a300506032b6570032100";
/** Public keys kept ready; a process rarely trusts more than a few. */
const MAX_CACHED_KEYS = 64;

/** The native implementations of the two crypto ports. */
export interface NativeCrypto {
  readonly digester: Digester;
  readonly ed25519: Ed25519;
}

/** The bytes of a library buffer as a plain array: a view when they have a buffer of their own. */
function plain(buffer: Buffer): Bytes {
  const own = buffer.buffer instanceof ArrayBuffer &&
    buffer.byteLength === buffer.buffer.byteLength;
  return own ? new Uint8Array(buffer.buffer as ArrayBuffer) : new Uint8Array(buffer);
}

/** DER encoding of a raw key. */
function der(prefixHex: string, raw: Uint8Array): Buffer {
  const prefix = fromHex(prefixHex) ?? new Uint8Array();
  const out = new Uint8Array(prefix.length + raw.length);
  out.set(prefix);
  out.set(raw, prefix.length);
  // The library takes any byte view; only its types ask for its own kind.
  return out as Buffer;
}

/** Makes a key from a seed; the key object stays ready for every signature. */
function fromSeed(lib: typeof NodeCrypto, seed: Uint8Array): Ed25519Key {
  const pkcs8 = der(PKCS8_PREFIX, seed);
  const key = lib.createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  pkcs8.fill(0);
  const spki = lib.createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    publicKey: plain(spki.subarray(-32)),
    sign: (message) => plain(lib.sign(null, message, key)),
  };
}

/** A verifier that keeps the objects of recent public keys. */
function verifier(lib: typeof NodeCrypto): (check: SignatureCheck) => boolean {
  const cache = new Map<string, NodeCrypto.KeyObject>();
  function keyOf(publicKey: Uint8Array): NodeCrypto.KeyObject {
    const name = toHex(publicKey);
    const known = cache.get(name);
    if (known !== undefined) return known;
    const key = lib.createPublicKey({
      key: der(SPKI_PREFIX, publicKey),
      format: "der",
      type: "spki",
    });
    if (cache.size >= MAX_CACHED_KEYS) cache.clear();
    cache.set(name, key);
    return key;
  }
  return ({ publicKey, message, signature }) => {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      return lib.verify(null, message, keyOf(publicKey), signature);
    } catch {
      return false;
    }
  };
}

/** SHA-256 in one call. */
function sha256Hex(lib: typeof NodeCrypto, data: Uint8Array | string): string {
  return lib.hash("sha256", data, "hex");
}

/**
 * SHA-256 as bytes. The detour over hex is three times as fast as a library buffer, whose creation costs more
 * than the hash itself.
 */
function sha256(lib: typeof NodeCrypto, data: Uint8Array): Bytes {
  const digest = fromHex(sha256Hex(lib, data));
  if (digest?.length !== 32) throw new TypeError("Cannot compute SHA-256: no digest came back");
  return digest;
}

/** The two ports over the native library. */
export function nativeCrypto(lib: typeof NodeCrypto): NativeCrypto {
  return {
    digester: {
      sha256: (data) => sha256(lib, data),
      sha256Hex: (data) => sha256Hex(lib, data),
    },
    ed25519: { fromSeed: (seed) => fromSeed(lib, seed), verify: verifier(lib) },
  };
}

/** Loads the native library. */
export function loadNativeCrypto(): Promise<NativeCrypto> {
  return new Promise((done) => done(nativeCrypto(builtinModule("node:crypto"))));
}
