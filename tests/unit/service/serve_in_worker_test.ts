import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { serveInWorker, type ServiceWorker } from "../../../core/service/serve_in_worker.ts";
import type { FromWorker, ToWorker } from "../../../core/service/worker_protocol.ts";
import { manualClock, settle } from "../../support/manual_clock.ts";
import { rootedWorld } from "../../support/rooted_ports.ts";
import { serveConfigOf } from "../../support/serve_config.ts";

const FACTS = { listen: "127.0.0.1:1", adapter: "mcp", profile: "standard" } as const;

/** Serves in a worker that a test speaks for. */
async function serving(
  work: (parts: {
    readonly running: ReturnType<typeof serveInWorker>;
    readonly clock: ReturnType<typeof manualClock>;
    readonly sent: ToWorker[];
    say(message: FromWorker): void;
    fail(reason: string): void;
    isTerminated(): boolean;
  }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const clock = manualClock(0);
  const sent: ToWorker[] = [];
  let say: (message: FromWorker) => void = () => {};
  let fail: (reason: string) => void = () => {};
  let terminated = false;
  const worker: ServiceWorker = {
    send: (message) => void sent.push(message),
    listen: (hear, failed) => [say, fail] = [hear, failed],
    terminate: () => void (terminated = true),
  };
  try {
    const { ports } = rootedWorld(root);
    const config = serveConfigOf(["--policy", "p.yaml", "--drain-timeout", "2s"]);
    const running = serveInWorker(config, () => worker, { ...ports, clock });
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await work({
      running,
      clock,
      sent,
      say: (message) => say(message),
      fail: (reason) => fail(reason),
      isTerminated: () => terminated,
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const STARTED: FromWorker = {
  kind: "started",
  facts: { ...FACTS, policyDigest: "d", warnings: [] },
};

Deno.test("serveInWorker() ends in order when its worker does", () =>
  serving(async ({ running, sent, say, isTerminated }) => {
    say(STARTED);
    const service = await running;
    const stopped = service.stop();
    assertEquals(sent.at(-1), { kind: "signal", name: "SIGTERM" });
    say({ kind: "ended" });
    await stopped;
    await service.ended;
    assertEquals(isTerminated(), true);
  }));

Deno.test("serveInWorker() fails when its worker breaks down", () =>
  serving(async ({ running, say, fail, isTerminated }) => {
    say(STARTED);
    const service = await running;
    fail("out of memory");
    const error = await assertRejects(() => service.ended, GaitError, "out of memory");
    assertEquals([error.code, isTerminated()], ["internal_failure", true]);
    // Stopping what is over already is no failure.
    await service.stop();
  }));

Deno.test("serveInWorker() does not start when its worker breaks down before", () =>
  serving(async ({ running, fail, isTerminated }) => {
    fail("no memory");
    await assertRejects(() => running, GaitError, "no memory");
    assertEquals(isTerminated(), true);
  }));

Deno.test("serveInWorker() ends a worker that does not end by itself", () =>
  serving(async ({ running, clock, say, isTerminated }) => {
    say(STARTED);
    const service = await running;
    const ended = assertRejects(() => service.ended, GaitError, "no answer");
    const stopped = service.stop();
    await clock.advance(11_000);
    await settle();
    assertEquals(isTerminated(), false);
    await clock.advance(2_000);
    await stopped;
    await ended;
    assertEquals(isTerminated(), true);
  }));
