import { assertEquals } from "@std/assert";
import { stricter, strictness } from "../../../core/gate/strictness.ts";
import { VERDICTS } from "../../../core/policy/policy.ts";

Deno.test("stricter() orders allow, dry_run, require_approval, block", () => {
  for (const [i, a] of VERDICTS.entries()) {
    for (const [j, b] of VERDICTS.entries()) {
      assertEquals(stricter(a, b), VERDICTS[Math.max(i, j)]);
    }
  }
});

Deno.test("strictness() takes a value that is no verdict for the strictest", () => {
  const odd: string = "allow ";
  assertEquals(strictness(odd as "allow"), strictness("block"));
});
