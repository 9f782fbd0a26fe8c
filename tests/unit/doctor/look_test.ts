import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { below, lookAt, mayOthers, needRegular } from "../../../core/doctor/look.ts";
import { MemoryFiles } from "../../support/memory_files.ts";

Deno.test("below() joins a path to a folder and never names standard input", () => {
  assertEquals(below("w", "gait-out"), "w/gait-out");
  assertEquals(below(".", "p.yaml"), "p.yaml");
  assertEquals(below("w", "/etc/p.yaml"), "/etc/p.yaml");
  assertEquals(below(".", "-"), "./-");
  assertEquals(below("w", "C:\\p.yaml"), "C:\\p.yaml");
});

Deno.test("lookAt() follows links and says when nothing is there", async () => {
  const files = new MemoryFiles("/work");
  files.put("a", "12");
  files.link("b", "a");
  files.link("c", "nowhere");
  assertEquals((await lookAt("b", files))?.size, 2);
  assertEquals(await lookAt("c", files), undefined);
  assertEquals(await lookAt("d", files), undefined);
});

Deno.test("lookAt() takes everything below the folders of devices and processes for no file", async () => {
  const files = new MemoryFiles("/work");
  for (const path of ["/dev/stdin", "/proc/self/environ", "/x/../dev/tty", "/sys/a"]) {
    assertEquals((await lookAt(path, files))?.kind, "other", path);
  }
  files.link("key", "/dev/zero");
  files.put("/dev/zero", "");
  assertEquals((await lookAt("key", files))?.kind, "other");
  files.put("/dev/shm/key", "k");
  assertEquals((await lookAt("/dev/shm/key", files))?.kind, "file");
  assertEquals(await lookAt("/devices/x", files), undefined);
});

Deno.test("needRegular() refuses folders, devices and what is not there", async () => {
  const files = new MemoryFiles("/work");
  files.put("folder/a", "");
  await assertRejects(() => needRegular("folder", files), GaitError, "it is a directory");
  await assertRejects(() => needRegular("/dev/stdin", files), GaitError, "it is no regular file");
  await assertRejects(() => needRegular("none", files), GaitError, "no such file");
});

Deno.test("mayOthers() looks at permission bits where there are some", () => {
  const info = { kind: "file", size: 0, modifiedMs: 0 } as const;
  assertEquals(mayOthers({ ...info, mode: 0o640 }, 0o077), true);
  assertEquals(mayOthers({ ...info, mode: 0o640 }, 0o022), false);
  assertEquals(mayOthers({ ...info, mode: undefined }, 0o077), false);
});
