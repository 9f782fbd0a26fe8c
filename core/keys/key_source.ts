/**
 * Where a key text comes from: a file or an environment variable, never both (spec 01 §6.2).
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { trim } from "../base/text_rules.ts";
import type { Ports } from "../ports/ports.ts";
import type { KeyWarning } from "./key_warning.ts";

/** A file or a variable; "" stands for "not given". */
export interface KeySource {
  readonly path: string;
  readonly env: string;
}

/** Which half a source holds. */
export type KeyHalf = "public" | "private";

/** What reading a key needs. */
export type SourcePorts = Pick<Ports, "env" | "files">;

/** Whether a source is given at all. */
export function isGiven(source: KeySource): boolean {
  return source.path !== "" || source.env !== "";
}

/** Name of a source in outputs: `path:<path>` or `env:<NAME>`. */
export function sourceName(source: KeySource): string {
  return source.path !== "" ? `path:${source.path}` : `env:${source.env}`;
}

/**
 * Refuses a source that is given twice.
 *
 * @throws GaitError `key_invalid`
 */
export function checkUnambiguous(source: KeySource, half: KeyHalf): void {
  if (source.path !== "" && source.env !== "") {
    throw new GaitError("key_invalid", `${half} key source: set either path or env`);
  }
}

/** Decodes a key file; its bytes are wiped. Whatever is no ASCII is no key either. */
function decodeAndWipe(bytes: Bytes): string {
  const text = new TextDecoder().decode(bytes);
  bytes.fill(0);
  return text;
}

/** Reads a key file; one that is too large is no key. */
async function readKeyFile(path: string, ports: SourcePorts): Promise<Bytes> {
  try {
    return await ports.files.read(path, { maxBytes: LIMITS.keyBytes });
  } catch (error) {
    if (!(error instanceof GaitError) || error.code !== "input_too_large") throw error;
    throw new GaitError("key_invalid", `Cannot use ${printable(path)} as a key: it is too large`, {
      cause: error,
      hint: "name a key file as gait keys init writes it",
    });
  }
}

/**
 * Reads the text of a key.
 *
 * @param source A source that is given once.
 * @param half Which half it holds, for messages.
 * @param ports Files and environment.
 * @throws GaitError `key_invalid` for an unset variable, `file_not_found` and other codes of reading
 */
export async function readKeyText(
  source: KeySource,
  half: KeyHalf,
  ports: SourcePorts,
): Promise<string> {
  if (source.path !== "") return decodeAndWipe(await readKeyFile(source.path, ports));
  // Names with these characters cannot exist; the runtime throws when asked for one.
  const exists = !/[=\0]/.test(source.env);
  const text = trim((exists ? ports.env.get(source.env) : undefined) ?? "");
  if (text === "") {
    throw new GaitError("key_invalid", `${half} key env not set: ${printable(source.env)}`);
  }
  return text;
}

/**
 * Looks whether others than the owner may read a private key file. Links are followed, as reading does.
 *
 * @param source Source of a private key.
 * @param files Files.
 */
export async function permissionWarnings(
  source: KeySource,
  files: Ports["files"],
): Promise<KeyWarning[]> {
  if (source.path === "") return [];
  const mode = await modeOf(source.path, files);
  if (mode === undefined || (mode & 0o077) === 0) return [];
  const octal = (mode & 0o777).toString(8).padStart(4, "0");
  return [{
    code: "key_file_permissions",
    message: `private key file ${source.path} is accessible to others (mode ${octal}); use 0600`,
    severity: "warning",
  }];
}

/** Permission bits of the file behind a path; a failure to find out is no reason not to sign. */
async function modeOf(path: string, files: Ports["files"]): Promise<number | undefined> {
  try {
    return (await files.stat(await files.realPath(path)))?.mode;
  } catch {
    return undefined;
  }
}
