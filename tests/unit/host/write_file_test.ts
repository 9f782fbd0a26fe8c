/** Writing for real: in one step, for the owner alone, through no link (divergence C8). */

import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { writeFile } from "../../../host/write_file.ts";

/** Runs a test in a folder of its own. */
async function inFolder(work: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gait-write-" });
  try {
    work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Text as bytes. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

const REPLACE = { placement: "replace", mode: 0o600 } as const;

Deno.test("writeFile() replaces a file in one step and leaves nothing else", async () => {
  await inFolder((folder) => {
    const path = `${folder}/deep/trace.json`;
    writeFile(path, bytes("one"), REPLACE);
    writeFile(path, bytes("two"), REPLACE);
    assertEquals(Deno.readTextFileSync(path), "two");
    assertEquals([...Deno.readDirSync(`${folder}/deep`)].map(({ name }) => name), ["trace.json"]);
    if (Deno.build.os !== "windows") {
      assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    }
  });
});

Deno.test("writeFile() creates only what is not there", async () => {
  await inFolder((folder) => {
    const path = `${folder}/key`;
    writeFile(path, bytes("mine"), { placement: "create", mode: 0o600 });
    const again = { placement: "create", mode: 0o600 } as const;
    const error = assertThrows(() => writeFile(path, bytes("theirs"), again), GaitError);
    assertEquals(error.code, "already_exists");
    assertEquals(Deno.readTextFileSync(path), "mine");
  });
});

Deno.test({
  name: "writeFile() writes through no link and over no folder",
  ignore: Deno.build.os === "windows", // links need a privilege there
  fn: () =>
    inFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/precious`, "kept");
      Deno.symlinkSync(`${folder}/precious`, `${folder}/link`);
      Deno.symlinkSync(`${folder}/nowhere`, `${folder}/dangling`);
      Deno.mkdirSync(`${folder}/folder`);
      for (const name of ["link", "dangling"]) {
        const path = `${folder}/${name}`;
        const error = assertThrows(() => writeFile(path, bytes("x"), REPLACE), GaitError);
        assertEquals(error.code, "path_is_symlink");
      }
      assertThrows(() => writeFile(`${folder}/folder`, bytes("x"), REPLACE), GaitError);
      assertEquals(Deno.readTextFileSync(`${folder}/precious`), "kept");
      assertEquals([...Deno.readDirSync(folder)].length, 4);
    }),
});
