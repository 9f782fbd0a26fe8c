import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { sha256HexOfText } from "../../../core/digest/running_sha256.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { buildDemoPack } from "../../../core/runpack/demo_pack.ts";
import {
  decodeIntent,
  type DecodeOptions,
  decodeReceipt,
  decodeRun,
} from "../../../core/runpack/input_records.ts";
import { manifestPreimage, signablePreimage } from "../../../core/runpack/manifest_digest.ts";
import { reducedRunId, reduceRun } from "../../../core/runpack/reduce.ts";
import { renormalize } from "../../../core/runpack/renormalize.ts";
import { formatTicketFooter, parseTicketFooter } from "../../../core/runpack/ticket_footer.ts";
import type { RunContent } from "../../../core/runpack/model.ts";

const HEAD = {
  created_at: "2026-01-01T00:00:00Z",
  producer_version: "0.0.0-dev",
  run_id: "run_x",
  env: { arch: "amd64", os: "linux", runtime: "go" },
};
const seen: string[] = [];
const DECODE: DecodeOptions = {
  head: HEAD,
  overrideRunId: false,
  fillDigests: false,
  dropContent: false,
  report: ({ code }) => void seen.push(code),
};
const DEFAULTS = { ...HEAD, run_id: "" };

Deno.test("manifestPreimage() blanks the digest, signablePreimage() keeps it (spec 01 §5)", () => {
  const manifest = { b: 1, manifest_digest: "x", signatures: [{}], a: 2 };
  assertEquals(manifestPreimage(manifest), '{"a":2,"b":1,"manifest_digest":""}');
  assertEquals(signablePreimage(manifest), '{"a":2,"b":1,"manifest_digest":"x"}');
  assertEquals(manifestPreimage({ a: 1 }), '{"a":1,"manifest_digest":""}');
  const hostile = JSON.parse('{"__proto__":{"signatures":1},"manifest_digest":"x"}');
  assertEquals(manifestPreimage(hostile), '{"__proto__":{"signatures":1},"manifest_digest":""}');
});

Deno.test("buildDemoPack() has the golden digest (spec 01 §11.1)", async () => {
  const { manifest, chunks } = await buildDemoPack({ digester: webDigester });
  assertEquals(
    manifest.manifest_digest,
    "88913ed84855671786b9ecc3eab94f760332a6c19a3ff2195ab8afd914d57725",
  );
  assertEquals(chunks.reduce((sum, chunk) => sum + chunk.length, 0), 2456);
});

Deno.test("formatTicketFooter() and parseTicketFooter() agree", () => {
  const footer = { runId: "run_demo", manifestDigest: "a".repeat(64) };
  const line = formatTicketFooter(footer);
  assertEquals(
    line,
    `GAIT run_id=run_demo manifest=sha256:${"a".repeat(64)} verify="gait verify run_demo"`,
  );
  assertEquals(parseTicketFooter(line), footer);
  const bad = [
    line.replace("verify run_demo", "verify run_other"),
    line.replace("aaaa", "AAAA"),
    `${line}\n`,
    ` ${line}`,
    line.replaceAll("run_demo", "demo.1"),
    "",
  ];
  for (const text of bad) assertEquals(parseTicketFooter(text), undefined, text);
});

Deno.test("decodeIntent() fills in defaults, omits what is empty and keeps own times", () => {
  const record = decodeIntent(
    {
      intent_id: "i",
      tool_name: "t",
      args: {},
      args_digest: "A".repeat(64),
      created_at: "2026-01-01T02:00:00.500+02:00",
    },
    "intents[0]",
    DECODE,
  );
  assertEquals(record, {
    args_digest: "A".repeat(64),
    created_at: "2026-01-01T02:00:00.5+02:00",
    intent_id: "i",
    producer_version: "0.0.0-dev",
    run_id: "run_x",
    schema_id: "gait.runpack.intent",
    schema_version: "1.0.0",
    tool_name: "t",
  });
  const zero = decodeIntent({ created_at: "0001-01-01T05:00:00+05:00" }, "i", DECODE);
  assertEquals(zero.created_at, HEAD.created_at);
});

Deno.test("decodeIntent() takes hostile names for data", () => {
  const value = JSON.parse('{"intent_id":"i","args":{"__proto__":{"x":1},"constructor":2}}');
  const record = decodeIntent(value, "intents[0]", DECODE);
  assertEquals(JSON.stringify(record.args), '{"__proto__":{"x":1},"constructor":2}');
  // An inherited name is no member.
  assertEquals(
    decodeIntent(JSON.parse('{"__proto__":{"tool_name":"t"}}'), "i", DECODE).tool_name,
    "",
  );
});

Deno.test("decodeIntent() refuses wrong types and names the place", () => {
  const bad: Record<string, unknown>[] = [
    { args: [] },
    { args: "x" },
    { tool_name: 7 },
    { intent_id: {} },
    { args_digest: false },
    { created_at: "2026-02-30T00:00:00Z" },
    { created_at: 0 },
  ];
  for (const value of bad) {
    const error = assertThrows(() => decodeIntent(value as never, "intents[4]", DECODE), GaitError);
    assertEquals(error.code, "schema_violation");
    assertEquals(error.place?.path?.startsWith("intents[4]."), true);
  }
});

