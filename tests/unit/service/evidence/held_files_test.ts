import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../../core/base/errors.ts";
import { HeldFiles } from "../../../../core/service/evidence/held_files.ts";
import { groupedView } from "../../../../core/wal/grouped_view.ts";
import { memoryWorld } from "../../../support/memory_ports.ts";

/** Held files over a memory file system, and what got through to the directory's group. */
function held() {
  const { ports: { files } } = memoryWorld();
  const through: string[] = [];
  const group = {
    create: (name: string) => Promise.resolve(void through.push(`create ${name}`)),
    remove: (name: string) => Promise.resolve(void through.push(`remove ${name}`)),
  };
  return { files, through, held: new HeldFiles("traces", groupedView("traces", group, files)) };
}

Deno.test("HeldFiles holds texts of its directory, in order, until they are taken", async () => {
  const { held: { view }, held: files, through } = held();
  assertEquals(files.isEmpty, true);
  await view.create("traces/audit.json", "first");
  await view.create("traces/trace.json", "second");
  assertEquals([files.isEmpty, through], [false, []]);
  assertEquals(files.take(), [
    { name: "audit.json", text: "first" },
    { name: "trace.json", text: "second" },
  ]);
  assertEquals([files.isEmpty, files.take(), through], [true, [], []]);
});

Deno.test("HeldFiles lets everything else through", async () => {
  const { held: { view }, held: files, files: disk, through } = held();
  await view.create("elsewhere/a.json", "a");
  await view.create("traces/below/a.json", "a");
  await view.create("traces/secret.json", "a", { mode: 0o600 });
  await view.create("traces/bytes", Uint8Array.of(1));
  assertEquals([files.isEmpty, through], [true, []]);
  assertEquals((await disk.stat("elsewhere/a.json"))?.kind, "file");
  assertEquals(
    new TextDecoder().decode(await view.read("traces/below/a.json", { maxBytes: 9 })),
    "a",
  );
});

Deno.test("HeldFiles drops what is removed before it was taken, and leaves what was taken to its taker", async () => {
  const { held: { view }, held: files, through } = held();
  await view.create("traces/a.json", "a");
  await view.remove("traces/a.json");
  assertEquals([files.take(), through], [[], []]);
  await view.create("traces/b.json", "b");
  files.take();
  await view.remove("traces/b.json");
  // Somebody else's file may have that name.
  assertEquals(through, []);
  await view.remove("traces/other.json");
  assertEquals(through, ["remove other.json"]);
});

Deno.test("HeldFiles refuses a name that it holds already", async () => {
  const { held: { view } } = held();
  await view.create("traces/a.json", "a");
  const error = await assertRejects(() => view.create("traces/a.json", "other"), GaitError);
  assertEquals(error.code, "already_exists");
});
