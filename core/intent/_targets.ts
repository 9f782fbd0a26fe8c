/**
 * Targets of an intent (spec 02 §2.2).
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { compareCodePoints, lower, trim } from "../base/text_rules.ts";
import {
  asObject,
  flagField,
  intentError,
  knownKeys,
  listField,
  member,
  type Path,
  quoted,
  refuseUnknownKeys,
  textField,
  trimmedField,
} from "./_fields.ts";
import { inferClass, inferDestructive } from "./_inference.ts";
import { sortedUnique } from "./_sorted_unique.ts";
import { strictHostTarget, strictUrlHost } from "./hosts/strict_host.ts";
import { hostTargetDomain, urlHost } from "./hosts/url_host.ts";
import {
  ENDPOINT_CLASSES,
  type EndpointClass,
  type Target,
  TARGET_KINDS,
  type TargetKind,
} from "./intent.ts";

const KEYS = knownKeys(
  "kind",
  "value",
  "operation",
  "sensitivity",
  "endpoint_class",
  "endpoint_domain",
  "destructive",
);
const KINDS: ReadonlySet<string> = new Set(TARGET_KINDS);
const CLASSES: ReadonlySet<string> = new Set(ENDPOINT_CLASSES);

/** Whether a text names a kind of target. */
function isKind(text: string): text is TargetKind {
  return KINDS.has(text);
}

/** Whether a text names a class of endpoint. */
function isClass(text: string): text is EndpointClass {
  return CLASSES.has(text);
}

/** Host that a value implies as the reference reads it; it enters the digest. */
function referenceDomain(kind: TargetKind, value: string): string {
  if (kind === "url") return urlHost(value);
  return kind === "host" ? trim(hostTargetDomain(value)) : "";
}

/** Host that a value implies for every client; decisions only. */
function strictDomain(kind: TargetKind, value: string): string {
  if (kind === "url") return strictUrlHost(value);
  return kind === "host" ? strictHostTarget(value) : "";
}

/** Reads a trimmed, lower-cased field. */
function loweredField(object: JsonObject, key: string, path: Path): string {
  return lower(trimmedField(object, key, path));
}

/** Normalises one target. */
function readTarget(value: JsonValue, path: Path, toolName: string): Target {
  const object = asObject(value, path);
  refuseUnknownKeys(object, KEYS, path);
  const kind = loweredField(object, "kind", path);
  const text = trim(textField(object, "value", path));
  if (kind === "" || text === "") throw intentError("targets require kind and value", path);
  if (!isKind(kind)) {
    throw intentError(
      `unsupported target kind: ${quoted(kind)}`,
      member(path, "kind"),
      `use one of ${TARGET_KINDS.join(", ")}`,
    );
  }
  const operation = loweredField(object, "operation", path);
  const inferredClass = inferClass(kind, operation, { toolName });
  const declaredClass = loweredField(object, "endpoint_class", path);
  const endpointClass = declaredClass === "" ? inferredClass : declaredClass;
  if (!isClass(endpointClass)) {
    throw intentError(
      `unsupported endpoint class: ${quoted(endpointClass)}`,
      member(path, "endpoint_class"),
      `use one of ${ENDPOINT_CLASSES.join(", ")}`,
    );
  }
  return {
    kind,
    value: text,
    operation,
    sensitivity: loweredField(object, "sensitivity", path),
    endpoint_class: endpointClass,
    endpoint_domain: loweredField(object, "endpoint_domain", path) || referenceDomain(kind, text),
    destructive: flagField(object, "destructive", path) ||
      inferDestructive(endpointClass, operation),
    inferredClass,
    inferredDomain: strictDomain(kind, text),
  };
}

/** Order of targets (spec 02 §2.2); zero means duplicate. */
function compareTargets(a: Target, b: Target): number {
  return compareCodePoints(a.kind, b.kind) ||
    compareCodePoints(a.value, b.value) ||
    compareCodePoints(a.operation, b.operation) ||
    compareCodePoints(a.sensitivity, b.sensitivity) ||
    compareCodePoints(a.endpoint_class, b.endpoint_class) ||
    compareCodePoints(a.endpoint_domain, b.endpoint_domain) ||
    Number(a.destructive) - Number(b.destructive);
}

/**
 * Normalises, de-duplicates and sorts the targets.
 *
 * @throws GaitError `intent_invalid`
 */
export function readTargets(intent: JsonObject, toolName: string): readonly Target[] {
  const list = listField(intent, "targets", "");
  if (list.length > LIMITS.intentTargets) {
    throw intentError(
      `targets has ${list.length} entries, more than ${LIMITS.intentTargets}`,
      "targets",
      "split the call",
    );
  }
  const targets = list.map((item, i) => readTarget(item, `targets[${i}]`, toolName));
  return sortedUnique(targets, compareTargets);
}
