import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import {
  cleanPath,
  directoryPart,
  displayPath,
  packPath,
  sameBytes,
  writePack,
} from "../../../core/runs/pack_path.ts";
import { memoryWorld } from "../../support/memory_ports.ts";

Deno.test("packPath() joins cleanly and refuses to climb", () => {
  const path = (directory: string) => packPath(directory, "p.zip");
  assertEquals(["", ".", "./", "./a//b/./", "/", "/x/", " a "].map(path), [
    "p.zip",
    "p.zip",
    "p.zip",
    "a/b/p.zip",
    "/p.zip",
    "/x/p.zip",
    "a/p.zip",
  ]);
  for (const directory of ["..", "a/../..", "../a"]) {
    assertThrows(() => path(directory), GaitError, "parent directories");
  }
});

Deno.test("displayPath() marks relative paths", () => {
  assertEquals(["a/p.zip", "./a", "/a", "../a", ".a", "C:\\a"].map(displayPath), [
    "./a/p.zip",
    "./a",
    "/a",
    "../a",
    ".a",
    "C:\\a",
  ]);
  assertEquals([directoryPart("a/b/c.zip"), directoryPart("c.zip")], ["a/b/", ""]);
  assertEquals(cleanPath("./a/../b"), "a/../b");
});

Deno.test("sameBytes() compares whole contents", () => {
  const data = Uint8Array.of(1, 2, 3);
  assertEquals(sameBytes(data, [Uint8Array.of(1), Uint8Array.of(2, 3)]), true);
  assertEquals(sameBytes(data, Uint8Array.of(1, 2)), false);
  assertEquals(sameBytes(data, Uint8Array.of(1, 2, 3, 4)), false);
  assertEquals(sameBytes(data, Uint8Array.of(1, 2, 4)), false);
});

Deno.test("writePack() answers whether the file is new", async () => {
  const { files } = memoryWorld();
  const data = [Uint8Array.of(1), Uint8Array.of(2)];
  assertEquals(await writePack("p.zip", data, { replace: false, files }), true);
  assertEquals(await writePack("p.zip", data, { replace: false, files }), false);
  const other = Uint8Array.of(1, 3);
  const work = () => writePack("p.zip", other, { replace: false, files });
  assertEquals((await assertRejects(work, GaitError)).code, "already_exists");
  assertEquals(await writePack("p.zip", other, { replace: true, files }), false);
});
