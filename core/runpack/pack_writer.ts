/**
 * Writing a runpack (spec 01 §8). Calls and results go straight into their compressed members, so that a
 * pack of any number of calls costs the memory of its compressed form.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { JsonValue } from "../base/json_value.ts";
import { canonicalize, canonicalString } from "../jcs/canonicalize.ts";
import { archive } from "../zip/write_zip.ts";
import { MemberStream } from "./_member_stream.ts";
import type { RunHead } from "./input_records.ts";
import { sealManifest, type SealPorts } from "./manifest.ts";
import {
  type CommonMembers,
  type IntentRecord,
  type ManifestRecord,
  MEMBER,
  type Receipt,
  type ResultRecord,
  type RunContent,
  RUNPACK_SCHEMA_VERSION,
  SCHEMA_ID,
  type TimelineEvent,
} from "./model.ts";

/** What a pack is about. */
export interface PackHead extends RunHead {
  readonly capture_mode: string;
}

/** A finished pack. */
export interface BuiltPack {
  readonly manifest: ManifestRecord;
  /** The archive, in chunks. */
  readonly chunks: readonly Bytes[];
}

/** Canonical text of a record. */
function canonicalRecord(record: object): string {
  // Records are plain JSON data; only their read-only lists keep them from being a JsonValue.
  return canonicalize(record as JsonValue);
}

/** Room for what stands around a list, and for its last entry, bytes. */
const RESERVE = 4096;

/** A list of canonical texts with a limit on its length. */
class TextList {
  readonly #items: string[] = [];
  readonly #limit: number;
  #units = 0;
  constructor(limit: number) {
    this.#limit = limit;
  }
  /** Appends a text, unless the list could become too long; the last one may use the reserve. */
  append(text: string, options: { readonly last?: boolean } = {}): boolean {
    // Three bytes per unit at most; room is left for the members around the list.
    const units = this.#units + text.length + 1;
    if (!options.last && units * 3 > this.#limit - RESERVE) return false;
    this.#units = units;
    this.#items.push(text);
    return true;
  }
  get isEmpty(): boolean {
    return this.#items.length === 0;
  }
  /** The list as JSON. */
  text(): string {
    return `[${this.#items.join(",")}]`;
  }
}

/** How a writer starts. */
export interface PackWriterOptions {
  /** Most bytes of one member; the reference refuses more than `LIMITS.runpackMemberBytes`. */
  readonly memberBytes?: number;
  /** Common members of `refs.json` where they differ from the run's. */
  readonly refsHead?: CommonMembers | undefined;
  /** Write `timeline: null` when there is no event, as the reference does without a timeline. */
  readonly nullTimeline?: boolean;
}

/** Collects one pack. Each `add…` answers whether the record found room. */
export class PackWriter {
  readonly #head: PackHead;
  readonly #options: PackWriterOptions;
  readonly #intents: MemberStream;
  readonly #results: MemberStream;
  readonly #receipts: TextList;
  readonly #events: TextList;

  constructor(head: PackHead, options: PackWriterOptions = {}) {
    const limit = options.memberBytes ?? LIMITS.runpackMemberBytes;
    this.#head = head;
    this.#options = options;
    this.#intents = new MemberStream(limit);
    this.#results = new MemberStream(limit);
    this.#receipts = new TextList(limit);
    this.#events = new TextList(limit);
  }

  /** Adds a call. */
  addIntent(record: IntentRecord): boolean {
    return this.#intents.append(canonicalRecord(record) + "\n");
  }
  /** Adds a result. */
  addResult(record: ResultRecord): boolean {
    return this.#results.append(canonicalRecord(record) + "\n");
  }
  /**
   * Adds a call and its result as canonical JSON that the caller made itself, for producers whose records
   * have one fixed shape. Nothing checks it.
   */
  addCanonicalCall(intent: string, result: string): boolean {
    return this.#intents.append(`${intent}\n`) && this.#results.append(`${result}\n`);
  }
  /** Adds a receipt; order is kept. */
  addReceipt(receipt: Receipt): boolean {
    return this.#receipts.append(canonicalRecord(receipt));
  }
  /** Adds an event; order is kept. */
  addEvent(event: TimelineEvent): boolean {
    return this.#events.append(canonicalRecord(event));
  }
  /** Adds an event as canonical JSON that the caller made itself; see {@linkcode addCanonicalCall}. */
  addCanonicalEvent(event: string): boolean {
    return this.#events.append(event);
  }
  /** Adds the event that says where the run goes on; there is always room for it. */
  addLastEvent(event: TimelineEvent): void {
    this.#events.append(canonicalRecord(event), { last: true });
  }

