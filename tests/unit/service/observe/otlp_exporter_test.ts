import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../../core/base/errors.ts";
import { LIMITS } from "../../../../core/base/limits.ts";
import type { DecisionEvent } from "../../../../core/export/decision_event.ts";
import type { HttpAnswer, HttpPost } from "../../../../core/ports/http_client.ts";
import { Metrics } from "../../../../core/service/observe/metrics.ts";
import {
  OtlpExporter,
  type OtlpSetup,
  otlpUrl,
} from "../../../../core/service/observe/otlp_exporter.ts";
import { manualClock, settle } from "../../../support/manual_clock.ts";

const EVENT: DecisionEvent = {
  created_at: "1980-01-01T00:00:00Z",
  observed_at: "2026-02-06T00:00:00.000000001Z",
  event_id: "e",
  producer_version: "0.0.0-dev",
  run_id: "run_r",
  session_id: "",
  trace_id: "t",
  trace_path: "traces/t.json",
  tool_name: "tool.read",
  verdict: "allow",
  reason_codes: [],
  policy_digest: "p",
  intent_digest: "i",
  delegation_ref: "",
  delegation_depth: 0,
};

/** How a collector answers. */
type Collector = (post: HttpPost, at: number) => HttpAnswer | Promise<HttpAnswer>;

/** An answer with a status. */
function answer(status: number, body = "{}", retryAfter = ""): HttpAnswer {
  return { status, body, retryAfter };
}

/** A collector that answers with given statuses; the last one repeats. */
function statuses(...list: number[]): Collector {
  return (_post, at) => answer(list[Math.min(at, list.length - 1)] ?? 0);
}

/** Ids of the decisions in a request. */
function idsIn({ body }: HttpPost): string[] {
  const { resourceLogs } = JSON.parse(new TextDecoder().decode(body));
  return resourceLogs[0].scopeLogs[0].logRecords.map((
    record: { attributes: { key: string; value: { stringValue: string } }[] },
  ) => record.attributes.find(({ key }) => key === "gait.event_id")?.value.stringValue);
}

/** An exporter, its collector, and a clock that stands still. */
function exporter(
  collector: Collector,
  queue = 2048,
  sending: Pick<OtlpSetup, "headers" | "compresses"> = { headers: {}, compresses: false },
) {
  const posts: HttpPost[] = [];
  const events: Record<string, unknown>[] = [];
  const metrics = new Metrics();
  const clock = manualClock(Date.UTC(2026, 1, 6));
  const it = new OtlpExporter({
    endpoint: "http://127.0.0.1:4318",
    queue,
    version: "1",
    ...sending,
    client: {
      permits: () => true,
      async post(request) {
        posts.push(request);
        return await collector(request, posts.length - 1);
      },
    },
    clock,
    random: { bytes: (length) => new Uint8Array(length) },
    metrics,
    log: { event: (event, facts) => void events.push({ event, ...facts }) },
  });
  const count = (name: "dropped" | "exported") =>
    metrics.value(`gait_telemetry_${name}_total`, "otlp");
  const tell = (...ids: string[]) => {
    for (const event_id of ids) it.tell({ ...EVENT, event_id });
  };
  return { it, posts, events, metrics, clock, count, tell };
}

/** Ids 0 … count - 1. */
function ids(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `e${at}`);
}

/** Lets a number of microtasks pass. */
async function later(steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) await Promise.resolve();
}

Deno.test("otlpUrl() completes an origin and refuses what is no http URL", () => {
  assertEquals(otlpUrl("http://127.0.0.1:4318"), "http://127.0.0.1:4318/v1/logs");
  assertEquals(otlpUrl("https://c.example/x"), "https://c.example/x");
  for (const bad of ["", "c.example", "file:///x", "ftp://x/", "http://user:pw@x/"]) {
    assertThrows(() => otlpUrl(bad), GaitError);
  }
});

Deno.test("OtlpExporter refuses a queue that holds nothing or has no bound", () => {
  for (const queue of [0, -1, 100_001, 1e15, NaN]) {
    assertThrows(() => exporter(statuses(200), queue), GaitError, "--export-otlp-queue");
  }
});

