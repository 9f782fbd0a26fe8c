/**
 * On whose behalf a call is made (spec 02 §2.6).
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { lower } from "../base/text_rules.ts";
import {
  asObject,
  field,
  intentError,
  knownKeys,
  listField,
  member,
  type Path,
  type ReadTime,
  refuseUnknownKeys,
  textSetField,
  timeField,
  trimmedField,
} from "./_fields.ts";
import type { Delegation, DelegationLink } from "./intent.ts";

const PATH = "delegation";
const KEYS = knownKeys(
  "requester_identity",
  "scope_class",
  "token_refs",
  "chain",
  "issued_at",
  "expires_at",
);
const LINK_KEYS = knownKeys(
  "delegator_identity",
  "delegate_identity",
  "scope_class",
  "token_ref",
  "issued_at",
  "expires_at",
);

/** A pair of times, both as UTC text. */
interface Window {
  readonly issued: ReadTime;
  readonly expires: ReadTime;
}

/** Reads both times; when both are given the second must be later. */
function readWindow(object: JsonObject, path: Path, message: string): Window {
  const issued = timeField(object, "issued_at", path);
  const expires = timeField(object, "expires_at", path);
  if (
    issued.instant !== undefined && expires.instant !== undefined &&
    expires.instant <= issued.instant
  ) {
    throw intentError(message, member(path, "expires_at"));
  }
  return { issued, expires };
}

/** Normalises one link of the chain. */
function readLink(value: JsonValue, path: Path): DelegationLink {
  const object = asObject(value, path);
  refuseUnknownKeys(object, LINK_KEYS, path);
  const delegator = trimmedField(object, "delegator_identity", path);
  const delegate = trimmedField(object, "delegate_identity", path);
  if (delegator === "" || delegate === "") {
    throw intentError(`${path} requires delegator_identity and delegate_identity`, path);
  }
  const window = readWindow(object, path, `${path} expires_at must be after issued_at`);
  return {
    delegator_identity: delegator,
    delegate_identity: delegate,
    scope_class: lower(trimmedField(object, "scope_class", path)),
    token_ref: trimmedField(object, "token_ref", path),
    issued_at: window.issued.text,
    expires_at: window.expires.text,
  };
}

/**
 * Normalises `delegation`. The order of the chain is kept: it is a sequence of hand-overs, not a set.
 *
 * @throws GaitError `intent_invalid`
 */
export function readDelegation(intent: JsonObject): Delegation | undefined {
  const value = field(intent, PATH);
  if (value === undefined) return undefined;
  const object = asObject(value, PATH);
  refuseUnknownKeys(object, KEYS, PATH);
  const requester = trimmedField(object, "requester_identity", PATH);
  if (requester === "") {
    const path = member(PATH, "requester_identity");
    throw intentError(`${path} is required`, path);
  }
  const chain = listField(object, "chain", PATH)
    .map((link, i) => readLink(link, `${PATH}.chain[${i}]`));
  const window = readWindow(object, PATH, `${PATH}.expires_at must be after issued_at`);
  return {
    requester_identity: requester,
    scope_class: lower(trimmedField(object, "scope_class", PATH)),
    token_refs: textSetField(object, "token_refs", PATH),
    chain,
    issued_at: window.issued.text,
    expires_at: window.expires.text,
  };
}
