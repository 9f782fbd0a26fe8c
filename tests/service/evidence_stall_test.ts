/** A disk that does not answer: nobody waits for ever, and what is written too late is taken back. */

import { assert, assertEquals } from "@std/assert";
import { serveEvidence } from "../../core/evidence/serve_evidence.ts";
import { type Deferred, deferred } from "../../core/base/deferred.ts";
import type { EvidenceThread } from "../../core/ports/evidence_thread.ts";
import type { Segments } from "../../core/ports/segments.ts";
import { startEvidenceThread } from "../../host/evidence_thread.ts";
import { READ } from "../support/serve_program.ts";
import type { RootedWorld } from "../support/rooted_ports.ts";
import { type InProcess, inProcess } from "./_in_process.ts";

/** How much faster than the real one the clock of these tests is. */
const SPEED = 20;

/** Lets time pass faster. */
function hurry({ ports }: RootedWorld): void {
  const { clock } = ports;
  const sleep: typeof clock.sleep = (ms, signal) => clock.sleep(ms / SPEED, signal);
  Object.assign(ports, { clock: { ...clock, sleep, monotonic: () => clock.monotonic() * SPEED } });
}

/** A disk whose writes hang while `gate` is there. */
interface Disk {
  gate: Deferred<void> | undefined;
}