Deno.test("OtlpExporter sends a batch of JSON after a pause, at its observed time", async () => {
  const { posts, clock, count, tell, metrics } = exporter(statuses(200));
  tell("a", "b");
  await clock.advance(499);
  assertEquals(posts.length, 0);
  await clock.advance(1);
  const [post] = posts;
  assert(post !== undefined);
  assertEquals([post.url, post.contentType], [
    "http://127.0.0.1:4318/v1/logs",
    "application/json",
  ]);
  assertEquals(idsIn(post), ["a", "b"]);
  const { resourceLogs } = JSON.parse(new TextDecoder().decode(post.body));
  const [record] = resourceLogs[0].scopeLogs[0].logRecords;
  assertEquals(record.timeUnixNano, "1770336000000000001");
  assertEquals([count("exported"), count("dropped")], [2, 0]);
  assert(metrics.render().includes('gait_telemetry_dropped_total{kind="otlp"} 0\n'));
});

Deno.test("OtlpExporter does not wait for a batch that cannot grow", async () => {
  const { posts, tell } = exporter(statuses(200));
  tell(...ids(LIMITS.otlpBatchRecords - 1));
  await settle();
  assertEquals(posts.length, 0);
  tell("last");
  await settle();
  assertEquals(posts.length, 1);
});

Deno.test("OtlpExporter paces small batches however fast the collector is", async () => {
  const { posts, clock, tell } = exporter(statuses(200));
  for (let ms = 0; ms < 2000; ms += 10) {
    tell("x");
    await clock.advance(10);
  }
  assert(posts.length <= 5, `${posts.length} requests`);
});

Deno.test("OtlpExporter.tell() drops, counts and says once what does not fit", async () => {
  const { it, events, count, tell } = exporter(statuses(200), 2);
  tell(...ids(5));
  assertEquals([it.waiting, count("dropped")], [2, 3]);
  assertEquals(events, [
    { event: "telemetry_dropped", reason: "queue_full", dropped: 1, waiting: 2 },
  ]);
  assertEquals(await it.close(), { exported: 2, dropped: 3 });
});

Deno.test("OtlpExporter.tell() bounds bytes, too", () => {
  const { it, count } = exporter(statuses(0), 4);
  for (let i = 0; i < 4; i++) it.tell({ ...EVENT, tool_name: "\0".repeat(1_000_000) });
  assertEquals([it.waiting, count("dropped")], [1, 3]);
});

Deno.test("OtlpExporter.tell() never throws, and counts what cannot be encoded", () => {
  const { it, count } = exporter(statuses(200));
  const broken = {
    ...EVENT,
    get tool_name(): string {
      throw new Error("broken");
    },
  };
  it.tell(broken);
  assertEquals([it.waiting, count("dropped")], [0, 1]);
});

Deno.test("OtlpExporter counts records that a partial success rejects, and sends none again", async () => {
  const partial = '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"no"}}';
  const { posts, clock, count, tell, events } = exporter(() => answer(200, partial));
  tell("a", "b", "c");
  await clock.advance(60_000);
  assertEquals(posts.length, 1);
  assertEquals([count("exported"), count("dropped")], [1, 2]);
  assertEquals(events[0]?.reason, "rejected");
});

Deno.test("OtlpExporter never loses a decision that is told at any moment of its work", async () => {
  for (let steps = 0; steps < 60; steps++) {
    const { it, posts, clock, count, tell } = exporter((_post, at) => {
      if (at === 0) void later(steps).then(() => tell("second"));
      return answer(200);
    });
    tell("first");
    await clock.advance(2000);
    assertEquals(posts.flatMap(idsIn), ["first", "second"], `told after ${steps} steps`);
    assertEquals([it.waiting, count("exported")], [0, 2]);
  }
});

Deno.test("OtlpExporter splits a batch that is too large and remembers", async () => {
  const most = 5_000;
  const { posts, clock, count, tell } = exporter((post) =>
    answer(post.body.length > most ? 413 : 200)
  );
  tell(...ids(100));
  await clock.advance(60_000);
  assertEquals(posts.filter(({ body }) => body.length <= most).flatMap(idsIn), ids(100));
  assertEquals([count("exported"), count("dropped")], [100, 0]);
  const before = posts.filter(({ body }) => body.length > most).length;
  tell(...ids(100));
  await clock.advance(60_000);
  assertEquals(count("exported"), 200);
  const again = posts.filter(({ body }) => body.length > most).length - before;
  assert(again <= 2, `${again} more were too large`);
});

