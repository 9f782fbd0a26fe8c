/**
 * New key pairs on disk (spec 01 §11.10).
 *
 * @module
 */

import { type Bytes, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant, type Instant } from "../base/instant.ts";
import type { Ports } from "../ports/ports.ts";
import { keyId } from "../sign/key_id.ts";
import { formatPrivateKey, formatPublicKey, type PrivateKey } from "../sign/key_text.ts";

/** Both halves are readable by their owner only. */
const KEY_FILE_MODE = 0o600;

/** Where a key pair goes. */
export interface KeyPairRequest {
  /** Directory, created when missing. */
  readonly outDir: string;
  /** Start of both file names. */
  readonly prefix: string;
  /** Replace files that exist. */
  readonly replace: boolean;
}

/** A key pair on disk. */
export interface KeyPairFiles {
  readonly prefix: string;
  readonly keyId: string;
  readonly publicKeyPath: string;
  readonly privateKeyPath: string;
}

/** What making a key pair needs. */
export type KeyPairPorts = Pick<Ports, "digester" | "ed25519" | "files" | "random">;

/** Joins and cleans lexically, so that outputs name a path one way; `..` at the front stays. */
function joinPath(directory: string, name: string): string {
  const kept: string[] = [];
  for (const part of `${directory}/${name}`.split("/")) {
    if (part === "" || part === ".") continue;
    const last = kept.at(-1);
    if (part === ".." && last !== undefined && last !== "..") kept.pop();
    else if (part !== ".." || !directory.startsWith("/")) kept.push(part);
  }
  return `${directory.startsWith("/") ? "/" : ""}${kept.join("/")}`;
}

/** Paths of the two files; a prefix is a plain name and never leads elsewhere. */
function pathsOf(request: KeyPairRequest): { publicKeyPath: string; privateKeyPath: string } {
  const { outDir, prefix } = request;
  if (outDir.trim() === "") throw new GaitError("path_not_allowed", "--out-dir must not be empty");
  if (/[\\/:\p{Cc}]/u.test(prefix)) {
    throw new GaitError("path_not_allowed", "--prefix must be a plain name without separators");
  }
  return {
    publicKeyPath: joinPath(outDir, `${prefix}_public.key`),
    privateKeyPath: joinPath(outDir, `${prefix}_private.key`),
  };
}

/** A line as bytes. */
function line(text: string): Bytes {
  return utf8(`${text}\n`);
}

/** Writes both files, or leaves none behind; the private one first, as it is the one that matters. */
async function createBoth(
  paths: { readonly publicKeyPath: string; readonly privateKeyPath: string },
  halves: { readonly publicLine: Bytes; readonly privateLine: Bytes },
  files: Ports["files"],
): Promise<void> {
  const { publicKeyPath, privateKeyPath } = paths;
  for (const path of [privateKeyPath, publicKeyPath]) {
    if (await files.stat(path) !== undefined) {
      throw new GaitError("already_exists", `Cannot create ${path}: it exists`, {
        hint: "choose another prefix, or pass --force to replace the key pair for good",
      });
    }
  }
  await files.create(privateKeyPath, halves.privateLine, { mode: KEY_FILE_MODE });
  try {
    await files.create(publicKeyPath, halves.publicLine, { mode: KEY_FILE_MODE });
  } catch (error) {
    await files.remove(privateKeyPath);
    throw error;
  }
}

/** Writes the pair as the request asks. */
async function writePair(
  key: PrivateKey,
  request: KeyPairRequest,
  files: Ports["files"],
): Promise<{ publicKeyPath: string; privateKeyPath: string }> {
  const paths = pathsOf(request);
  const publicLine = line(formatPublicKey(key.publicKey));
  const privateLine = line(formatPrivateKey(key));
  try {
    if (!request.replace) await createBoth(paths, { publicLine, privateLine }, files);
    else {
      await files.replace(paths.privateKeyPath, privateLine, { mode: KEY_FILE_MODE });
      await files.replace(paths.publicKeyPath, publicLine, { mode: KEY_FILE_MODE });
    }
  } finally {
    privateLine.fill(0);
  }
  return paths;
}

/**
 * Makes a key pair and writes `<prefix>_private.key` and `<prefix>_public.key`, both with mode 0600.
 *
 * @param request Directory, prefix, and whether files may be replaced.
 * @param ports Files, randomness, crypto.
 * @throws GaitError `already_exists`, `path_not_allowed`, `path_is_symlink` and codes of writing
 */
export async function createKeyPair(
  request: KeyPairRequest,
  ports: KeyPairPorts,
): Promise<KeyPairFiles> {
  pathsOf(request);
  const seed = ports.random.bytes(32);
  try {
    const { publicKey } = await ports.ed25519.fromSeed(seed);
    const paths = await writePair({ seed, publicKey }, request, ports.files);
    return { prefix: request.prefix, keyId: await keyId(publicKey, ports.digester), ...paths };
  } finally {
    seed.fill(0);
  }
}

/** Prefix of a rotated pair: `<prefix>_<YYYYMMDDThhmmssZ>`, so that old pairs stay. */
export function rotatedPrefix(prefix: string, now: Instant): string {
  const stamp = formatInstant(now - (now % 1_000_000_000n)).replace(/[-:]/g, "");
  return `${prefix}_${stamp}`;
}
