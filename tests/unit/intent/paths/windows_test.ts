import { assertEquals } from "@std/assert";
import {
  cleanWindowsPath,
  type WindowsHazard,
  windowsPathHazards,
} from "../../../../core/intent/paths/windows.ts";

Deno.test("cleanWindowsPath() gives one spelling to one file", () => {
  const table: [string, string][] = [
    ["", "."],
    ["c:\\a\\.\\b\\..\\x", "C:/a/x"],
    ["C:/a//b/", "C:/a/b"],
    ["C:\\", "C:/"],
    ["C:\\..\\..\\x", "C:/x"],
    ["C:x\\..\\..\\y", "C:../y"],
    ["C:", "C:"],
    ["\\a\\..\\..\\b", "/b"],
    ["a\\..\\..\\b", "../b"],
    ["..\\..\\x", "../../x"],
    ["\\\\?\\C:\\x", "C:/x"],
    ["\\\\.\\c:\\x", "C:/x"],
    ["\\??\\C:\\x", "C:/x"],
    ["//?/C:/x", "C:/x"],
    ["\\\\?\\UNC\\srv\\share\\x", "//srv/share/x"],
    ["\\\\?\\unc\\srv\\share", "//srv/share"],
    ["\\\\srv\\share\\..\\..\\x", "//srv/share/x"],
    ["//srv/share", "//srv/share"],
    ["\\\\srv\\share\\", "//srv/share"],
    ["\\\\.\\pipe\\p", "//./pipe/p"],
    ["\\\\?\\", "//./"],
    ["\\\\?\\Volume{1}\\x", "//./Volume{1}/x"],
    ["C:\\a.txt.", "C:/a.txt"],
    ["C:\\a.txt ", "C:/a.txt"],
    ["C:\\a. .\\b", "C:/a/b"],
    ["C:\\a.txt:s", "C:/a.txt"],
    ["C:\\a.txt::$DATA", "C:/a.txt"],
    ["C:\\d::$INDEX_ALLOCATION\\f", "C:/d/f"],
    ["C:\\ok\\.. \\x", "C:/x"],
    ["C:\\ok\\...\\x", "C:/x"],
    ["C:\\ok\\. \\x", "C:/ok/x"],
    ["C:\\ok\\ \\x", "C:/ok/x"],
    ["C:\\Users\\Bob", "C:/Users/Bob"],
  ];
  for (const [path, wanted] of table) assertEquals(cleanWindowsPath(path), wanted, path);
});

Deno.test("cleanWindowsPath() changes nothing the second time", () => {
  for (const path of ["c:\\a\\..", "\\\\s\\h\\..\\x.", "\\\\.\\pipe\\a:b", "a\\b ", "C:.."]) {
    const once = cleanWindowsPath(path);
    assertEquals(cleanWindowsPath(once), once, path);
  }
});

Deno.test("windowsPathHazards() names what a spelling may hide", () => {
  const table: [string, WindowsHazard[]][] = [
    ["C:\\a\\b.txt", []],
    ["C:/a/../b", []],
    ["\\\\srv\\share\\x", []],
    ["C:\\console\\nullable.txt", []],
    ["C:\\notes~draft.txt", []],
    ["C:\\backup~2024-01\\x", []],
    ["C:\\NUL", ["reserved_name"]],
    ["C:\\a\\com1.txt", ["reserved_name"]],
    ["lpt\u00b9", ["reserved_name"]],
    ["con .txt", ["reserved_name"]],
    ["C:\\PROGRA~1\\x", ["short_name"]],
    ["C:\\LONGNA~1.TXT", ["short_name"]],
    ["C:x", ["drive_relative"]],
    ["C:\\a:s", ["stream"]],
    ["C:\\a.\\b", ["trailing_dot_or_space"]],
    ["\\\\.\\pipe\\x", ["device_path"]],
    ["C:nul:x ", ["drive_relative", "reserved_name", "stream", "trailing_dot_or_space"]],
  ];
  for (const [path, wanted] of table) assertEquals(windowsPathHazards(path), wanted, path);
});