Deno.test("OtlpExporter makes batches smaller when no answer comes, but not for ever", async () => {
  const { posts, clock, count, tell } = exporter((post) =>
    answer(post.body.length > 100_000 ? 0 : 200)
  );
  tell(...ids(512));
  await clock.advance(30_000);
  assertEquals([count("exported"), count("dropped")], [512, 0]);
  assert(posts.length <= 12, `${posts.length} requests`);
  const away = exporter(statuses(0));
  away.tell(...ids(512));
  await away.clock.advance(600_000);
  const last = away.posts.at(-1)?.body.length ?? 0;
  assert(last > 60_000 && last <= LIMITS.otlpSmallRequestBytes, `${last} bytes`);
});

Deno.test("OtlpExporter drops only the record that is too large by itself", async () => {
  const { clock, count, tell, events } = exporter((post) =>
    answer(idsIn(post).includes("big") ? 413 : 200)
  );
  tell("a", "b", "big", "c", "d");
  await clock.advance(60_000);
  assertEquals([count("exported"), count("dropped")], [4, 1]);
  assertEquals(events[0]?.reason, "too_large");
});

Deno.test("OtlpExporter is not driven into a storm by a collector that finds everything too large", async () => {
  const { posts, clock, tell } = exporter(statuses(413));
  tell(...ids(512));
  await clock.advance(10_000);
  assert(posts.length <= 25, `${posts.length} requests in 10 s`);
});

Deno.test("OtlpExporter sends the same again after a status that allows it, with growing pauses", async () => {
  const { it, posts, clock, count, tell, metrics } = exporter(statuses(0, 429, 502, 503, 504, 200));
  tell("a");
  await clock.advance(500);
  for (const pause of [500, 1_000, 5_000, 15_000, 15_000]) {
    const before = posts.length;
    await clock.advance(pause - 1);
    assertEquals(posts.length, before);
    await clock.advance(1);
    assertEquals(posts.length, before + 1);
  }
  assertEquals(new Set(posts.map((post) => idsIn(post).join())), new Set(["a"]));
  assertEquals([it.waiting, count("exported"), count("dropped")], [0, 1, 0]);
  assertEquals(metrics.value("gait_sink_failures_total", "otlp"), 5);
});

Deno.test("OtlpExporter obeys Retry-After up to a limit", async () => {
  const headers = ["7", "Fri, 06 Feb 2026 00:01:00 GMT", "999999999", ""];
  const waits: number[] = [];
  let last = 0;
  const { clock, tell } = exporter((_post, at) => {
    waits.push(clock.monotonic() - last);
    last = clock.monotonic();
    return at < headers.length ? answer(429, "", headers[at]) : answer(200);
  });
  tell("a");
  await clock.advance(500_000);
  assertEquals(waits, [500, 7_000, 60_000 - 7_500, LIMITS.otlpRetryAfterMs, 15_000]);
});

Deno.test("OtlpExporter drops a batch that the collector refuses for good, a redirect too", async () => {
  for (const status of [301, 307, 400, 401, 404, 500]) {
    const { posts, clock, count, tell, events } = exporter(statuses(status));
    tell("a", "b");
    await clock.advance(60_000);
    assertEquals([posts.length, count("dropped")], [1, 2], String(status));
    assertEquals([events[0]?.reason, events[0]?.status], ["refused", status]);
  }
});

Deno.test("OtlpExporter says that answers of success cannot be read", async () => {
  const { clock, count, tell, metrics } = exporter(() => answer(200, "<html>"));
  tell("a");
  await clock.advance(1000);
  assertEquals([count("exported"), count("dropped")], [1, 0]);
  assertEquals(metrics.value("gait_sink_failures_total", "otlp_answer"), 1);
});

Deno.test("OtlpExporter goes on after a client that breaks its promise never to reject", async () => {
  const { clock, count, tell } = exporter((_post, at) => {
    if (at < 3) throw new Error("broken");
    return answer(200);
  });
  tell("a");
  await clock.advance(60_000);
  assertEquals([count("exported"), count("dropped")], [1, 0]);
});

Deno.test("OtlpExporter.close() sends what waits, in batches, and counts the rest", async () => {
  const { it, posts, tell } = exporter(statuses(200));
  tell(...ids(1200));
  const totals = await it.close();
  assertEquals(posts.map((post) => idsIn(post).length), [512, 512, 176]);
  assertEquals(totals, { exported: 1200, dropped: 0 });
  assertEquals(await it.close(), totals);
  tell("late");
  assertEquals(it.waiting, 0);
});

