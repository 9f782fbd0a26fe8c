import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  hasEscapingDotDot,
  hasPathPrefix,
  pathForms,
  pathRulesFor,
  pathSegments,
} from "../../../../core/intent/paths/path_forms.ts";

const LINUX = pathRulesFor("linux");
const MACOS = pathRulesFor("darwin");
const WINDOWS = pathRulesFor("windows");

Deno.test("pathRulesFor() follows the platform unless told otherwise", () => {
  assertEquals(LINUX, { system: "posix", foldCase: false });
  assertEquals(MACOS, { system: "posix", foldCase: true });
  assertEquals(WINDOWS, { system: "windows", foldCase: true });
  assertEquals(pathRulesFor("darwin", "sensitive").foldCase, false);
  assertEquals(pathRulesFor("linux", "insensitive").foldCase, true);
});

Deno.test("pathForms() reads one path by the rules of three platforms", () => {
  const path = "/Srv/OK/./a\\b";
  assertEquals(pathForms(path, LINUX), {
    literal: path,
    cleaned: "/Srv/OK/a\\b",
    allowable: true,
    opaque: false,
  });
  assertEquals(pathForms(path, MACOS), {
    literal: "/srv/ok/./a\\b",
    cleaned: "/srv/ok/a\\b",
    allowable: true,
    opaque: false,
  });
  assertEquals(pathForms(path, WINDOWS), {
    literal: "/srv/ok/./a/b",
    cleaned: "/srv/ok/a/b",
    allowable: true,
    opaque: false,
  });
});

Deno.test("pathForms() never lets a removed .. or a hazard satisfy an allow", () => {
  for (const rules of [LINUX, MACOS, WINDOWS]) {
    assertFalse(pathForms("/srv/ok/../ok/x", rules).allowable);
    assertFalse(pathForms("/srv/ok/a/..", rules).allowable);
    assert(pathForms("/srv/ok/x", rules).allowable);
    assert(pathForms("../x", rules).allowable);
  }
  for (const path of ["C:\\ok\\nul", "C:\\ok\\x.", "C:\\ok\\x:s", "C:\\ok\\A~1", "\\\\.\\C\\x"]) {
    assertFalse(pathForms(path, WINDOWS).allowable, path);
  }
});

Deno.test("hasEscapingDotDot() finds a .. behind a name or at the root", () => {
  for (const system of ["posix", "windows"] as const) {
    for (
      const path of ["a/..", "/..", "/a/../b", "../a/..", "a\\..\\b", "C:\\..", "./a/./../"]
    ) {
      assert(hasEscapingDotDot(path, { system }), path);
    }
    for (
      const path of ["", "a", "..", "../..", "../a", "./../a", "/a/..b", "/a/b..", "/a/.b", "C:.."]
    ) {
      assertFalse(hasEscapingDotDot(path, { system }), path);
    }
  }
  assert(hasEscapingDotDot("a\\.. \\b", { system: "windows" }));
  assert(hasEscapingDotDot("a/.../b", { system: "windows" }));
  assertFalse(hasEscapingDotDot("a/.../b", { system: "posix" }));
});

Deno.test("hasPathPrefix() compares whole segments", () => {
  const inside: [string, string][] = [
    ["/w", "/w"],
    ["/w/x", "/w"],
    ["/w/x", "/w/"],
    ["/w/x", "/w//"],
    ["/x", "/"],
    ["w/x", "w"],
    ["C:/w/x", "C:/w"],
  ];
  for (const [path, prefix] of inside) assert(hasPathPrefix(path, prefix), `${path} ${prefix}`);
  const outside: [string, string][] = [
    ["/wx", "/w"],
    ["/w", "/w/x"],
    ["/", "/w"],
    ["w", "/"],
    ["/W/x", "/w"],
    ["", "/w"],
  ];
  for (const [path, prefix] of outside) {
    assertFalse(hasPathPrefix(path, prefix), `${path} ${prefix}`);
  }
});

Deno.test("hasPathPrefix() is linear on hostile input", () => {
  assertFalse(hasPathPrefix("/a", `${"/".repeat(300_000)}x`));
  assert(hasPathPrefix("/a", "/".repeat(300_000)));
});

Deno.test("pathSegments() leaves empty names out", () => {
  assertEquals(pathSegments("/a//b/"), ["a", "b"]);
  assertEquals(pathSegments("/"), []);
});
