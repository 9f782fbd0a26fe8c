/**
 * Checks of the records inside a runpack: strict reading, kind, run, digests (divergences E1, E9).
 *
 * The reference keeps foreign ids and digests that callers hand to `run record`, so most of this is doubt,
 * which a strict reader refuses. What nothing in normal operation writes is refused by everyone.
 *
 * @module
 */

import { toGaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { parseTimestamp } from "../base/instant.ts";
import { sha256HexOfText } from "../digest/running_sha256.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import { decodeText } from "../text/decode.ts";
import {
  type CommonMembers,
  type IntentRecord,
  MEMBER,
  type ResultRecord,
  RUNPACK_SCHEMA_VERSION,
  SCHEMA_ID,
} from "./model.ts";
import type { ManifestDocument } from "./read_manifest.ts";
import { type JsonLine, readJsonl, readStrict } from "./read_jsonl.ts";
import { readIntent, readRefs, readResult, readRun, RECORD_MEMBERS } from "./read_records.ts";
import type { Notes, PackFinding } from "./verify_report.ts";

/** What the records of one member are checked against. */
export interface RecordContext {
  readonly manifest: ManifestDocument;
  readonly notes: Notes;
  /** Called for every record that could be read. */
  readonly onRecord?: (path: string, record: unknown) => void;
}

/** What was seen in one member. */
export interface MemberFacts {
  readonly records: number;
  readonly canonical: boolean;
}

/** Where a record stands. */
type Place = Pick<PackFinding, "path" | "line">;

const HEX_DIGEST = /^[a-fA-F0-9]{64}$/;

/** Checks the members that every record has. */
function checkCommon(
  record: CommonMembers,
  expected: { readonly schemaId: string; readonly place: Place },
  { manifest, notes }: RecordContext,
): void {
  const { schemaId, place } = expected;
  const isRun = place.path === MEMBER.run;
  const add = isRun ? notes.refuse : notes.doubt;
  if (record.run_id !== manifest.runId) {
    const message = `record belongs to run ${printable(record.run_id)}, not to this pack's run`;
    add({ code: "foreign_record", message, ...place });
  }
  if (record.schema_id !== schemaId) {
    const message = `record is of kind ${printable(record.schema_id)}, expected ${schemaId}`;
    notes.doubt({ code: "foreign_record", message, ...place });
  }
  if (record.schema_version !== RUNPACK_SCHEMA_VERSION) {
    const message = `record has schema_version ${printable(record.schema_version)}`;
    notes.doubt({ code: "record_invalid", message, ...place });
  }
  const { created_at } = record;
  // Most records bear the time of the manifest; the check of one says all.
  const known = created_at === manifest.createdAt && manifest.hasTime;
  if (!known && parseTimestamp(created_at) === undefined) {
    notes.doubt({ code: "record_invalid", message: "created_at is no timestamp", ...place });
  }
}

/** A digest and what it is recorded for. */
interface RecordedDigest {
  readonly name: string;
  readonly claimed: string;
  readonly of: JsonObject | undefined;
  /** Whether the record was found in canonical form; then so is this part of it. */
  readonly canonical: boolean;
}

/** Checks that a recorded digest is one, and the one of the content where the content is there. */
function checkDigest(
  digest: RecordedDigest,
  place: Place,
  notes: Notes,
): void {
  const { name, claimed, of, canonical } = digest;
  if (!HEX_DIGEST.test(claimed)) {
    notes.doubt({ code: "record_invalid", message: `${name} is no SHA-256 digest`, ...place });
  } else if (of !== undefined) {
    // Writing a value that was read from canonical text gives that text again.
    const text = canonical ? JSON.stringify(of) : canonicalize(of);
    if (sha256HexOfText(text) === claimed.toLowerCase()) return;
    const message = `${name} is not the digest of ${name.replace("_digest", "")}`;
    notes.doubt({ code: "digest_mismatch", message, ...place });
  }
}

/** Doubts members that this version does not know. */
function checkUnknown(value: JsonValue, known: ReadonlySet<string>, place: Place, notes: Notes) {
  if (!isJsonObject(value)) return;
  for (const name of Object.keys(value)) {
    if (known.has(name)) continue;
    const message = `unknown member: ${printable(name)}`;
    notes.doubt({ code: "record_invalid", message, ...place });
  }
}

function checkIntent(entry: JsonLine, place: Place, context: RecordContext): IntentRecord {
  const { value, canonical } = entry;
  const record = readIntent(value);
  checkUnknown(value, RECORD_MEMBERS.intent, place, context.notes);
  checkCommon(record, { schemaId: SCHEMA_ID.intent, place }, context);
  const digest = { name: "args_digest", claimed: record.args_digest, of: record.args, canonical };
  checkDigest(digest, place, context.notes);
  return record;
}

function checkResult(entry: JsonLine, place: Place, context: RecordContext): ResultRecord {
  const { value, canonical } = entry;
  const record = readResult(value);
  checkUnknown(value, RECORD_MEMBERS.result, place, context.notes);
  checkCommon(record, { schemaId: SCHEMA_ID.result, place }, context);
  const digest = {
    name: "result_digest",
    claimed: record.result_digest,
    of: record.result,
    canonical,
  };
  checkDigest(digest, place, context.notes);
  return record;
}

/** Checks a JSONL member line by line. */
function checkLines(path: string, bytes: Uint8Array, context: RecordContext): MemberFacts {
  const check = path === MEMBER.intents ? checkIntent : checkResult;
  let records = 0;
  let canonical = true;
  let line: number | undefined;
  try {
    for (const entry of readJsonl(bytes, path)) {
      line = entry.line;
      records++;
      canonical &&= entry.canonical && entry.line === records;
      // Outside the optional call, whose arguments are not evaluated when nobody listens.
      const record = check(entry, { path, line }, context);
      context.onRecord?.(path, record);
    }
  } catch (thrown) {
    const error = toGaitError(thrown);
    const at = error.place?.line ?? line;
    const message = printable(error.message, 200);
    context.notes.refuse({
      code: "record_invalid",
      message,
      path,
      ...(at === undefined ? {} : { line: at }),
    });
    canonical = false;
  }
  return { records, canonical };
}

/** Checks `run.json` or `refs.json`. */
function checkDocument(path: string, bytes: Uint8Array, context: RecordContext): MemberFacts {
  const { notes } = context;
  const maxBytes = LIMITS.archiveMemberBytes;
  try {
    const text = decodeText(bytes, { source: path, maxBytes });
    const { value, canonical } = readStrict(text, { source: path, maxBytes });
    const isRun = path === MEMBER.run;
    const record = isRun ? readRun(value) : readRefs(value);
    const schemaId = isRun ? SCHEMA_ID.run : SCHEMA_ID.refs;
    checkUnknown(value, isRun ? RECORD_MEMBERS.run : RECORD_MEMBERS.refs, { path }, notes);
    checkCommon(record, { schemaId, place: { path } }, context);
    context.onRecord?.(path, record);
    return { records: 1, canonical };
  } catch (thrown) {
    const message = printable(toGaitError(thrown).message, 200);
    notes.refuse({ code: "record_invalid", message, path });
    return { records: 0, canonical: false };
  }
}

/**
 * Checks the records of one member.
 *
 * @param path Name of the member.
 * @param bytes Its content.
 * @param context Manifest, and where findings go.
 * @returns `undefined` for a member that holds no records of ours.
 */
export function checkRecords(
  path: string,
  bytes: Uint8Array,
  context: RecordContext,
): MemberFacts | undefined {
  switch (path) {
    case MEMBER.intents:
    case MEMBER.results:
      return checkLines(path, bytes, context);
    case MEMBER.refs:
    case MEMBER.run:
      return checkDocument(path, bytes, context);
    default:
      return undefined;
  }
}
