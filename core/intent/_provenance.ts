/**
 * Where arguments came from and which skill made the call (spec 02 §2.4, §2.5).
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { compareCodePoints, lower } from "../base/text_rules.ts";
import { isSha256Hex } from "../digest/hex.ts";
import {
  asObject,
  field,
  intentError,
  knownKeys,
  listField,
  member,
  type Path,
  quoted,
  refuseUnknownKeys,
  trimmedField,
} from "./_fields.ts";
import { sortedUnique } from "./_sorted_unique.ts";
import type { ArgProvenance, SkillProvenance } from "./intent.ts";

const ARG_KEYS = knownKeys("arg_path", "source", "source_ref", "integrity_digest");
const SKILL_KEYS = knownKeys(
  "skill_name",
  "skill_version",
  "source",
  "publisher",
  "digest",
  "signature_key_id",
);
const SOURCES = ["user", "tool_output", "external", "system"] as const;

/** Whether a text names a source of arguments. */
function isSource(text: string): text is ArgProvenance["source"] {
  return (SOURCES as readonly string[]).includes(text);
}

/** Refuses an optional digest that is neither empty nor 64 hex digits. */
function checkDigest(digest: string, path: Path, { what }: { readonly what: string }): void {
  if (digest === "" || isSha256Hex(digest)) return;
  throw intentError(`invalid ${what}: ${quoted(digest)}`, path, "a digest is 64 hex digits");
}

/** Normalises one entry of `arg_provenance`. */
function readEntry(value: JsonValue, path: Path): ArgProvenance {
  const object = asObject(value, path);
  refuseUnknownKeys(object, ARG_KEYS, path);
  const argPath = trimmedField(object, "arg_path", path);
  const source = lower(trimmedField(object, "source", path));
  if (argPath === "" || source === "") {
    throw intentError("arg provenance requires arg_path and source", path);
  }
  if (!isSource(source)) {
    throw intentError(
      `unsupported provenance source: ${quoted(source)}`,
      member(path, "source"),
      `use one of ${SOURCES.join(", ")}`,
    );
  }
  const digest = lower(trimmedField(object, "integrity_digest", path));
  checkDigest(digest, member(path, "integrity_digest"), { what: "provenance integrity_digest" });
  return {
    arg_path: argPath,
    source,
    source_ref: trimmedField(object, "source_ref", path),
    integrity_digest: digest,
  };
}

/** Order of provenance entries (spec 02 §2.4); zero means duplicate. */
function compareEntries(a: ArgProvenance, b: ArgProvenance): number {
  return compareCodePoints(a.arg_path, b.arg_path) ||
    compareCodePoints(a.source, b.source) ||
    compareCodePoints(a.source_ref, b.source_ref) ||
    compareCodePoints(a.integrity_digest, b.integrity_digest);
}

/** Normalises, de-duplicates and sorts `arg_provenance`. @throws GaitError `intent_invalid` */
export function readArgProvenance(intent: JsonObject): readonly ArgProvenance[] {
  const list = listField(intent, "arg_provenance", "");
  return sortedUnique(
    list.map((item, i) => readEntry(item, `arg_provenance[${i}]`)),
    compareEntries,
  );
}

/** Normalises `skill_provenance`. @throws GaitError `intent_invalid` */
export function readSkillProvenance(intent: JsonObject): SkillProvenance | undefined {
  const path = "skill_provenance";
  const value = field(intent, path);
  if (value === undefined) return undefined;
  const object = asObject(value, path);
  refuseUnknownKeys(object, SKILL_KEYS, path);
  const skill: SkillProvenance = {
    skill_name: trimmedField(object, "skill_name", path),
    skill_version: trimmedField(object, "skill_version", path),
    source: lower(trimmedField(object, "source", path)),
    publisher: trimmedField(object, "publisher", path),
    digest: lower(trimmedField(object, "digest", path)),
    signature_key_id: trimmedField(object, "signature_key_id", path),
  };
  if (skill.skill_name === "" || skill.source === "" || skill.publisher === "") {
    throw intentError("skill provenance requires skill_name, source, and publisher", path);
  }
  checkDigest(skill.digest, member(path, "digest"), { what: "skill provenance digest" });
  return skill;
}
