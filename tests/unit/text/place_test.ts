import { assertEquals } from "@std/assert";
import { trackPositions } from "../../../core/text/place.ts";

Deno.test("trackPositions() counts lines from 1 and columns in code points", () => {
  const positions = trackPositions("a\u{1f600}b\n\nc");
  assertEquals(positions.at(0), { line: 1, column: 1 });
  assertEquals(positions.at(3), { line: 1, column: 3 });
  assertEquals(positions.at(6), { line: 3, column: 1 });
  assertEquals(positions.at(1), { line: 1, column: 2 });
  assertEquals(positions.at(99), { line: 3, column: 2 });
});