Deno.test("OtlpExporter.close() tries a collector that is away once", async () => {
  for (const status of [0, 503]) {
    const { it, posts, tell } = exporter(() => answer(status, "", "60"));
    tell(...ids(1200));
    assertEquals(await it.close(), { exported: 0, dropped: 1200 });
    assertEquals(posts.length, 1);
  }
});

Deno.test("OtlpExporter.close() interrupts a pause that the collector asked for", async () => {
  const { it, posts, clock, tell } = exporter((_post, at) =>
    at === 0 ? answer(429, "", "300") : answer(200)
  );
  tell("a");
  await clock.advance(500);
  assertEquals(posts.length, 1);
  assertEquals(await it.close(), { exported: 1, dropped: 0 });
});

Deno.test("OtlpExporter.close() does not linger over what came during a request", async () => {
  const { it, posts, clock, tell } = exporter(async () => {
    await clock.sleep(100);
    return answer(200);
  });
  tell("a");
  await clock.advance(550);
  tell("b");
  const closing = it.close();
  await clock.advance(150);
  assertEquals(posts.map(idsIn), [["a"], ["b"]]);
  assertEquals(await closing, { exported: 2, dropped: 0 });
});

Deno.test("OtlpExporter.close() gives up on a collector that never answers", async () => {
  let heard: AbortSignal | undefined;
  const { it, clock, tell, events } = exporter((post) => {
    heard = post.signal;
    return new Promise<HttpAnswer>(() => {});
  });
  tell(...ids(600));
  await clock.advance(500);
  const closing = it.close();
  await clock.advance(LIMITS.otlpFlushMs - 1);
  assertEquals(heard?.aborted, false);
  await clock.advance(1);
  assertEquals(await closing, { exported: 0, dropped: 600 });
  assertEquals(heard?.aborted, true);
  assertEquals(events.map(({ reason }) => reason), ["shutdown"]);
});

Deno.test("OtlpExporter.close() counts once what a slow collector takes too late", async () => {
  const slow = manualClock(0);
  const { it, clock, count, tell } = exporter(async () => {
    await slow.sleep(60_000);
    return answer(200);
  });
  tell("a", "b");
  await clock.advance(500);
  const closing = it.close();
  await clock.advance(LIMITS.otlpFlushMs);
  await closing;
  await slow.advance(60_000);
  await settle();
  assertEquals([it.waiting, count("exported"), count("dropped")], [0, 0, 2]);
});

Deno.test("OtlpExporter.close() of a collector that takes each batch slowly is bounded as a whole", async () => {
  const { it, clock, tell } = exporter(async () => {
    await clock.sleep(2_000);
    return answer(200);
  }, 100_000);
  tell(...ids(20_000));
  const closing = it.close();
  await clock.advance(LIMITS.otlpFlushMs);
  const { exported, dropped } = await closing;
  assertEquals([exported, dropped], [1024, 20_000 - 1024]);
});

Deno.test("OtlpExporter sends further headers, and a body that a reader can unpack", async () => {
  const headers = { authorization: "Bearer x" };
  const plain = exporter(statuses(200), 10, { headers, compresses: false });
  plain.tell("a");
  await plain.it.close();
  assertEquals(plain.posts.map(({ contentEncoding }) => contentEncoding), [""]);
  assertEquals(plain.posts[0]?.headers, headers);
  const packed = exporter(statuses(200), 10, { headers, compresses: true });
  packed.tell("a", "b");
  await packed.it.close();
  const [post] = packed.posts;
  assertEquals([post?.contentEncoding, post?.headers], ["gzip", headers]);
  const stream = new Blob([post?.body ?? new Uint8Array()]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  assertEquals(idsIn({ ...post, body } as HttpPost), ["a", "b"]);
  assertEquals(packed.count("exported"), 2);
});

Deno.test("OtlpExporter refuses a collector that the runtime does not let it connect to", () => {
  const client = { permits: () => false, post: () => Promise.reject(new Error("not asked")) };
  const error = assertThrows(
    () =>
      new OtlpExporter({
        endpoint: "https://c.example",
        queue: 1,
        version: "1",
        headers: {},
        compresses: false,
        client,
        clock: manualClock(0),
        random: { bytes: (length) => new Uint8Array(length) },
        metrics: new Metrics(),
        log: { event: () => {} },
      }),
    GaitError,
  );
  assertEquals(error.code, "permission_missing");
  assert(error.hint.includes("--allow-net=c.example"));
});
