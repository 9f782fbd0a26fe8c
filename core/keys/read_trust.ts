/**
 * Finding everything that a verifier trusts: public keys, the public half of a private key, and a trust
 * directory (spec 01 §6.2; divergences E4, C7). No configuration is looked at: a project's configuration may
 * come with the very artifact that is to be verified.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { keyId } from "../sign/key_id.ts";
import { parsePublicKey } from "../sign/key_text.ts";
import { decodeText } from "../text/decode.ts";
import { parseTrustEntry, type TrustedKey } from "../trust/trusted_key.ts";
import { resolveVerifyKey, type VerifyKeyPorts } from "./resolve_verify_key.ts";

/** Where trust comes from; absent, "" and empty mean "not given". */
export interface TrustOptions {
  /** Files with public keys. */
  readonly publicKeys?: readonly string[];
  /** Variable with a public key. */
  readonly publicKeyEnv?: string;
  /** File with a private key, whose public half is used when no public source is given. */
  readonly privateKey?: string;
  /** Variable with a private key. */
  readonly privateKeyEnv?: string;
  /** Directory of trusted keys. */
  readonly trustDirectory?: string;
}

/** A plain key without terms. */
async function plainKeys(options: TrustOptions, ports: VerifyKeyPorts): Promise<TrustedKey[]> {
  const { publicKeys = [], publicKeyEnv = "", privateKey = "", privateKeyEnv = "" } = options;
  const paths = publicKeys.length === 0 ? [""] : publicKeys;
  const out: TrustedKey[] = [];
  for (const publicKey of paths) {
    const source = { publicKey, publicKeyEnv, privateKey, privateKeyEnv };
    const key = await resolveVerifyKey(source, ports);
    if (key !== undefined) out.push({ ...key, identity: "", revoked: false });
  }
  return out;
}

/** Reads one file of a trust directory; `undefined` for files that hold no key by their name. */
async function readEntry(
  directory: string,
  name: string,
  ports: VerifyKeyPorts,
): Promise<TrustedKey | undefined> {
  const source = `${directory.replace(/\/+$/, "")}/${name}`;
  const isEntry = name.endsWith(".json");
  if (name.startsWith(".") || !(isEntry || /\.(key|pub)$/.test(name))) return undefined;
  const maxBytes = LIMITS.keyBytes;
  const text = decodeText(await ports.files.read(source, { maxBytes }), { source });
  if (isEntry) return await parseTrustEntry(text, { source, digester: ports.digester });
  const publicKey = parsePublicKey(text, { source });
  return {
    publicKey,
    keyId: await keyId(publicKey, ports.digester),
    source: `path:${source}`,
    identity: name.replace(/\.(key|pub)$/, ""),
    revoked: false,
  };
}

/** Reads a trust directory. */
async function readDirectory(directory: string, ports: VerifyKeyPorts): Promise<TrustedKey[]> {
  const entries = await ports.files.list(directory);
  const out: TrustedKey[] = [];
  for (const { name, kind } of entries) {
    if (kind !== "file" && kind !== "symlink") continue;
    if (out.length >= LIMITS.trustedKeys) {
      const message = `Cannot use a trust directory: it holds more than ${LIMITS.trustedKeys} keys`;
      throw new GaitError("trust_invalid", message, { place: { source: directory } });
    }
    const key = await readEntry(directory, name, ports);
    if (key !== undefined) out.push(key);
  }
  if (out.length > 0) return out;
  throw new GaitError("trust_invalid", "Cannot use a trust directory: it holds no key", {
    place: { source: directory },
  });
}

/**
 * Joins keys. A key that a directory describes keeps the directory's terms, also when it is named on its
 * own: a revoked key stays revoked. Two descriptions of one key in a directory are refused.
 */
function joined(plain: readonly TrustedKey[], described: readonly TrustedKey[]): TrustedKey[] {
  const byId = new Map<string, TrustedKey>();
  for (const key of described) {
    if (byId.has(key.keyId)) {
      const message = `Cannot use a trust directory: it names key ${key.keyId} twice`;
      throw new GaitError("trust_invalid", message, { place: { source: key.source } });
    }
    byId.set(key.keyId, key);
  }
  const out = new Map<string, TrustedKey>();
  for (const key of plain) out.set(key.keyId, byId.get(key.keyId) ?? key);
  for (const key of described) out.set(key.keyId, key);
  return [...out.values()];
}

/**
 * Finds all trusted keys, those named on their own first.
 *
 * @param options Sources.
 * @param ports Files, environment, crypto.
 * @returns No key when no source is given.
 * @throws GaitError `key_invalid`, `trust_invalid` and codes of reading
 */
export async function readTrust(
  options: TrustOptions,
  ports: VerifyKeyPorts,
): Promise<TrustedKey[]> {
  const plain = await plainKeys(options, ports);
  const { trustDirectory = "" } = options;
  return joined(plain, trustDirectory === "" ? [] : await readDirectory(trustDirectory, ports));
}
