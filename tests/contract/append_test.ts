/** One suite for the append, file and lock ports over memory and over the host. */

import { assertEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../core/base/errors.ts";
import type { Ports } from "../../core/ports/ports.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { memoryWorld } from "../support/memory_ports.ts";

type ContractPorts = Pick<Ports, "appends" | "files" | "locks">;

/** Runs a test over both kinds of ports in an empty folder. */
function contract(
  name: string,
  test: (
    ports: ContractPorts,
    folder: string,
    link: (path: string, to: string) => Promise<void>,
  ) => Promise<void>,
): void {
  Deno.test(`memory: ${name}`, async () => {
    const world = memoryWorld("/work");
    await test(world.ports, "/work", (path, to) => Promise.resolve(world.files.link(path, to)));
  });
  Deno.test(`host: ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(denoPorts("0"), folder, (path, to) => Deno.symlink(to, path));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function codeOf(step: () => Promise<unknown>): Promise<string> {
  return ((await assertRejects(step, GaitError)) as GaitError).code;
}

contract("an appended file grows at its end", async ({ appends, files }, folder) => {
  const path = `${folder}/deep/log`;
  const file = await appends.open(path, { create: true });
  await file.append(bytes("one\n"));
  await file.append(bytes("two\n"));
  await file.sync();
  assertEquals(await file.size(), 8);
  assertEquals(text(await file.read(4, 100)), "two\n");
  assertEquals((await file.read(8, 10)).length, 0);
  await file.truncate(4);
  await file.append(bytes("3"));
  file.close();
  file.close();
  assertEquals(text(await files.read(path, { maxBytes: 100 })), "one\n3");
  assertEquals((await files.stat(path))?.mode ?? 0o600, 0o600);
});

contract("opening refuses what is no regular file", async ({ appends }, folder, link) => {
  assertEquals(
    await codeOf(() => appends.open(`${folder}/no`, { create: false })),
    "file_not_found",
  );
  await link(`${folder}/link`, `${folder}/target`);
  assertEquals(
    await codeOf(() => appends.open(`${folder}/link`, { create: true })),
    "path_is_symlink",
  );
  (await appends.open(`${folder}/d/x`, { create: true })).close();
  assertEquals(
    await codeOf(() => appends.open(`${folder}/d`, { create: false })),
    "path_not_allowed",
  );
});

contract("a file knows whether its path still names it", async ({ appends, files }, folder) => {
  const path = `${folder}/log`;
  const file = await appends.open(path, { create: true });
  assertEquals(await file.isNamed(), true);
  await files.replace(path, bytes("other"));
  assertEquals(await file.isNamed(), false);
  await files.remove(path);
  assertEquals(await file.isNamed(), false);
  file.close();
});

contract("an output appears on commit and not before", async ({ appends, files }, folder) => {
  const path = `${folder}/new/out`;
  const output = await appends.output(path);
  await output.write(bytes("a"));
  await output.write(bytes("b"));
  assertEquals(await files.stat(path), undefined);
  await output.commit();
  await output.discard();
  assertEquals(text(await files.read(path, { maxBytes: 10 })), "ab");
  const dropped = await appends.output(path);
  await dropped.write(bytes("c"));
  await dropped.discard();
  assertEquals(text(await files.read(path, { maxBytes: 10 })), "ab");
  assertEquals((await files.list(`${folder}/new`)).map(({ name }) => name), ["out"]);
});

contract("a cache is replaced whole", async ({ appends, files }, folder, link) => {
  const path = `${folder}/cache`;
  await appends.replaceCache(path, bytes("1"));
  await appends.replaceCache(path, bytes("22"));
  assertEquals(text(await files.read(path, { maxBytes: 10 })), "22");
  await link(`${folder}/link`, path);
  assertEquals(
    await codeOf(() => appends.replaceCache(`${folder}/link`, bytes("3"))),
    "path_is_symlink",
  );
});

contract("a lock excludes, first come first served", async ({ locks }, folder) => {
  const path = `${folder}/x.lock`;
  const options = { waitMs: 5_000, staleMs: 60_000, style: "session" } as const;
  const order: number[] = [];
  let inside = 0;
  await Promise.all([1, 2, 3, 4].map((each) =>
    locks.withLock(path, options, async (lock) => {
      inside++;
      assertEquals(inside, 1);
      await lock.confirm();
      await Promise.resolve();
      order.push(each);
      inside--;
    })
  ));
  assertEquals(order, [1, 2, 3, 4]);
});

contract("a lock is released when the work fails", async ({ locks }, folder) => {
  const path = `${folder}/x.lock`;
  const options = { waitMs: 1_000, staleMs: 60_000 };
  const boom = () => locks.withLock(path, options, () => Promise.reject(new TypeError("boom")));
  await assertRejects(boom, TypeError);
  assertEquals(await locks.withLock(path, options, () => Promise.resolve(7)), 7);
});

Deno.test("host: a lock taken over by a program without OS locks is lost", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { locks } = denoPorts("0");
    const path = `${folder}/x.lock`;
    const options = { waitMs: 100, staleMs: 60_000, style: "session" } as const;
    const lost = () =>
      locks.withLock(path, options, async (lock) => {
        await Deno.remove(path);
        await Deno.writeTextFile(path, "{}");
        await lock.confirm();
      });
    assertEquals(await codeOf(lost), "lock_lost");
    // The other program's lock is left alone.
    assertEquals(await Deno.readTextFile(path), "{}");
    assertEquals(
      await codeOf(() => locks.withLock(path, options, () => Promise.resolve())),
      "state_contention",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("host: two names of one file exclude each other", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { appends } = denoPorts("0");
    const one = await appends.open(`${folder}/a`, { create: true });
    await Deno.link(`${folder}/a`, `${folder}/b`);
    const other = await appends.open(`${folder}/b`, { create: false });
    assertEquals([await one.tryLock(), await other.tryLock()], [true, false]);
    one.close();
    assertEquals(await other.tryLock(), true);
    other.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
