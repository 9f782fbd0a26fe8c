import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { fileStamp, inDirectory } from "../../../core/mcp/artifact_names.ts";
import { derivedRunId, normalizeRunId } from "../../../core/mcp/run_id.ts";
import { RUN_ID_PATTERN } from "../../../core/runpack/model.ts";

Deno.test("normalizeRunId() follows the reference", () => {
  const cases: readonly (readonly [string, string])[] = [
    [" my run!/1 ", "run_my_run_1"],
    ["run_x", "run_x"],
    ["_run_x_", "run_x"],
    ["", ""],
    ["../..", ""],
    ["___", ""],
    ["a-b_c", "run_a-b_c"],
    ["a..b//c", "run_a_b_c"],
    ["é", ""],
    ["run", "run_run"],
  ];
  for (const [text, id] of cases) {
    assertEquals(normalizeRunId(text), id, text);
    assertEquals(id === "" || RUN_ID_PATTERN.test(id), true);
  }
});

Deno.test("normalizeRunId() refuses ids that no file name could hold, in linear time", () => {
  assertThrows(() => normalizeRunId("x".repeat(200)), GaitError, "longer");
  assertEquals(normalizeRunId("_".repeat(1_000_000)), "");
  assertEquals(normalizeRunId(" /".repeat(1_000_000)), "");
});

Deno.test("derivedRunId() takes the first twelve digits", () => {
  assertEquals(derivedRunId("7ba9284726131f".padEnd(64, "0")), "run_mcp_7ba928472613");
});

Deno.test("fileStamp() and inDirectory() spell names as the reference does", () => {
  assertEquals(fileStamp("2026-11-23T00:56:23.94762487Z"), "20261123T005623.947624870");
  assertEquals(fileStamp("2026-11-23T00:56:23Z"), "20261123T005623.000000000");
  assertEquals(inDirectory("", "t.json"), "t.json");
  assertEquals([inDirectory("d", "t"), inDirectory("d/", "t")], ["d/t", "d/t"]);
});
