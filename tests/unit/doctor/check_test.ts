import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import {
  causeOf,
  checkOf,
  finding,
  pathArgument,
  quoted,
  worstOf,
} from "../../../core/doctor/check.ts";

Deno.test("checkOf() tells the worst findings and joins what mends them", () => {
  const made = checkOf("n", [
    finding("warn", "one", { fixCommand: "fix 1" }),
    finding("fail", "two", { fixCommand: "fix 2", hint: "look" }),
    finding("fail", "three", { fixCommand: "fix 2" }),
  ]);
  assertEquals(made, {
    name: "n",
    status: "fail",
    message: "two; three",
    fixCommand: "fix 1 && fix 2",
    hint: "look",
    details: ["one", "two", "three"],
  });
});

Deno.test("checkOf() passes when nothing was found, and says so", () => {
  assertEquals(checkOf("n", [], "fine"), { name: "n", status: "pass", message: "fine" });
  assertEquals(worstOf([]), "pass");
});

Deno.test("checkOf() bounds what it repeats", () => {
  const many = Array.from(
    { length: 5_000 },
    (_, i) => finding("warn", `f${i}`, { fixCommand: `c${i}` }),
  );
  const made = checkOf("n", many);
  assertEquals(made.message, "f0; f1; f2; and 4997 more");
  assertEquals(made.details?.length, 50);
  assertEquals(made.fixCommand?.split(" && ").length, 20);
});

Deno.test("finding() keeps foreign text on one line and offers no command that cannot be shown", () => {
  const made = finding("warn", `a\nb\u001b[2J${"x".repeat(9_000)}`, { fixCommand: "rm -f 'a\nb'" });
  assertEquals(made.text.startsWith("a\\u000ab\\u001b[2J"), true);
  assertEquals(made.text.length <= 401, true);
  assertEquals(made.fixCommand, undefined);
});

Deno.test("quoted() gives a shell one word whatever it holds", () => {
  assertEquals(quoted("a b"), "'a b'");
  assertEquals(quoted("it's $(x) `y`"), `'it'\\''s $(x) \`y\`'`);
  assertEquals(pathArgument("-rf"), "'./-rf'");
});

Deno.test("causeOf() lets a missing permission pass and tells everything else", () => {
  assertEquals(causeOf(new GaitError("file_not_found", "Cannot read x")), "Cannot read x");
  assertThrows(() => causeOf(new GaitError("permission_missing", "no")), GaitError, "no");
});