/** Puts such a disk in place; names and looks still work, as they do from a cache. */
function slowDisk({ ports }: RootedWorld): Disk {
  const disk: Disk = { gate: undefined };
  const { segments, appends } = ports;
  const slow: Segments = {
    ...segments,
    async settle(path) {
      await disk.gate?.promise;
      await segments.settle(path);
    },
    async createVisible(path, data) {
      await segments.createVisible(path, data);
    },
    async create(path) {
      const file = await segments.create(path);
      return {
        ...file,
        async sync() {
          await disk.gate?.promise;
          await file.sync();
        },
      };
    },
  };
  const slowAppends: typeof appends = {
    ...appends,
    async open(path, how) {
      const file = await appends.open(path, how);
      if (!path.endsWith(".jsonl")) return file;
      const append: typeof file.append = async (data) => {
        await disk.gate?.promise;
        await file.append(data);
      };
      return new Proxy(file, {
        get(target, name) {
          if (name === "append") return append;
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
  Object.assign(ports, { segments: slow, appends: slowAppends });
  return disk;
}

/** The evidence thread, in this one. */
function threaded({ ports }: RootedWorld): void {
  let toService: (message: unknown) => void = () => {};
  let toThread: (message: unknown) => void = () => {};
  serveEvidence({
    send: (message) => queueMicrotask(() => toService(structuredClone(message))),
    listen: (hear) => void (toThread = hear),
  }, ports);
  const thread: EvidenceThread = {
    send: (message) => queueMicrotask(() => toThread(structuredClone(message))),
    listen: (hear) => void (toService = hear),
    close: () => {},
  };
  Object.assign(ports, { evidenceThread: () => thread });
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !await holds(); i++) {
    assert(i < 300, "it does not come about");
    await wait(20);
  }
}

async function readiness(service: InProcess): Promise<unknown> {
  const { status, json } = await service.ask("/readyz");
  return status === 200 ? "ready" : json.reasons;
}

function traces(service: InProcess): string[] {
  return service.tree().filter((path) => path.startsWith("traces/trace_"));
}

/** A service on such a disk. */
async function onSlowDisk(
  work: (service: InProcess, disk: Disk) => Promise<void>,
  options: { readonly threaded: boolean },
): Promise<void> {
  let disk: Disk | undefined;
  await using service = await inProcess([], (_root, world) => {
    hurry(world);
    disk = slowDisk(world);
    if (options.threaded) threaded(world);
  });
  if (disk === undefined) throw new Error("no disk");
  await work(service, disk);
}

for (const isThreaded of [true, false]) {
  const where = isThreaded ? "thread" : "process";
  Deno.test(`service sends requests away while its ${where}'s disk hangs, and takes back what comes late`, () =>
    onSlowDisk(async (service, disk) => {
      assertEquals((await service.post(READ)).status, 200);
      const before = traces(service);
      disk.gate = deferred();
      const began = performance.now();
      const asked = [service.post(READ), service.post(READ), service.post(READ)];
      await until(async () => await readiness(service) !== "ready");
      const unready = (performance.now() - began) * SPEED;
      assertEquals(await readiness(service), ["evidence_stalled"]);
      const answers = await Promise.all(asked);
      const took = (performance.now() - began) * SPEED;
      assert(unready >= 2_500 && unready < 6_000, `${unready} ms`);
      assert(took > 9_000 && took < 20_000, `${took} ms`);
      for (const { status, json, headers } of answers) {
        assertEquals([status, json.error_code], [503, "evidence_stalled"]);
        assertEquals(json.verdict, undefined);
        assertEquals(headers.get("retry-after"), "1");
      }
      // Nobody waits any more: whoever comes now is refused at once, before anything is decided.
      const later = performance.now();
      assertEquals((await service.post(READ)).json.error_code, "evidence_stalled");
      assert(performance.now() - later < 100);
      disk.gate.resolve();
      disk.gate = undefined;
      await until(async () => await readiness(service) === "ready");
      assertEquals(traces(service), before);
      assertEquals((await service.post(READ)).status, 200);
      assertEquals(traces(service).length, before.length + 1);
      const says = (state: string) =>
        service.world.stderr.join("").includes(`"event":"evidence","state":"${state}"`);
      await until(() => says("working"));
      assert(says("evidence_stalled"));
    }, { threaded: isThreaded }));
}

Deno.test("service marks an event that was appended after its request was sent away", () =>
  onSlowDisk(async (service, disk) => {
    const call = JSON.parse(READ);
    const inSession = JSON.stringify({ ...call, session_id: "s1" });
    assertEquals((await service.post(inSession)).status, 200);
    const before = traces(service);
    const [journal = ""] = service.tree().filter((path) => path.endsWith(".journal.jsonl"));
    const events = () =>
      Deno.readTextFileSync(`${service.root}/${journal}`).trim().split("\n")
        .map((line) => JSON.parse(line).event).filter((event) => event !== undefined);
    assertEquals(events().length, 1);
    // Trace and event are under way together.
    disk.gate = deferred();
    const answer = await service.post(inSession);
    assertEquals([answer.status, answer.json.error_code], [503, "evidence_stalled"]);
    disk.gate.resolve();
    disk.gate = undefined;
    await until(async () => await readiness(service) === "ready" && events().length === 3);
    const [, late, mark] = events();
    assertEquals(mark.trace_id, late.trace_id);
    assertEquals([mark.verdict, mark.reason_codes], ["block", ["evidence_withdrawn"]]);
    assertEquals(traces(service), before);
    assertEquals((await service.post(inSession)).status, 200);
    assertEquals(events().length, 4);
  }, { threaded: true }));

Deno.test("service whose evidence thread never answers does not start", async () => {
  // A real one, that can be ended only from outside.
  const busy = new URL("data:text/javascript,onmessage=()=>{for(;;);}");
  let thread: EvidenceThread | undefined;
  const began = performance.now();
  await using service = await inProcess([], (_root, world) => {
    hurry(world);
    Object.assign(world.ports, { evidenceThread: () => thread ??= startEvidenceThread(busy) });
  });
  const took = (performance.now() - began) * SPEED;
  assertEquals(service.started.service, undefined);
  assertEquals(service.started.exit, 1);
  assert(took > 9_000 && took < 60_000, `${took} ms`);
  const said = service.world.stdout.join("");
  assert(said.includes(`"error_detail_code":"evidence_stalled"`), said);
});

Deno.test("service does not start on a trace directory that takes no files", async () => {
  await using service = await inProcess([], (_root, { ports }) => {
    const createVisible: Segments["createVisible"] = (path, data) =>
      path.includes("probe")
        ? Promise.reject(new Deno.errors.PermissionDenied("read-only"))
        : ports.segments.createVisible(path, data);
    Object.assign(ports, { segments: { ...ports.segments, createVisible } });
  });
  assertEquals(service.started.service, undefined);
});
