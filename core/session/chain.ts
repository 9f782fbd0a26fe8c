/**
 * The chain file: all checkpoints of a session (spec 03 §6.1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import { parseJsonDocument } from "../text/json_document.ts";
import {
  BadRecord,
  type Members,
  membersOf,
  objectsMember,
  textMember,
  timeMember,
} from "./_members.ts";
import { checkpointOf } from "./decode_record.ts";
import {
  orderedCheckpoint,
  SESSION_SCHEMA_VERSION,
  SESSION_SCHEMAS,
  type SessionCheckpoint,
  type SessionHeader,
  type SessionIdentity,
} from "./records.ts";

/** A chain as read. */
export interface SessionChain extends SessionIdentity {
  /** Zero time when absent. */
  readonly created_at: string;
  readonly checkpoints: readonly SessionCheckpoint[];
}

/** Encodes the chain of a session. */
export function encodeChain(
  header: SessionHeader,
  checkpoints: readonly SessionCheckpoint[],
): string {
  return encodeJsonPretty({
    schema_id: SESSION_SCHEMAS.chain,
    schema_version: SESSION_SCHEMA_VERSION,
    created_at: header.created_at,
    producer_version: header.producer_version,
    session_id: header.session_id,
    run_id: header.run_id,
    checkpoints: checkpoints.map(orderedCheckpoint),
  });
}

/** The failure for something that is no chain. */
function invalid(state: string, source: string): GaitError {
  return new GaitError("schema_violation", `Cannot read the session chain: ${state}`, {
    place: { source },
  });
}

/** An id that must not be blank. */
function idMember(members: Members, name: string): string {
  const id = textMember(members, name);
  if (trim(id) === "") throw new BadRecord(`${name} is missing`);
  return id;
}

/** The chain that members hold. */
function chainOf(members: Members): SessionChain {
  const id = textMember(members, "schema_id");
  const version = textMember(members, "schema_version");
  if (id !== "" && id !== SESSION_SCHEMAS.chain) throw new BadRecord("schema_id is foreign");
  if (version !== "" && version !== SESSION_SCHEMA_VERSION) {
    throw new BadRecord("schema_version is not supported");
  }
  const checkpoints = objectsMember(members, "checkpoints").map(checkpointOf);
  if (checkpoints.length === 0) throw new BadRecord("it has no checkpoints");
  return {
    created_at: timeMember(members, "created_at"),
    session_id: idMember(members, "session_id"),
    run_id: idMember(members, "run_id"),
    checkpoints,
  };
}

/**
 * Parses a chain file of any origin.
 *
 * @param source Name of the file, for messages.
 * @throws GaitError `schema_violation`, or codes of the JSON reader
 */
export function parseChain(data: Uint8Array, source: string): SessionChain {
  const { root } = parseJsonDocument(data, { source, maxBytes: LIMITS.chainBytes });
  if (root?.kind !== "map") throw invalid("it is no object", source);
  try {
    return chainOf(membersOf(root));
  } catch (error) {
    if (error instanceof BadRecord) throw invalid(error.message, source);
    throw error;
  }
}
