import { assert, assertEquals } from "@std/assert";
import { readPath } from "../../../core/gate/_path_reading.ts";
import { allowsPath, compilePathList, deniesPath } from "../../../core/gate/path_list.ts";
import type { PathRules } from "../../../core/intent/paths/path_forms.ts";

const POSIX: PathRules = { system: "posix", foldCase: false };
const WINDOWS: PathRules = { system: "windows", foldCase: true };

function allows(patterns: readonly string[], path: string, rules = POSIX): boolean {
  const list = compilePathList(patterns, rules);
  return list !== undefined && allowsPath(list, readPath(path, rules));
}

function denies(patterns: readonly string[], path: string, rules = POSIX): boolean {
  const list = compilePathList(patterns, rules);
  return list !== undefined && deniesPath(list, readPath(path, rules));
}

Deno.test("allowsPath() follows the pattern rules", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["/a/*", "/a/b", true],
    ["/a/*", "/a/b/c", false],
    ["/a/**", "/a", true],
    ["/a/**", "/a/b/c", true],
    ["/a/**", "/ab", false],
    ["/a/[", "/a/[", true],
    ["*", "/a", false],
    ["*", "a", true],
    ["**", "/a/b", false],
    ["/**", "/a/b", true],
    ["C:/x/*", "C:/x/y", true],
    ["C:\\x\\*", "C:\\x\\y", false],
    ["/A", "/a", false],
    ["/a/*/**", "/a/x/y", true],
    ["/a/", "/a/", true],
    ["./**", "./x/y", true],
    ["./a", "./a", true],
  ];
  for (const [pattern, path, wanted] of cases) {
    assertEquals(allows([pattern], path), wanted, `${pattern} on ${path}`);
  }
});

Deno.test("allowsPath() refuses a path whose .. cleaning removes, even when both forms match", () => {
  assertEquals(allows(["/ok/**"], "/ok/a/../b"), false);
  assertEquals(allows(["/ok/**"], "/ok/../etc/shadow"), false);
  assertEquals(allows(["/ok/../etc/shadow"], "/ok/../etc/shadow"), false);
  assertEquals(allows(["/**"], "/a\\..\\b"), false);
  assert(allows(["../shared/**"], "../shared/x"));
});

Deno.test("allowsPath() needs the cleaned form too", () => {
  assertEquals(allows(["/srv/ok/*"], "/srv/ok/."), false);
  assert(allows(["/srv/ok/**"], "/srv/ok/./a"));
});

Deno.test("deniesPath() matches either form", () => {
  const list = ["/srv/ok/private/**"];
  for (
    const path of [
      "/srv/ok/./private/x",
      "/srv/ok//private/x",
      "/srv/ok/a/../private/x",
      "/srv/ok/private",
      "/srv/ok/private/",
    ]
  ) assert(denies(list, path), path);
  assertEquals(denies(list, "/srv/ok/privateer"), false);
});

Deno.test("deniesPath() cleans the pattern too", () => {
  assert(denies(["/srv//secret/"], "/srv/secret"));
  assert(denies(["./secret/**"], "secret/x"));
  assertEquals(denies(["./**"], "../x"), false);
  assert(denies(["./**"], "x/y"));
});

Deno.test("deniesPath() on Windows folds case and sees through spellings", () => {
  for (
    const path of [
      "C:\\Secret\\a.txt",
      "c:/secret/A.TXT",
      "\\\\?\\C:\\secret\\a.txt",
      "C:\\x\\..\\secret\\a.txt",
      "C:\\secret.\\a.txt::$DATA",
    ]
  ) assert(denies(["C:\\secret\\**"], path, WINDOWS), path);
});

Deno.test("allowsPath() on Windows refuses hazards", () => {
  assert(allows(["C:\\work\\**"], "c:\\Work\\a.txt", WINDOWS));
  assertEquals(allows(["C:\\work\\**"], "C:\\work\\a.txt:stream", WINDOWS), false);
  assertEquals(allows(["C:\\work\\**"], "C:\\work\\nul", WINDOWS), false);
});

Deno.test("deniesPath() finds one of many patterns of every shape", () => {
  const many = Array.from({ length: 300 }, (_, n) => n);
  const list = [
    ...many.map((n) => `/exact/${n}`),
    ...many.map((n) => `/tree/${n}/**`),
    ...many.map((n) => `/pre${n}/*.pem`),
    ...many.map((n) => `/suf/*.key${n}`),
    ...many.map((n) => `/in/*q${n}q*`),
    "/[xyz]/[0-9]",
  ];
  for (
    const path of ["/exact/7", "/tree/299/a/b", "/pre12/a.pem", "/suf/k.key42", "/in/aq9qb", "/y/4"]
  ) assert(denies(list, path), path);
  for (const path of ["/exact/300", "/tree/3000", "/pre12/a/b.pem", "/suf/k.key300", "/in/a/q9q"]) {
    assertEquals(denies(list, path), false, path);
  }
});

Deno.test("deniesPath() stays fast on a path of a million segments", () => {
  const list = compilePathList(
    Array.from({ length: 1_000 }, (_, n) => `/a/a/a/${n}/**`),
    POSIX,
  );
  assert(list !== undefined);
  const forms = readPath("/a".repeat(1_000_000), POSIX);
  const start = performance.now();
  assertEquals(deniesPath(list, forms), false);
  assert(performance.now() - start < 2_000);
});
