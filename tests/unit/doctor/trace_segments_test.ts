import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Ports } from "../../../core/ports/ports.ts";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { encodeSegmentRecord, segmentName } from "../../../core/wal/segment_record.ts";
import { doctorWith, doctorWorld, NO_SEGMENTS } from "./_world.ts";

const DIR = "gait-out/mcp-serve/traces";
const SEGMENT = `${DIR}/${segmentName("0123456789abcdef", 1)}`;
const RECORD = encodeSegmentRecord({ kind: "create", name: "trace_a.json", text: "{}\n" });

/** Examines with segments, and with locks that are free or not. */
async function segmentsOf(
  world: MemoryWorld,
  { held = false, segments = true, argv = [] as string[] } = {},
) {
  const appends: Ports["appends"] = {
    ...world.ports.appends,
    open: async (path, how) => ({
      ...await world.ports.appends.open(path, how),
      tryLock: () => Promise.resolve(!held),
    }),
  };
  const ports = { appends, ...(segments && { segments: NO_SEGMENTS }) };
  const found = await doctorWith(world, ports, ...argv);
  return { exit: found.exit, ...found.check("trace_segments") };
}

Deno.test("doctor finds traces that are in left-over segments only, and gives the command", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  const before = new Map(world.files.entries);
  const found = await segmentsOf(world);
  assertEquals([found.exit, found.status], [2, "fail"]);
  assertEquals(found.fix_command, `gait trace recover '${DIR}'`);
  assertStringIncludes(found.message, "1 acknowledged traces");
  assertStringIncludes(found.details.join("\n"), SEGMENT);
  assertEquals(new Map(world.files.entries), before);
});

Deno.test("doctor only warns of left-over segments whose traces are in place", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  world.files.put(`${DIR}/trace_a.json`, "{}\n");
  const found = await segmentsOf(world);
  assertEquals([found.exit, found.status], [0, "warn"]);
  assertEquals(found.fix_command, `gait trace recover '${DIR}'`);
});

Deno.test("doctor takes segments that a running service holds for no fault", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  const found = await segmentsOf(world, { held: true });
  assertEquals([found.exit, found.status, found.fix_command], [0, "pass", undefined]);
  assertStringIncludes(found.message, `held by a running service: ${SEGMENT}`);
});

Deno.test("doctor fails on segments that are damaged", async () => {
  for (const text of ["not json\n", '{"kind":"create","name":"../x","text":""}\n']) {
    const world = doctorWorld();
    world.files.put(SEGMENT, text);
    const found = await segmentsOf(world);
    assertEquals([found.exit, found.status, found.fix_command], [2, "fail", undefined]);
  }
});

Deno.test("doctor looks into every folder that --trace-dir names", async () => {
  const world = doctorWorld();
  for (const folder of ["a", "it's"]) {
    world.files.put(`${folder}/${segmentName("0123456789abcdef", 1)}`, RECORD);
  }
  const argv = ["--trace-dir", "a", "--trace-dir", "it's", "--trace-dir", "none"];
  const found = await segmentsOf(world, { argv });
  assertEquals(found.fix_command, "gait trace recover 'a' && gait trace recover 'it'\\''s'");
});

Deno.test("doctor without segments of its own names them and cannot tell who holds them", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  const found = await segmentsOf(world, { segments: false });
  assertEquals([found.exit, found.status], [0, "warn"]);
  assertStringIncludes(found.message, "cannot tell whether a service holds them");
});

Deno.test("doctor does not read segments beyond measure", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  const stat = world.files.stat.bind(world.files);
  world.files.stat = async (path) => {
    const info = await stat(path);
    return info && path === SEGMENT ? { ...info, size: 2 ** 40 } : info;
  };
  const found = await segmentsOf(world);
  assertEquals([found.exit, found.status], [0, "warn"]);
  assertStringIncludes(found.message, "1099511627776 bytes");
});

Deno.test("doctor does not open segments without end", async () => {
  const world = doctorWorld();
  for (let i = 0; i <= 1_000; i++) {
    world.files.put(`${DIR}/${segmentName("0123456789abcdef", i)}`, RECORD);
  }
  const found = await segmentsOf(world);
  assertEquals([found.exit, found.status, found.details.length], [0, "warn", 50]);
  assertStringIncludes(found.message, "1001 segments that were not read");
});

Deno.test("doctor follows no link in the place of a segment", async () => {
  const world = doctorWorld();
  world.files.put("/etc/secret", RECORD);
  world.files.put(`${DIR}/x`, "");
  world.files.link(SEGMENT, "/etc/secret");
  const found = await segmentsOf(world);
  assertEquals([found.exit, found.status], [0, "warn"]);
  assertStringIncludes(found.message, "symbolic link");
});

Deno.test("doctor looks again when a service retires its segment meanwhile", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  let looks = 0;
  const appends: Ports["appends"] = {
    ...world.ports.appends,
    open(path, how) {
      looks++;
      if (looks === 1) world.files.entries.delete(`/work/${SEGMENT}`);
      return world.ports.appends.open(path, how);
    },
  };
  const found = await doctorWith(world, { appends, segments: NO_SEGMENTS });
  assertEquals([looks, found.check("trace_segments").status], [1, "pass"]);
});

Deno.test("doctor is not worried by the size of segments that a service holds", async () => {
  const world = doctorWorld();
  world.files.put(SEGMENT, RECORD);
  const stat = world.files.stat.bind(world.files);
  world.files.stat = async (path) => {
    const info = await stat(path);
    return info && path === SEGMENT ? { ...info, size: 2 ** 40 } : info;
  };
  assertEquals((await segmentsOf(world, { held: true })).status, "pass");
});