  /**
   * Ends the pack.
   *
   * @throws GaitError `signer_failed`, `input_too_large` when `run.json` or `refs.json` got too long
   */
  async finish(ports: SealPorts): Promise<BuiltPack> {
    const members = [
      this.#intents.finish(MEMBER.intents),
      wholeMember(MEMBER.refs, this.#refsText()),
      this.#results.finish(MEMBER.results),
      wholeMember(MEMBER.run, this.#runText()),
    ];
    const manifest = await sealManifest({
      ...this.#common(SCHEMA_ID.manifest),
      capture_mode: this.#head.capture_mode,
      files: members.map(({ member, sha256 }) => ({ path: member.name, sha256 })),
    }, ports);
    const sealed = wholeMember(MEMBER.manifest, canonicalRecord(manifest));
    const chunks = archive([...members, sealed].map(({ member }) => member));
    return { manifest, chunks };
  }

  #common(schemaId: string): CommonMembers {
    const { created_at, producer_version, run_id } = this.#head;
    return {
      created_at,
      producer_version,
      run_id,
      schema_id: schemaId,
      schema_version: RUNPACK_SCHEMA_VERSION,
    };
  }

  /** Members in the order of canonical JSON: `receipts` stands third. */
  #refsText(): string {
    const head = this.#options.refsHead ?? this.#common(SCHEMA_ID.refs);
    return `{"created_at":${canonicalString(head.created_at)},"producer_version":${
      canonicalString(head.producer_version)
    },"receipts":${this.#receipts.text()},"run_id":${canonicalString(head.run_id)},"schema_id":${
      canonicalString(head.schema_id)
    },"schema_version":${canonicalString(head.schema_version)}}`;
  }

  /** Members in the order of canonical JSON: `timeline` stands last. */
  #runText(): string {
    const { arch, os, runtime } = this.#head.env;
    const start = canonicalRecord({ ...this.#common(SCHEMA_ID.run), env: { arch, os, runtime } });
    const isNull = this.#options.nullTimeline && this.#events.isEmpty;
    const timeline = isNull ? "null" : this.#events.text();
    return `${start.slice(0, -1)},"timeline":${timeline}}`;
  }
}

function tooLarge(name: string): GaitError {
  const state = `it exceeds ${LIMITS.runpackMemberBytes} bytes`;
  return new GaitError("input_too_large", `Cannot write ${name}: ${state}`);
}

function wholeMember(name: string, text: string) {
  const stream = new MemberStream(LIMITS.runpackMemberBytes);
  if (!stream.append(text)) {
    throw tooLarge(name);
  }
  return stream.finish(name);
}

/**
 * Writes a pack that is at hand as a whole; its manifest is built anew.
 *
 * @throws GaitError `input_too_large` when a member would exceed the limit of readers, `signer_failed`
 */
export async function buildRunpack(
  pack: RunContent & { readonly captureMode: string },
  ports: SealPorts,
): Promise<BuiltPack> {
  const { run, intents, results, refs, captureMode } = pack;
  const writer = new PackWriter({ ...run, capture_mode: captureMode }, {
    refsHead: refs,
    nullTimeline: run.timeline === null,
  });
  const fits = intents.every((record) => writer.addIntent(record)) &&
    results.every((record) => writer.addResult(record)) &&
    refs.receipts.every((receipt) => writer.addReceipt(receipt)) &&
    (run.timeline ?? []).every((event) => writer.addEvent(event));
  if (!fits) throw tooLarge("a member of the runpack");
  return await writer.finish(ports);
}
