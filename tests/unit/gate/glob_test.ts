import { assert, assertEquals } from "@std/assert";
import { compileGlob, matchesGlob } from "../../../core/gate/glob.ts";

function match(pattern: string, text: string): boolean {
  const glob = compileGlob(pattern);
  return glob !== undefined && matchesGlob(glob, text);
}

Deno.test("matchesGlob() follows the shell rules", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["", "", true],
    ["*", "", true],
    ["/a/*", "/a/b", true],
    ["/a/*", "/a/b/c", false],
    ["/a/**/c", "/a/b/c", true],
    ["/a/**/c", "/a/b/x/c", false],
    ["/a/?.txt", "/a/b.txt", true],
    ["a?c", "a/c", false],
    ["?", "😀", true],
    ["??", "😀", false],
    ["*?", "é", true],
    ["/a/[b-d]x", "/a/cx", true],
    ["/a/[^b]x", "/a/bx", false],
    ["/a/[^b]x", "/a/cx", true],
    ["[!a]", "!", true],
    ["[!a]", "b", false],
    ["/a/\\*", "/a/*", true],
    ["/a/\\*", "/a/b", false],
    ["[\\]]", "]", true],
    ["[a\\-z]", "-", true],
    ["[a\\-z]", "m", false],
    ["a[", "a[", false],
    ["[]a]", "]", false],
    ["[-x]", "x", false],
    ["[a-]", "a", false],
    ["a\\", "a\\", false],
    ["{a,b}", "a", false],
    ["*x*y*z", "axbyczz", true],
    ["*x*y*z", "axbyc", false],
    ["*a*/b", "xa/b", true],
    ["*a*/b", "x/ab/b", false],
    ["*.x.example", "a.b.x.example", true],
    ["a*b*c", "abc", true],
    ["*[0-9]", "file7", true],
    ["*[0-9]", "fi/le7", false],
    ["x*", "x/", false],
    ["[*]", "*", true],
    ["[*]", "a", false],
  ];
  for (const [pattern, text, wanted] of cases) {
    assertEquals(match(pattern, text), wanted, `${pattern} on ${text}`);
  }
});

Deno.test("compileGlob() collects literal texts between metacharacters", () => {
  assertEquals(compileGlob("/srv/*/a\\*b?[x]c")?.runs, ["/srv/", "/a*b", "c"]);
});

Deno.test("matchesGlob() stays fast on patterns that make backtracking matchers explode", () => {
  const glob = compileGlob(`${"*a".repeat(40)}b`);
  assert(glob !== undefined);
  const text = "a".repeat(200_000);
  const start = performance.now();
  assertEquals(matchesGlob(glob, text), false);
  assert(performance.now() - start < 2_000);
});
