/**
 * The runpack of a checkpoint (spec 03 §5.3). Events go straight into compressed members, so a pack costs the
 * memory of its compressed form.
 *
 * @module
 */

import { toUtc } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import { canonicalString } from "../jcs/canonicalize.ts";
import { sha256HexOfText } from "../digest/running_sha256.ts";
import { type RunEnvironment, RUNPACK_SCHEMA_VERSION, SCHEMA_ID } from "../runpack/model.ts";
import type { SealPorts } from "../runpack/manifest.ts";
import { type BuiltPack, PackWriter } from "../runpack/pack_writer.ts";
import { resultStatus, type SessionEvent } from "./records.ts";

/** What the pack is about. */
export interface CheckpointHead {
  /** Run id of the session. */
  readonly sessionRunId: string;
  readonly index: number;
  /** Time of the checkpoint, RFC 3339 UTC. */
  readonly createdAt: string;
  readonly producerVersion: string;
  readonly env: RunEnvironment;
}

/** Run id of a checkpoint: `<run_id>_cp_<index, four digits>`. */
export function checkpointRunId(sessionRunId: string, index: number): string {
  return `${sessionRunId}_cp_${String(index).padStart(4, "0")}`;
}

/** Bytes of a record besides the texts of its event, at most. */
const RECORD_OVERHEAD = 700;
/** As above, for an entry of the timeline. */
const TIMELINE_OVERHEAD = 120;

/** Texts that take one byte per unit in canonical JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** UTF-8 bytes that a text may take in canonical JSON, quotes and comma included. */
function room(text: string | undefined): number {
  if (text === undefined) return 0;
  return 3 + (PLAIN.test(text) ? text.length : 6 * text.length);
}

/** Room of the texts of an event, estimated from above. */
function textRoom(event: SessionEvent): number {
  const lists = [...event.reason_codes ?? [], ...event.violations ?? []];
  return [
    event.session_id,
    event.intent_id,
    event.tool_name,
    event.intent_digest,
    event.trace_id,
    event.trace_path,
    event.verdict,
    ...lists,
  ].reduce((sum, text) => sum + room(text), 0);
}

/** Canonical JSON of a text. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : canonicalString(text);
}

/** Canonical JSON of a list; `null` when there is none. */
function listText(list: readonly string[] | undefined): string {
  return list === undefined ? "null" : `[${list.map(quoted).join(",")}]`;
}

/** Members that are the same in every record of a pack, as canonical JSON. */
interface FixedTexts {
  readonly producer: string;
  readonly runId: string;
}

/** What a record needs besides its event. */
interface RecordFrame {
  readonly createdAt: string;
  readonly intentId: string;
  readonly texts: FixedTexts;
}

/** The call of an event as canonical JSON: members in the order of RFC 8785. */
function intentText(event: SessionEvent, { createdAt, intentId, texts }: RecordFrame): string {
  return `{"args":{"sequence":${event.sequence},"session_id":${quoted(event.session_id)},` +
    `"trace_id":${quoted(event.trace_id ?? "")},"trace_path":${quoted(event.trace_path ?? "")}},` +
    `"args_digest":${quoted(event.intent_digest ?? "")},"created_at":"${createdAt}",` +
    `"intent_id":${quoted(intentId)},"producer_version":${texts.producer},` +
    `"run_id":${texts.runId},"schema_id":"${SCHEMA_ID.intent}",` +
    `"schema_version":"${RUNPACK_SCHEMA_VERSION}","tool_name":${quoted(event.tool_name ?? "")}}`;
}

/** The result of an event as canonical JSON. */
function resultText(event: SessionEvent, { createdAt, intentId, texts }: RecordFrame): string {
  const result = `{"reason_codes":${listText(event.reason_codes)},` +
    `"trace_id":${quoted(event.trace_id ?? "")},"trace_path":${quoted(event.trace_path ?? "")},` +
    `"verdict":${quoted(event.verdict ?? "")},"violations":${listText(event.violations)}}`;
  return `{"created_at":"${createdAt}","intent_id":${quoted(intentId)},` +
    `"producer_version":${texts.producer},"result":${result},` +
    `"result_digest":"${sha256HexOfText(result)}","run_id":${texts.runId},` +
    `"schema_id":"${SCHEMA_ID.result}","schema_version":"${RUNPACK_SCHEMA_VERSION}",` +
    `"status":"${resultStatus(event)}"}`;
}

/** Collects the events of a checkpoint. */
export class CheckpointPack {
  readonly #writer: PackWriter;
  readonly #head: CheckpointHead;
  readonly #texts: FixedTexts;
  readonly #limit: number;
  #count = 0;
  #used = 0;
  #timeline = 0;

  /** @param limit Most bytes of one member, for tests. */
  constructor(head: CheckpointHead, limit: number = LIMITS.checkpointMemberBytes) {
    this.#head = head;
    const runId = checkpointRunId(head.sessionRunId, head.index);
    this.#texts = { producer: quoted(head.producerVersion), runId: quoted(runId) };
    this.#limit = limit;
    this.#writer = new PackWriter({
      created_at: head.createdAt,
      producer_version: head.producerVersion,
      run_id: runId,
      env: head.env,
      capture_mode: "reference",
    }, { memberBytes: limit });
  }

  /** Events taken so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes an event.
   *
   * @returns Whether there was room; the pack is full for good when there was not.
   */
  add(event: SessionEvent): boolean {
    if (!this.#reserve(event)) return false;
    this.#count++;
    // Times were brought into their shortest form on reading, so one in UTC stays as it is.
    const at = event.created_at;
    const createdAt = at.endsWith("Z") ? at : toUtc(at) ?? at;
    const texts = this.#texts;
    const intentId = event.intent_id ?? `intent_${this.#count}`;
    const added = this.#writer.addCanonicalCall(
      intentText(event, { createdAt, intentId, texts }),
      resultText(event, { createdAt, intentId, texts }),
    ) && this.#writer.addEvent({
      event: "session_event",
      ...(event.trace_id !== undefined && { ref: event.trace_id }),
      ts: createdAt,
    });
    if (!added) throw new RangeError("Cannot write a checkpoint: an estimate was too low");
    return true;
  }

  /** Sets room aside, so that an event goes into all members or into none. */
  #reserve(event: SessionEvent): boolean {
    const used = this.#used + RECORD_OVERHEAD + textRoom(event);
    const timeline = this.#timeline + 3 * (TIMELINE_OVERHEAD + room(event.trace_id));
    if (used > this.#limit || timeline > this.#limit - 8192) return false;
    this.#used = used;
    this.#timeline = timeline;
    return true;
  }

  /** Seals the pack. @throws GaitError `signer_failed` */
  async finish(ports: SealPorts): Promise<BuiltPack> {
    this.#writer.addEvent({
      event: "session_checkpoint_emitted",
      ref: `checkpoint:${this.#head.index}`,
      ts: this.#head.createdAt,
    });
    return await this.#writer.finish(ports);
  }
}
