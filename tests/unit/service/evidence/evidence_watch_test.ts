import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Deferred, deferred } from "../../../../core/base/deferred.ts";
import { GaitError } from "../../../../core/base/errors.ts";
import { LIMITS } from "../../../../core/base/limits.ts";
import type { EventInput } from "../../../../core/journal/append_events.ts";
import { EvidenceWatch } from "../../../../core/service/evidence/evidence_watch.ts";
import { manualClock, settle } from "../../../support/manual_clock.ts";

const EVENT: EventInput = {
  tool_name: "t",
  intent_digest: "i",
  policy_digest: "p",
  trace_id: "x",
  trace_path: "traces/x.json",
  verdict: "allow",
  reason_codes: ["r"],
  violations: [],
};

/** A group whose work goes on until a test ends it, and a watch over it. */
function watched(options: { readonly lockWaitMs?: number } = {}) {
  const clock = manualClock(0);
  const works: { readonly what: string; readonly done: Deferred<void> }[] = [];
  const events: unknown[] = [];
  let isAlive = true;
  const work = (what: string) => {
    const done = deferred<void>();
    works.push({ what, done });
    return done.promise;
  };
  const group = {
    segments: 0,
    create: (name: string) => work(`create ${name}`),
    remove: (name: string) => work(`remove ${name}`),
    check: ({ writes }: { readonly writes: boolean }) => work(writes ? "try" : "look"),
    maintain: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const watch = new EvidenceWatch({
    group,
    isAlive: () => isAlive,
    lockWaitMs: options.lockWaitMs ?? 0,
    clock,
    log: { event: (_event, { state }) => void events.push(state) },
  });
  watch.start();
  /** Ends the oldest work of that kind. */
  function finish(what: string, error?: GaitError): void {
    const at = works.findIndex((other) => other.what === what);
    assert(at >= 0, `${what} is not under way: ${works.map((other) => other.what)}`);
    const [{ done } = { done: deferred<void>() }] = works.splice(at, 1);
    if (error === undefined) done.resolve();
    else done.reject(error);
  }
  return {
    watch,
    clock,
    events,
    finish,
    under: () => works.map(({ what }) => what),
    append: async (event: EventInput) => {
      await work(`append ${event.verdict}`);
      return { sequence: 1, failure: undefined };
    },
    die: () => void (isAlive = false),
  };
}

function codeOf(step: () => void): string {
  const error = assertThrows(step, GaitError);
  return error.code;
}

/** Code of what a promise that has been settled was rejected with; "" for one that was not. */
function outcome(promise: Promise<unknown>): () => string {
  let code = "pending";
  promise.then(() => code = "", (error) => code = error.code);
  return () => code;
}

Deno.test("EvidenceWatch says that work takes long, then sends its callers away", async () => {
  const { watch, clock, finish, events } = watched();
  const created = outcome(watch.create("a", "text"));
  assertEquals([watch.fault, watch.pending], [undefined, 1]);
  await clock.advance(LIMITS.evidenceSlowMs);
  assertEquals(watch.fault, undefined);
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(watch.fault, "evidence_stalled");
  watch.check();
  assertEquals(created(), "pending");
  await clock.advance(LIMITS.evidenceWaitMs);
  assertEquals(created(), "evidence_stalled");
  assertEquals(codeOf(() => watch.check()), "evidence_stalled");
  assertEquals(
    (await assertRejects(() => watch.create("b", ""), GaitError)).code,
    "evidence_stalled",
  );
  finish("create a");
  await settle();
  assertEquals(watch.fault, "evidence_stalled", "the file is still there");
  finish("look");
  await clock.advance(LIMITS.evidenceCheckMs);
  finish("remove a");
  finish("look");
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(watch.fault, undefined);
  watch.check();
  assertEquals(events, ["evidence_stalled", "working"]);
  watch.close();
});

Deno.test("EvidenceWatch begins one look at a time, however long it takes", async () => {
  const { watch, clock, under } = watched();
  await clock.advance(60_000);
  assertEquals(under(), ["look"]);
  assertEquals([watch.fault, watch.pending], ["evidence_stalled", 1]);
  watch.close();
});

Deno.test("EvidenceWatch removes what it owes until it works, and gives its name to nobody before", async () => {
  const { watch, clock, finish, under } = watched();
  const hung = outcome(watch.create("other", ""));
  await clock.advance(LIMITS.evidenceWaitMs + LIMITS.evidenceCheckMs);
  assertEquals(hung(), "evidence_stalled");
  // What a request takes back while nothing answers is not waited for, and not forgotten.
  assertEquals(
    (await assertRejects(() => watch.remove("mine"), GaitError)).code,
    "evidence_stalled",
  );
  finish("create other", new GaitError("io_failure", "bad disk"));
  finish("look");
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(under().toSorted(), ["remove mine", "try"]);
  finish("try");
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(
    (await assertRejects(() => watch.create("mine", ""), GaitError)).code,
    "evidence_stalled",
  );
  finish("remove mine", new GaitError("io_failure", "bad disk"));
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(under().filter((what) => what === "remove mine").length, 1);
  finish("remove mine");
  await settle();
  const created = outcome(watch.create("mine", ""));
  finish("create mine");
  await settle();
  assertEquals(created(), "");
  watch.close();
});

Deno.test("EvidenceWatch tries to write after a failure, and not after a name that is taken", async () => {
  const { watch, clock, finish, under } = watched();
  const step = async (what: string, error?: GaitError) => {
    finish(what, error);
    await clock.advance(LIMITS.evidenceCheckMs);
  };
  const taken = outcome(watch.create("a", ""));
  finish("create a", new GaitError("already_exists", "taken"));
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals([taken(), ...under()], ["already_exists", "look"]);
  const full = outcome(watch.create("b", ""));
  finish("create b", new GaitError("io_failure", "no space"));
  await step("look");
  // A client may have brought this failure about: what counts is whether the service can write by itself.
  assertEquals([full(), watch.fault, ...under()], ["io_failure", undefined, "try"]);
  await step("try", new GaitError("io_failure", "no space"));
  assertEquals(watch.fault, "evidence_unwritable");
  watch.check();
  await step("try");
  assertEquals(watch.fault, undefined);
  assertEquals(under(), ["look"]);
  watch.close();
});

Deno.test("EvidenceWatch refuses work in a directory that is lost until it is back", async () => {
  const { watch, clock, finish } = watched();
  await clock.advance(LIMITS.evidenceCheckMs);
  finish("look", new GaitError("evidence_directory_lost", "gone"));
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(watch.fault, "evidence_directory_lost");
  assertEquals(codeOf(() => watch.check()), "evidence_directory_lost");
  finish("try");
  await settle();
  assertEquals(watch.fault, undefined);
  watch.close();
});

Deno.test("EvidenceWatch lets an append wait for a lock twice as well, and contradicts it when it comes late", async () => {
  const { watch, clock, finish, append, under } = watched({ lockWaitMs: 5_000 });
  const appended = outcome(watch.appender(append)(EVENT, [{ name: "x.json", text: "" }]));
  for (let ms = 0; ms <= LIMITS.evidenceWaitMs + 9_000; ms += LIMITS.evidenceCheckMs) {
    await clock.advance(LIMITS.evidenceCheckMs);
    finish("look");
  }
  assertEquals(appended(), "pending");
  await clock.advance(LIMITS.evidenceCheckMs);
  finish("look");
  assertEquals(appended(), "evidence_stalled");
  finish("append allow");
  await settle();
  assertEquals(under(), ["append block"]);
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals(under().toSorted(), ["append block", "look", "remove x.json"]);
  watch.close();
});

Deno.test("EvidenceWatch says that whoever writes is gone", () => {
  const { watch, die } = watched();
  die();
  assertEquals(watch.fault, "evidence_unavailable");
  assertEquals(codeOf(() => watch.check()), "evidence_unavailable");
  watch.close();
});

Deno.test("EvidenceWatch contradicts what was written without its files, again and again until it is", async () => {
  const { watch, clock, finish, append, under, events } = watched();
  const failure = new GaitError("io_failure", "no space left");
  const failing = watch.appender(async (event) => ({
    ...await append(event),
    failure: event.verdict === "allow" ? failure : undefined,
  }));
  const appended = outcome(failing(EVENT, [{ name: "x.json", text: "" }]));
  await settle();
  finish("append allow");
  await settle();
  // The caller does not wait for it.
  assertEquals([appended(), watch.fault], ["io_failure", "evidence_unwritable"]);
  for (const again of [failure, new GaitError("state_contention", "held")]) {
    finish("append block", again);
    await settle();
    assertEquals(under().filter((what) => what === "append block"), []);
    await clock.advance(LIMITS.evidenceCheckMs);
    assertEquals(under().filter((what) => what === "append block").length, 1);
    assertEquals(watch.fault, "evidence_unwritable");
  }
  finish("append block");
  finish("try");
  await clock.advance(LIMITS.evidenceCheckMs);
  assertEquals([watch.fault, events], [undefined, ["evidence_unwritable", "working"]]);
  // No file of that name is removed: it would be somebody else's.
  assertEquals(under().filter((what) => what.startsWith("remove")), []);
  watch.close();
});

Deno.test("EvidenceWatch gives a contradiction up whose journal is gone", async () => {
  const { watch, finish, append, events } = watched();
  const failure = new GaitError("io_failure", "no space left");
  const failing = watch.appender(async (event) => ({ ...await append(event), failure }));
  void outcome(failing(EVENT, []));
  await settle();
  finish("append allow");
  await settle();
  finish("append block", new GaitError("file_not_found", "gone"));
  await settle();
  assertEquals([watch.fault, events.length], [undefined, 1]);
  watch.close();
});
