import { assertEquals } from "@std/assert";
import { parseTimestamp } from "../../../core/base/instant.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { readOtlpAnswer, retryAfterMs } from "../../../core/export/otlp_answer.ts";

const NOW = parseTimestamp("1994-11-06T08:49:07Z")?.instant ?? 0n;

/** What an answer to ten records means. */
function read(status: number, body: string | undefined = "{}", retryAfter = "") {
  return readOtlpAnswer({ status, body, retryAfter }, { records: 10, now: NOW });
}

Deno.test("readOtlpAnswer() retries after the statuses that the protocol names, and without answer", () => {
  for (const status of [0, 429, 502, 503, 504]) {
    assertEquals(read(status), { kind: "retry", afterMs: 0 });
    assertEquals(read(status, "", "7"), { kind: "retry", afterMs: 7_000 });
  }
  for (
    const status of [100, 301, 302, 307, 308, 400, 401, 403, 404, 408, 415, 500, 501, 505, 599]
  ) {
    assertEquals(read(status, "{}", "7"), { kind: "refused", status }, String(status));
  }
  assertEquals(read(413), { kind: "too_large" });
});

Deno.test("readOtlpAnswer() counts rejected records of a partial success", () => {
  const cases: [string, number][] = [
    ["", 0],
    [" \r\n", 0],
    ["{}", 0],
    ['{"partialSuccess":{}}', 0],
    ['{"partialSuccess":null}', 0],
    ['{"partialSuccess":{"rejectedLogRecords":null}}', 0],
    ['{"partialSuccess":{"errorMessage":"take care"}}', 0],
    ['{"partialSuccess":{"rejectedLogRecords":3}}', 3],
    ['{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"bad"},"later":[1]}', 3],
    ['{"partialSuccess":{"rejectedLogRecords":"11"}}', 10],
    ['{"partialSuccess":{"rejectedLogRecords":"9223372036854775807"}}', 10],
    ['{"partialSuccess":{"rejectedLogRecords":1e300}}', 10],
    ['{"partialSuccess":{"rejectedLogRecords":-5}}', 0],
    ['{"partialSuccess":{"rejectedLogRecords":"-5"}}', 0],
    ['{"__proto__":{"partialSuccess":{"rejectedLogRecords":3}}}', 0],
  ];
  for (const [body, rejected] of cases) {
    assertEquals(read(200, body), { kind: "accepted", rejected, isReadable: true }, body);
  }
});

Deno.test("readOtlpAnswer() takes a status of success for what it says, whatever the body is", () => {
  const bodies = [
    undefined,
    "<html>",
    "[]",
    "null",
    "7",
    '"partialSuccess"',
    '{"partialSuccess":[]}',
    '{"partialSuccess":7}',
    '{"partialSuccess":{"rejectedLogRecords":"many"}}',
    '{"partialSuccess":{"rejectedLogRecords":1.5}}',
    '{"partialSuccess":{"rejectedLogRecords":{}}}',
    "[".repeat(LIMITS.otlpAnswerBytes),
    '{"partialSuccess":'.repeat(3000),
  ];
  for (const body of bodies) {
    const reply = readOtlpAnswer({ status: 200, body, retryAfter: "" }, { records: 10, now: NOW });
    assertEquals(reply, { kind: "accepted", rejected: 0, isReadable: false }, body);
  }
  assertEquals(read(204, "").kind, "accepted");
});

Deno.test("retryAfterMs() reads seconds and dates and obeys up to a limit", () => {
  const cases: [string, number][] = [
    ["", 0],
    ["0", 0],
    ["30", 30_000],
    [" 30\t", 30_000],
    ["99999999999999999999", LIMITS.otlpRetryAfterMs],
    ["9".repeat(64), LIMITS.otlpRetryAfterMs],
    ["9".repeat(65), 0],
    ["-1", 0],
    ["1.5", 0],
    ["+5", 0],
    ["0x10", 0],
    ["1e3", 0],
    ["soon", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 30_000],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 30_000],
    ["Sun Nov  6 08:49:37 1994", 30_000],
    ["Sun, 06 Nov 1994 08:49:07 GMT", 0],
    ["Sun, 06 Nov 1993 08:49:37 GMT", 0],
    ["Sun, 06 Nov 9999 08:49:37 GMT", LIMITS.otlpRetryAfterMs],
    ["1994-11-06T08:49:37Z", 0],
  ];
  for (const [header, ms] of cases) assertEquals(retryAfterMs(header, NOW), ms, header);
});
