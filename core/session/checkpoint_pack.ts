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

/** Bytes of a record besides its texts, at most. */
const RECORD_FRAME = 500;
/** Bytes of a record besides the texts of its event, at least: what short run ids and versions need. */
const RECORD_OVERHEAD = 700;
/** As above, for an entry of the timeline. */
const TIMELINE_OVERHEAD = 120;

/** Texts that take one byte per unit in canonical JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A text as canonical JSON, and the UTF-8 bytes that it may take there, comma included. */
interface Quoted {
  readonly json: string;
  readonly room: number;
}

/** Stands for an absent text. */
const ABSENT: Quoted = { json: '""', room: 0 };

function quote(text: string): Quoted {
  return PLAIN.test(text)
    ? { json: `"${text}"`, room: 3 + text.length }
    : { json: canonicalString(text), room: 3 + 6 * text.length };
}

/** A list of texts; `null` when there is none. */
function quoteList(list: readonly string[] | undefined): Quoted {
  if (list === undefined) return { json: "null", room: 0 };
  const items = list.map(quote);
  return {
    json: `[${items.map(({ json }) => json).join(",")}]`,
    room: items.reduce((sum, item) => sum + item.room, 0),
  };
}

/** The texts of an event; each is looked through once, although records repeat them. */
function quoteTexts(event: SessionEvent) {
  const optional = (text: string | undefined) => text === undefined ? ABSENT : quote(text);
  return {
    sessionId: quote(event.session_id),
    intentId: optional(event.intent_id),
    toolName: optional(event.tool_name),
    intentDigest: optional(event.intent_digest),
    traceId: optional(event.trace_id),
    tracePath: optional(event.trace_path),
    verdict: optional(event.verdict),
    reasonCodes: quoteList(event.reason_codes),
    violations: quoteList(event.violations),
  };
}

type EventTexts = ReturnType<typeof quoteTexts>;

/** Room of the texts of an event, estimated from above. */
function textRoom(texts: EventTexts): number {
  return texts.sessionId.room + texts.intentId.room + texts.toolName.room +
    texts.intentDigest.room + texts.traceId.room + texts.tracePath.room + texts.verdict.room +
    texts.reasonCodes.room + texts.violations.room;
}

/** Members that are the same in every record of a pack, as canonical JSON. */
interface FixedTexts {
  readonly producer: string;
  readonly runId: string;
}

/** What the records of one event are made of. */
interface RecordParts {
  readonly event: SessionEvent;
  readonly createdAt: string;
  /** Canonical JSON of the id. */
  readonly intentId: string;
  readonly texts: EventTexts;
  readonly fixed: FixedTexts;
}

/** The call of an event as canonical JSON: members in the order of RFC 8785. */
function intentText({ event, createdAt, intentId, texts, fixed }: RecordParts): string {
  return `{"args":{"sequence":${event.sequence},"session_id":${texts.sessionId.json},` +
    `"trace_id":${texts.traceId.json},"trace_path":${texts.tracePath.json}},` +
    `"args_digest":${texts.intentDigest.json},"created_at":"${createdAt}",` +
    `"intent_id":${intentId},"producer_version":${fixed.producer},` +
    `"run_id":${fixed.runId},"schema_id":"${SCHEMA_ID.intent}",` +
    `"schema_version":"${RUNPACK_SCHEMA_VERSION}","tool_name":${texts.toolName.json}}`;
}

/** The result of an event as canonical JSON. */
function resultText({ event, createdAt, intentId, texts, fixed }: RecordParts): string {
  const result = `{"reason_codes":${texts.reasonCodes.json},` +
    `"trace_id":${texts.traceId.json},"trace_path":${texts.tracePath.json},` +
    `"verdict":${texts.verdict.json},"violations":${texts.violations.json}}`;
  return `{"created_at":"${createdAt}","intent_id":${intentId},` +
    `"producer_version":${fixed.producer},"result":${result},` +
    `"result_digest":"${sha256HexOfText(result)}","run_id":${fixed.runId},` +
    `"schema_id":"${SCHEMA_ID.result}","schema_version":"${RUNPACK_SCHEMA_VERSION}",` +
    `"status":"${resultStatus(event)}"}`;
}

/** The entry of an event in the timeline as canonical JSON. */
function timelineText({ event, createdAt, texts }: RecordParts): string {
  const ref = event.trace_id === undefined ? "" : `"ref":${texts.traceId.json},`;
  return `{"event":"session_event",${ref}"ts":"${createdAt}"}`;
}

/** Collects the events of a checkpoint. */
export class CheckpointPack {
  readonly #writer: PackWriter;
  readonly #head: CheckpointHead;
  readonly #fixed: FixedTexts;
  readonly #limit: number;
  readonly #overhead: number;
  #count = 0;
  #used = 0;
  #timeline = 0;

  /** @param limit Most bytes of one member, for tests. */
  constructor(head: CheckpointHead, limit: number = LIMITS.checkpointMemberBytes) {
    this.#head = head;
    const runId = checkpointRunId(head.sessionRunId, head.index);
    const [producer, run] = [quote(head.producerVersion), quote(runId)];
    this.#fixed = { producer: producer.json, runId: run.json };
    this.#overhead = Math.max(RECORD_OVERHEAD, RECORD_FRAME + producer.room + run.room);
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
    const texts = quoteTexts(event);
    if (!this.#reserve(texts)) return false;
    this.#count++;
    // Times were brought into their shortest form on reading, so one in UTC stays as it is.
    const at = event.created_at;
    const parts = {
      event,
      createdAt: at.endsWith("Z") ? at : toUtc(at) ?? at,
      intentId: event.intent_id === undefined ? `"intent_${this.#count}"` : texts.intentId.json,
      texts,
      fixed: this.#fixed,
    };
    const added = this.#writer.addCanonicalCall(intentText(parts), resultText(parts)) &&
      this.#writer.addCanonicalEvent(timelineText(parts));
    if (!added) throw new RangeError("Cannot write a checkpoint: an estimate was too low");
    return true;
  }

  /** Sets room aside, so that an event goes into all members or into none. */
  #reserve(texts: EventTexts): boolean {
    const used = this.#used + this.#overhead + textRoom(texts);
    const timeline = this.#timeline + 3 * (TIMELINE_OVERHEAD + texts.traceId.room);
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
