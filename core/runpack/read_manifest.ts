/**
 * Reading `manifest.json` of a runpack (spec 01 §8.1) as found: what digests and signatures cover is the
 * object itself, not a re-encoding of the members that this version knows.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { parseTimestamp } from "../base/instant.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { sortedSet } from "../base/text_rules.ts";
import { parseJson } from "../text/json.ts";
import { MEMBER } from "./model.ts";

/** Members that this version knows. */
const KNOWN = new Set([
  "capture_mode",
  "created_at",
  "files",
  "manifest_digest",
  "producer_version",
  "run_id",
  "schema_id",
  "schema_version",
  "signatures",
]);

/** One entry of `files`, as found. */
export interface ListedFile {
  readonly path: string;
  readonly sha256: string;
}

/** A manifest as found. */
export interface ManifestDocument {
  /** The whole object. */
  readonly value: JsonObject;
  readonly runId: string;
  readonly schemaId: string;
  readonly schemaVersion: string;
  readonly captureMode: string;
  readonly createdAt: string;
  /** Whether `createdAt` is a timestamp. */
  readonly hasTime: boolean;
  readonly producerVersion: string;
  readonly manifestDigest: string;
  readonly files: readonly ListedFile[];
  readonly signatures: readonly JsonValue[];
  /** Names of members that this version does not know, `files[]` members included; sorted. */
  readonly unknownMembers: readonly string[];
}

function violation(message: string): GaitError {
  return new GaitError("schema_violation", `Cannot read ${MEMBER.manifest}: ${message}`);
}

/** A text member; absent and `null` read as "" (spec 01 §3). */
function text(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : "";
  if (value === null) return "";
  if (typeof value !== "string") throw violation(`${name} is not a text`);
  return value;
}

/** A list member; absent and `null` read as empty. */
function list(object: JsonObject, name: string): readonly JsonValue[] {
  const value = Object.hasOwn(object, name) ? object[name] : null;
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw violation(`${name} is not a list`);
  return value;
}

/** One entry of `files`. */
function listedFile(value: JsonValue): ListedFile {
  if (!isJsonObject(value)) throw violation("an entry of files is not an object");
  return { path: text(value, "path"), sha256: text(value, "sha256") };
}

/** Names of members that this version does not know. */
function unknownMembers(object: JsonObject, files: readonly JsonValue[]): string[] {
  const names = Object.keys(object).filter((name) => !KNOWN.has(name));
  const inFiles = files.filter(isJsonObject).flatMap((file) =>
    Object.keys(file).filter((name) => name !== "path" && name !== "sha256")
  );
  const all = [...names, ...new Set(inFiles.map((name) => `files[].${name}`))];
  return sortedSet(all.map((name) => printable(name))).slice(0, LIMITS.findings);
}

/**
 * Reads a manifest.
 *
 * @param bytes Content of `manifest.json`.
 * @throws GaitError `schema_violation` for another shape or an absent `run_id`, and codes of the JSON reader
 */
export function readManifest(bytes: Uint8Array): ManifestDocument {
  const value = parseJson(bytes, { source: MEMBER.manifest });
  if (!isJsonObject(value)) throw violation("it is not an object");
  const files = list(value, "files");
  if (files.length > LIMITS.archiveEntries) throw violation("it lists too many files");
  const runId = text(value, "run_id");
  if (runId === "") throw violation("run_id is missing");
  const createdAt = text(value, "created_at");
  return {
    value,
    runId,
    schemaId: text(value, "schema_id"),
    schemaVersion: text(value, "schema_version"),
    captureMode: text(value, "capture_mode"),
    createdAt,
    hasTime: parseTimestamp(createdAt) !== undefined,
    producerVersion: text(value, "producer_version"),
    manifestDigest: text(value, "manifest_digest"),
    files: files.map(listedFile),
    signatures: list(value, "signatures"),
    unknownMembers: unknownMembers(value, files),
  };
}
