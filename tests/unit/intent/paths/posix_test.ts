import { assertEquals } from "@std/assert";
import { cleanPosixPath } from "../../../../core/intent/paths/posix.ts";

Deno.test("cleanPosixPath() cleans lexically", () => {
  const table: [string, string][] = [
    ["", "."],
    [".", "."],
    ["/", "/"],
    ["//", "/"],
    ["/.", "/"],
    ["/..", "/"],
    ["/../../x", "/x"],
    ["..", ".."],
    ["../..", "../.."],
    ["../x/..", ".."],
    ["a/..", "."],
    ["a/../..", ".."],
    ["a/b/../../..", ".."],
    ["/a/./b", "/a/b"],
    ["/a//b/", "/a/b"],
    ["/a/b/..", "/a"],
    ["/srv/ok/../../etc/shadow", "/etc/shadow"],
    ["./a", "a"],
    ["/a/.b", "/a/.b"],
    ["/a/..b", "/a/..b"],
    ["/a/...", "/a/..."],
    ["a", "a"],
    ["/a\\..\\b", "/a\\..\\b"],
    ["~/x", "~/x"],
    ["/a/b", "/a/b"],
  ];
  for (const [path, wanted] of table) assertEquals(cleanPosixPath(path), wanted, path);
});

Deno.test("cleanPosixPath() changes nothing the second time", () => {
  for (const path of ["a/../../b", "/./x//../y/", "../../a/./..", "///"]) {
    const once = cleanPosixPath(path);
    assertEquals(cleanPosixPath(once), once);
  }
});

Deno.test("cleanPosixPath() is linear on hostile input", () => {
  assertEquals(cleanPosixPath("/..".repeat(300_000)), "/");
  assertEquals(cleanPosixPath("a/../".repeat(300_000)), ".");
  assertEquals(cleanPosixPath("/".repeat(300_000)), "/");
});
