import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { decodeJournalLine } from "../../../core/session/decode_record.ts";
import { encodeJournalLine } from "../../../core/session/records.ts";
import { Replay } from "../../../core/session/replay.ts";

const HEADER = '{"record_type":"header","header":{"session_id":"s","run_id":"run_s"}}';

function event(sequence: number | string, extra = ""): string {
  return `{"record_type":"event","event":{"session_id":"s","run_id":"run_s","sequence":${sequence}${extra}}}`;
}

function replayed(...lines: string[]): Replay {
  const replay = new Replay();
  for (const line of lines) replay.takeLine(line);
  return replay;
}

function failure(...lines: string[]): GaitError {
  return assertThrows(() => replayed(...lines), GaitError) as GaitError;
}

Deno.test("Replay counts events and names the first bad sequence", () => {
  assertEquals(replayed(HEADER, event(1), "", event(2)).tip().lastSequence, 2);
  const error = failure(HEADER, event(1), event(3));
  assertEquals(error.code, "journal_invalid");
  assertEquals([error.details.first_bad_sequence, error.details.journal_line], [2, 3]);
});

Deno.test("Replay refuses records that are none", () => {
  const bad = [
    "[]",
    "null",
    "{}",
    '{"record_type":"other"}',
    '{"record_type":"event"}',
    '{"record_type":"event","event":null}',
    event('"1"'),
    event("1.0"),
    event("1e0"),
    event("9007199254740993"),
    event(1, ',"sequence":2'),
    event(1, ',"Sequence":2'),
    event(1, ',"tool_name":5'),
    event(1, ',"reason_codes":"a"'),
    event(1, ',"reason_codes":[1]'),
    event(1, ',"created_at":"yesterday"'),
    event(1, ',"created_at":"2026-02-30T00:00:00Z"'),
    HEADER,
    '{"record_type":"event","event":{"session_id":"x","run_id":"run_s","sequence":1}}',
    `${event(1)} x`,
  ];
  for (const line of bad) assertEquals(failure(HEADER, line).code, "journal_invalid", line);
  assertEquals(failure(event(1)).code, "journal_invalid");
  assertThrows(() => new Replay().tip(), GaitError, "header is missing");
});

Deno.test("Replay treats a member named __proto__ as any unknown member", () => {
  const replay = replayed(HEADER, event(1, ',"__proto__":{"sequence":9}'));
  assertEquals(replay.tip().lastSequence, 1);
});

Deno.test("decodeJournalLine() reads both spellings of a line alike", () => {
  const odd = event(1, ',"created_at":"2026-01-31T00:00:00.5Z","tool_name":"<a>"')
    .replace("{", "{ ");
  const record = decodeJournalLine(odd);
  const line = encodeJournalLine(record).trimEnd();
  assertEquals(line.includes("\\u003ca\\u003e"), true);
  assertEquals(decodeJournalLine(line), record);
});

Deno.test("decodeJournalLine() keeps a header's null events and reads times in UTC", () => {
  const text = '{"record_type":"header","header":{"session_id":"s","run_id":"r",' +
    '"created_at":"2026-01-01T02:00:00.50+02:00","events":null}}';
  const record = decodeJournalLine(text);
  const line = encodeJournalLine(record);
  assertEquals(line.includes('"events":null'), true);
  assertEquals(line.includes('"created_at":"2026-01-01T00:00:00.5Z"'), true);
  assertEquals(decodeJournalLine(line.trimEnd()), record);
});