Deno.test("decodeReceipt() keeps optional members when they say something", () => {
  const full = {
    content_digest: "c".repeat(64),
    query_digest: "d".repeat(64),
    redaction_mode: "reference",
    ref_id: "ref_1",
    retrieval_params: { k: 1 },
    retrieved_at: "2026-01-01T00:00:00Z",
    sensitivity_label: "internal",
    source_locator: "l",
    source_type: "t",
  };
  assertEquals({ ...decodeReceipt(full, "r", DECODE.report) }, full);
  const { retrieval_params: _p, sensitivity_label: _s, ...rest } = full;
  const empty = { ...rest, retrieval_params: {}, sensitivity_label: "" };
  assertEquals({ ...decodeReceipt(empty, "r", DECODE.report) }, rest);
  assertEquals(decodeReceipt(null, "r", DECODE.report).retrieved_at, "0001-01-01T00:00:00Z");
});

Deno.test("decodeRun() takes absent members from the recorder", () => {
  const { head, events, captureMode } = decodeRun({ run_id: "run_y" }, DEFAULTS, DECODE.report);
  assertEquals(head, { ...HEAD, run_id: "run_y" });
  assertEquals([events, captureMode], [null, ""]);
  const own = decodeRun(
    {
      run_id: "run_y",
      env: { os: "plan9" },
      timeline: [{ event: "e", ts: "2026-01-01T00:00:00Z" }],
    },
    DEFAULTS,
    DECODE.report,
  );
  assertEquals(own.head.env, { arch: "amd64", os: "plan9", runtime: "go" });
  assertEquals(own.events?.length, 1);
  for (const value of [{ run_id: "run_y", schema_id: "x" }, { run_id: "run_y", timeline: {} }]) {
    assertThrows(() => decodeRun(value, DEFAULTS, DECODE.report), GaitError);
  }
});

/** A pack with two calls: `b` failed, `a` has no result. */
function content(): RunContent {
  const common = {
    created_at: "2026-01-01T02:00:00+02:00",
    producer_version: "v",
    run_id: "run_x",
    schema_version: "1.0.0",
  };
  const intent = (intent_id: string, args = {}) => ({
    ...common,
    schema_id: "gait.runpack.intent",
    intent_id,
    tool_name: "t",
    args_digest: "d",
    args,
  });
  const result = (intent_id: string, status: string) => ({
    ...common,
    schema_id: "gait.runpack.result",
    intent_id,
    status,
    result_digest: "d",
  });
  const receipt = (ref_id: string) => ({
    content_digest: "",
    query_digest: "",
    redaction_mode: "reference",
    ref_id,
    retrieved_at: "",
    source_locator: "",
    source_type: "",
  });
  return {
    run: {
      ...common,
      schema_id: "gait.runpack.run",
      env: HEAD.env,
      timeline: [{ event: "s", ts: "2026-01-01T00:00:00.000Z" }, { event: "b", ref: "b", ts: "" }],
    },
    intents: [
      intent("b", { xREFs: [" r2 ", { plain: "r3" }], deep: { a: "ref_9" } }),
      intent("a", { note: "r1" }),
      intent("", {}),
    ],
    results: [result("b", " Success "), result("b", "failed"), result("z", "error")],
    refs: {
      ...common,
      schema_id: "gait.runpack.refs",
      receipts: ["r3", "ref_9", "r2", "r1"].map(receipt),
    },
  };
}

Deno.test("reduceRun() keeps the failing call and what belongs to it", () => {
  const { pack, report } = reduceRun(content(), "non_ok_status");
  assertEquals(report.selected_intent_id, "b");
  assertEquals(pack.results.map(({ status }) => status), ["failed"]);
  assertEquals(pack.refs.receipts.map(({ ref_id }) => ref_id), ["r2", "ref_9"]);
  assertEquals(pack.run.timeline?.length, 2);
  assertEquals(report.created_at, "2026-01-01T00:00:00Z");
  assertEquals(pack.intents[0]?.run_id, "run_x_reduced_nonokstatus");
});

Deno.test("reduceRun() finds the first call without a result by id", () => {
  const { pack, report } = reduceRun(content(), "missing_result");
  assertEquals(report.selected_intent_id, "a");
  assertEquals([pack.results, pack.refs.receipts], [[], []]);
  assertEquals(pack.run.timeline?.length, 1);
});

Deno.test("reduceRun() says when nothing fails", () => {
  const all = { ...content(), results: [] };
  assertThrows(() => reduceRun(all, "non_ok_status"), GaitError, "no intent has non_ok_status");
  assertEquals(reducedRunId(" demo ", "missing_result"), "run_demo_reduced_missingresult");
});

Deno.test("renormalize() brings every time into its normal form", () => {
  const normal = renormalize(content());
  assertEquals(normal.run.timeline?.map(({ ts }) => ts), [
    "2026-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
  ]);
  assertEquals(normal.intents[0]?.created_at, "2026-01-01T02:00:00+02:00");
  assertEquals(normal.refs.receipts[0]?.retrieved_at, "0001-01-01T00:00:00Z");
  const run = { ...content().run, created_at: "yesterday" };
  assertThrows(() => renormalize({ ...content(), run }), GaitError, "no RFC 3339 timestamp");
});

Deno.test("digests of content use its canonical form", () => {
  const digest = sha256HexOfText('{"a":1,"b":2}');
  const record = decodeIntent({ args: { b: 2, a: 1 } }, "i", { ...DECODE, fillDigests: true });
  assertEquals(record.args_digest, digest);
  seen.length = 0;
  const given = { intent_id: "i", tool_name: "t", args: { b: 2, a: 1 } };
  decodeIntent({ ...given, args_digest: digest.toUpperCase() }, "i", DECODE);
  assertEquals(seen, []);
});
