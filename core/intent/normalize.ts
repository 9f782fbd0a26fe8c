/**
 * From an `intent_request` to the normalised intent that policies judge and digests cover (spec 02 §2).
 *
 * @module
 */

import { EPOCH_1980 } from "../base/instant.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { lower } from "../base/text_rules.ts";
import { readContext } from "./_context.ts";
import { readDelegation } from "./_delegation.ts";
import {
  asObject,
  field,
  intentError,
  knownKeys,
  refuseUnknownKeys,
  textField,
  timeField,
  trimmedField,
} from "./_fields.ts";
import { readArgProvenance, readSkillProvenance } from "./_provenance.ts";
import { readTargets } from "./_targets.ts";
import { normalizeFreeObject } from "./_values.ts";
import type { NormalizedIntent } from "./intent.ts";

const KEYS = knownKeys(
  "schema_id",
  "schema_version",
  "created_at",
  "producer_version",
  "tool_name",
  "args",
  "args_digest",
  "intent_digest",
  "targets",
  "arg_provenance",
  "skill_provenance",
  "delegation",
  "context",
);

/** Fields that must be text but whose content decides nothing: digests are always recomputed. */
const IGNORED_TEXTS = [
  "schema_id",
  "schema_version",
  "producer_version",
  "args_digest",
  "intent_digest",
] as const;

/** Reads the head of the document: what is checked before the fields that are digested. */
function readCreatedAt(intent: JsonObject): string {
  refuseUnknownKeys(intent, KEYS, "");
  for (const key of IGNORED_TEXTS) textField(intent, key, "");
  const created = timeField(intent, "created_at", "");
  return created.instant === undefined ? EPOCH_1980 : created.text;
}

/** Reads the normalised tool name. */
function readToolName(intent: JsonObject): string {
  const name = lower(trimmedField(intent, "tool_name", ""));
  if (name === "") throw intentError("tool_name is required", "tool_name");
  return name;
}

/**
 * Normalises an `intent_request`. The first error wins, in the order unknown fields, `created_at`,
 * `tool_name`, `args`, `targets`, `arg_provenance`, `skill_provenance`, `context`, `delegation`
 * (spec 02 §3). `null` reads as absent; supplied digests are ignored; `schema_id` and `schema_version` may
 * hold any text. Names are exact and unknown ones are refused, except inside `context`, where they are
 * listed in `unknownContextKeys` (divergences P1, P2). The result shares nothing with the input.
 *
 * @param value The decoded document. Text must come from the strict reader, which refuses duplicate keys,
 *   lone surrogates and integers that do not survive (divergences P1, P5, P6).
 * @throws GaitError `intent_invalid` with `place.path`.
 *
 * @example
 * ```ts
 * import { normalizeIntent } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const intent = normalizeIntent({
 *   tool_name: " Tool.Write ",
 *   targets: [{ kind: "path", value: "/tmp/x", operation: "WRITE" }],
 *   context: { identity: "alice", workspace: "/srv/ws", risk_class: "High" },
 * });
 * assertEquals(intent.tool_name, "tool.write");
 * assertEquals(intent.targets[0]?.endpoint_class, "fs.write");
 * ```
 */
export function normalizeIntent(value: JsonValue): NormalizedIntent {
  if (!isJsonObject(value)) throw intentError("the document must be an object", "");
  const createdAt = readCreatedAt(value);
  const toolName = readToolName(value);
  const args = normalizeFreeObject(asObject(field(value, "args"), "args"), "args");
  const targets = readTargets(value, toolName);
  const argProvenance = readArgProvenance(value);
  const skillProvenance = readSkillProvenance(value);
  const { context, unknownKeys } = readContext(value);
  const delegation = readDelegation(value);
  return {
    tool_name: toolName,
    args,
    targets,
    arg_provenance: argProvenance,
    skill_provenance: skillProvenance,
    delegation,
    context,
    created_at: createdAt,
    unknownContextKeys: unknownKeys,
  };
}
