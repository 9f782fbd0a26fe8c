import { assertEquals, assertRejects } from "@std/assert";
import { Patience, type SyncedFile } from "../../../host/patience.ts";

/** A file that notes how it was synced. */
function fileOf(sync: () => void = () => {}): SyncedFile & { readonly how: string[] } {
  const how: string[] = [];
  return {
    how,
    syncDataSync() {
      how.push("waited");
      sync();
    },
    syncData() {
      how.push("left");
      return new Promise((done) => done(sync()));
    },
  };
}

/** Takes longer than is worth waiting for. */
function slow(): void {
  const end = performance.now() + 4;
  while (performance.now() < end);
}

Deno.test("Patience waits for a file whose last sync was quick", async () => {
  const patience = new Patience(() => true);
  patience.dependOn({ dev: 1 });
  const file = fileOf();
  const sync = patience.syncOf(file, { dev: 1 });
  for (let i = 0; i < 3; i++) await sync();
  assertEquals(file.how, ["left", "waited", "waited"]);
});

Deno.test("Patience never waits twice for a file that is slow", async () => {
  const patience = new Patience(() => true);
  patience.dependOn({ dev: 1 });
  let isSlow = false;
  const file = fileOf(() => isSlow && slow());
  const sync = patience.syncOf(file, { dev: 1 });
  await sync();
  isSlow = true;
  for (let i = 0; i < 3; i++) await sync();
  isSlow = false;
  for (let i = 0; i < 2; i++) await sync();
  assertEquals(file.how, ["left", "waited", "left", "left", "left", "waited"]);
});

Deno.test("Patience does not wait for other disks, nor while there is something to do", async () => {
  let isFree = true;
  const patience = new Patience(() => isFree);
  const early = fileOf();
  const syncEarly = patience.syncOf(early, { dev: 1 });
  for (let i = 0; i < 2; i++) await syncEarly();
  assertEquals(early.how, ["left", "left"]);
  patience.dependOn({ dev: 1 });
  patience.dependOn({ dev: 2 });
  const other = fileOf();
  const syncOther = patience.syncOf(other, { dev: 2 });
  for (let i = 0; i < 3; i++) await syncOther();
  assertEquals(other.how, ["left", "left", "left"]);
  isFree = false;
  await syncEarly();
  isFree = true;
  await syncEarly();
  assertEquals(early.how, ["left", "left", "left", "waited"]);
});

Deno.test("Patience hands failures on and is over with them", async () => {
  const patience = new Patience(() => true);
  patience.dependOn({ dev: 1 });
  let fails = false;
  const file = fileOf(() => {
    if (fails) throw new Error("EIO");
  });
  const sync = patience.syncOf(file, { dev: 1 });
  await sync();
  fails = true;
  for (let i = 0; i < 2; i++) await assertRejects(sync, Error, "EIO");
  assertEquals(file.how, ["left", "waited", "left"]);
});
