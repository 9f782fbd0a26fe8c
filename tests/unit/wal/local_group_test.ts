import { assert, assertEquals, assertRejects } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import type { Segments } from "../../../core/ports/segments.ts";
import { groupedView } from "../../../core/wal/grouped_view.ts";
import { LocalGroup } from "../../../core/wal/local_group.ts";
import { recoverSegments } from "../../../core/wal/recover_segments.ts";
import { rootedWorld } from "../../support/rooted_ports.ts";

/** Runs a test below a directory of its own. */
async function below(work: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/t`);
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function names(root: string, suffix: string): Promise<string[]> {
  const all = await Array.fromAsync(Deno.readDir(`${root}/t`));
  return all.map(({ name }) => name).filter((name) => name.endsWith(suffix)).sort();
}

/** Creates several files at once, so that they share a segment. */
function createAll(group: LocalGroup, list: readonly string[]): Promise<void[]> {
  return Promise.all(list.map((name) => group.create(name, `text of ${name}`)));
}

Deno.test("LocalGroup.create() shares a segment and close() removes it", () =>
  below(async (root) => {
    const grouped = new LocalGroup("t", rootedWorld(root).ports);
    await createAll(grouped, ["a.json", "b.json", "c.json"]);
    assertEquals(await names(root, ".json"), ["a.json", "b.json", "c.json"]);
    assertEquals((await names(root, ".wal")).length, 1);
    await grouped.close();
    assertEquals(await names(root, ".wal"), []);
    assertEquals(await Deno.readTextFile(`${root}/t/b.json`), "text of b.json");
  }));

Deno.test("LocalGroup.create() needs no segment for a file alone", () =>
  below(async (root) => {
    const grouped = new LocalGroup("t", rootedWorld(root).ports);
    await createAll(grouped, ["a.json"]);
    assertEquals(await names(root, ".wal"), []);
    assertEquals(grouped.segments, 0);
    await grouped.close();
  }));

Deno.test("groupedView() groups texts of its directory and leaves the rest to the file system", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const grouped = new LocalGroup("t", ports);
    const view = groupedView("t", grouped, ports.files);
    await Deno.mkdir(`${root}/t/sub`);
    await Promise.all([
      view.create("t/a.json", "a"),
      view.create("t/b.json", "b"),
      view.create("t/raw.bin", utf8("raw")),
      view.create("t/mode.json", "m", { mode: 0o640 }),
      view.create("t/sub/c.json", "c"),
      view.create("t/../other.json", "o"),
    ]);
    const [segment = ""] = await names(root, ".wal");
    const lines = (await Deno.readTextFile(`${root}/t/${segment}`)).trim().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).name).sort(), ["a.json", "b.json"]);
    assertEquals(await names(root, ".json"), ["a.json", "b.json", "mode.json"]);
    assertEquals(await Deno.readTextFile(`${root}/t/sub/c.json`), "c");
    assertEquals(await Deno.readTextFile(`${root}/other.json`), "o");
    await view.remove("t/a.json");
    await view.remove("t/sub/c.json");
    assertEquals(await names(root, ".json"), ["b.json", "mode.json"]);
    await grouped.close();
  }));

Deno.test("LocalGroup.create() refuses a name that is taken", () =>
  below(async (root) => {
    const grouped = new LocalGroup("t", rootedWorld(root).ports);
    await createAll(grouped, ["a.json", "b.json"]);
    const error = await assertRejects(() => createAll(grouped, ["a.json"]), GaitError);
    assertEquals(error.code, "already_exists");
    assertEquals(await Deno.readTextFile(`${root}/t/a.json`), "text of a.json");
    await grouped.close();
  }));

Deno.test("LocalGroup.create() leaves no file behind when nothing can be noted", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    let isFull = false;
    const segments: Segments = {
      ...ports.segments,
      async create(path) {
        const file = await ports.segments.create(path);
        const full = new GaitError("io_failure", "no space");
        return { ...file, append: (data) => isFull ? Promise.reject(full) : file.append(data) };
      },
    };
    const grouped = new LocalGroup("t", { ...ports, segments });
    await createAll(grouped, ["a.json", "b.json"]);
    isFull = true;
    const failed = await Promise.allSettled(
      ["c.json", "d.json"].map((name) => grouped.create(name, name)),
    );
    assertEquals(failed.map(({ status }) => status), ["rejected", "rejected"]);
    assertEquals(await names(root, ".json"), ["a.json", "b.json"]);
    isFull = false;
    await grouped.close();
    assertEquals(await names(root, ".wal"), []);
    assertEquals(await names(root, ".json"), ["a.json", "b.json"]);
  }));

Deno.test("LocalGroup opens few segments while they fail, and goes on once they do not", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    let isBroken = true;
    let opened = 0;
    const segments: Segments = {
      ...ports.segments,
      async create(path) {
        const file = await ports.segments.create(path);
        opened++;
        const broken = new GaitError("io_failure", "bad disk");
        return { ...file, sync: () => isBroken ? Promise.reject(broken) : file.sync() };
      },
    };
    const grouped = new LocalGroup("t", { ...ports, segments });
    for (let i = 0; i < 50; i++) {
      const both = [`a${i}.json`, `b${i}.json`].map((name) => grouped.create(name, name));
      const ends = await Promise.allSettled(both);
      assertEquals(ends.map(({ status }) => status), ["rejected", "rejected"]);
    }
    assert(opened <= 20, `${opened} segments`);
    assertEquals(await names(root, ".json"), []);
    isBroken = false;
    await grouped.maintain();
    await createAll(grouped, ["c.json", "d.json"]);
    assertEquals(await names(root, ".json"), ["c.json", "d.json"]);
    assertEquals((await names(root, ".wal")).length, 1);
    await grouped.close();
  }));

Deno.test("LocalGroup acknowledges nothing in a segment that recovery would not find", () =>
  below(async (root) => {
    for (const lose of ["move", "unlink"] as const) {
      const grouped = new LocalGroup("t", rootedWorld(root).ports);
      await createAll(grouped, ["a.json", "b.json"]);
      if (lose === "move") {
        await Deno.rename(`${root}/t`, `${root}/old`);
        await Deno.mkdir(`${root}/t`);
      } else {
        await Deno.remove(`${root}/t/${(await names(root, ".wal"))[0]}`);
        await Deno.remove(`${root}/t/a.json`);
        await Deno.remove(`${root}/t/b.json`);
      }
      const failed = await Promise.allSettled(
        ["c.json", "d.json"].map((name) => grouped.create(name, name)),
      );
      assertEquals(failed.map(({ status }) => status), ["rejected", "rejected"], lose);
      await createAll(grouped, ["c.json", "d.json"]);
      assertEquals((await names(root, ".wal")).length, 1);
      assertEquals(await names(root, ".json"), ["c.json", "d.json"]);
      await grouped.close();
      await Deno.remove(`${root}/t/c.json`);
      await Deno.remove(`${root}/t/d.json`);
    }
  }));

Deno.test("LocalGroup settles what is left, not what was removed meanwhile", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const settled: string[] = [];
    const settle = (path: string) => {
      settled.push(path);
      return ports.segments.settle(path);
    };
    const grouped = new LocalGroup("t", { ...ports, segments: { ...ports.segments, settle } });
    await createAll(grouped, ["a.json", "b.json", "c.json"]);
    await Promise.all(["a.json", "c.json"].map((name) => grouped.remove(name)));
    await grouped.close();
    assertEquals(settled, ["t/b.json"]);
    assertEquals(await names(root, ".json"), ["b.json"]);
    assertEquals(await names(root, ".wal"), []);
  }));

Deno.test("LocalGroup settles where few files can be open at the same time", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const { segments } = ports;
    let open = 0;
    const settle = async (path: string) => {
      if (open >= 2) throw new GaitError("io_failure", "Cannot write: too many open files");
      open++;
      await segments.settle(path);
      open--;
    };
    const grouped = new LocalGroup("t", { ...ports, segments: { ...segments, settle } });
    await createAll(grouped, Array.from({ length: 9 }, (_, i) => `${i}.json`));
    await assertRejects(() => grouped.close(), GaitError, "too many open files");
    assertEquals((await names(root, ".wal")).length, 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await grouped.close();
    assertEquals(await names(root, ".wal"), []);
    assertEquals((await names(root, ".json")).length, 9);
  }));

Deno.test("recoverSegments() restores what is missing or torn, not what was removed", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const grouped = new LocalGroup("t", ports);
    await createAll(grouped, ["a.json", "b.json", "c.json", "d.json"]);
    await grouped.remove("b.json");
    const [segment = ""] = await names(root, ".wal");
    const copy = await Deno.readFile(`${root}/t/${segment}`);
    await grouped.close();
    // As after a crash: the segment is there, nobody holds it.
    await Deno.writeFile(`${root}/t/${segment}`, copy);
    await Deno.remove(`${root}/t/a.json`);
    await Deno.truncate(`${root}/t/c.json`, 3);
    const dry = await recoverSegments("t", { dryRun: true }, ports);
    assertEquals(dry.restored.toSorted(), ["t/a.json", "t/c.json"]);
    assertEquals(await names(root, ".json"), ["c.json", "d.json"]);
    const done = await recoverSegments("t", { dryRun: false }, ports);
    assertEquals(done.restored.toSorted(), ["t/a.json", "t/c.json"]);
    assertEquals(done.present, 1);
    assertEquals(await names(root, ".json"), ["a.json", "c.json", "d.json"]);
    assertEquals(await Deno.readTextFile(`${root}/t/c.json`), "text of c.json");
    assertEquals(await names(root, ".wal"), []);
  }));

Deno.test("recoverSegments() takes the last word of a process about a name that was given again", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const line = (kind: string, name: string, text?: string) =>
      `${JSON.stringify({ kind, name, text })}\n`;
    const segments = {
      "0123456789abcdef-000000": line("create", "a.json", "first") + line("create", "b.json", "b"),
      "0123456789abcdef-000001": line("remove", "a.json") + line("remove", "b.json"),
      "0123456789abcdef-000002": line("create", "a.json", "second"),
      // What another process says about the name is about another file.
      "0123456789abcde0-000003": line("create", "c.json", "c"),
      "0123456789abcde1-000004": line("remove", "c.json"),
    };
    for (const [id, text] of Object.entries(segments)) {
      await Deno.writeTextFile(`${root}/t/.gait-${id}.wal`, text);
    }
    const found = await recoverSegments("t", { dryRun: false }, ports);
    assertEquals(found.restored.toSorted(), ["t/a.json", "t/c.json"]);
    assertEquals(await Deno.readTextFile(`${root}/t/a.json`), "second");
    assertEquals(await names(root, ".wal"), []);
  }));

Deno.test("recoverSegments() puts nothing in the place of a later record, and replaces what is torn", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const text = '{"trace_id":"first"}';
    const torn = { "cut.json": text.slice(0, 9), "zeros.json": "\0".repeat(20), "empty.json": "" };
    const kept = { "later.json": '{"trace_id":"later"}', "same.json": text };
    const all = { ...torn, ...kept };
    for (const [name, found] of Object.entries(all)) {
      await Deno.writeTextFile(`${root}/t/${name}`, found);
    }
    const lines = Object.keys(all).map((name) => JSON.stringify({ kind: "create", name, text }));
    const segment = `${root}/t/.gait-0123456789abcdef-000000.wal`;
    await Deno.writeTextFile(segment, `${lines.join("\n")}\n`);
    const found = await recoverSegments("t", { dryRun: false }, ports);
    assertEquals([found.present, found.restored.length], [2, 3]);
    for (const name of Object.keys(torn)) {
      assertEquals(await Deno.readTextFile(`${root}/t/${name}`), text);
    }
    for (const [name, text] of Object.entries(kept)) {
      assertEquals(await Deno.readTextFile(`${root}/t/${name}`), text);
    }
  }));

Deno.test("recoverSegments() leaves held and damaged segments where they are", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const grouped = new LocalGroup("t", ports);
    await createAll(grouped, ["a.json", "b.json"]);
    const damaged = ".gait-0123456789abcdef-000000.wal";
    await Deno.writeTextFile(`${root}/t/${damaged}`, '{"kind":"create"}\n{"torn');
    const escaping = ".gait-0123456789abcdee-000000.wal";
    const line = JSON.stringify({ kind: "create", name: "../escape.json", text: "x" });
    await Deno.writeTextFile(`${root}/t/${escaping}`, `${line}\n`);
    const found = await recoverSegments("t", { dryRun: false }, ports);
    assertEquals(found.held.length, 1);
    assertEquals(found.damaged.map(({ error_code }) => error_code), [
      "state_corrupt",
      "state_corrupt",
    ]);
    assertEquals((await names(root, ".wal")).length, 3);
    assert(!(await Array.fromAsync(Deno.readDir(root))).some(({ name }) => /escape/.test(name)));
    await grouped.close();
  }));

Deno.test("recoverSegments() ignores a torn last line", () =>
  below(async (root) => {
    const { ports } = rootedWorld(root);
    const line = JSON.stringify({ kind: "create", name: "a.json", text: "whole" });
    const torn = '{"kind":"create","name":"b.json","text":"hal';
    await Deno.writeTextFile(`${root}/t/.gait-0123456789abcdef-000007.wal`, `${line}\n${torn}`);
    const found = await recoverSegments("t", { dryRun: false }, ports);
    assertEquals(found.restored, ["t/a.json"]);
    assertEquals(await names(root, ".json"), ["a.json"]);
  }));

Deno.test("LocalGroup.check() leaves nothing behind, and tells an exchanged directory from its own", () =>
  below(async (root) => {
    const grouped = new LocalGroup("t", rootedWorld(root).ports);
    await grouped.check({ writes: true });
    assertEquals(await Array.fromAsync(Deno.readDir(`${root}/t`)), []);
    await createAll(grouped, ["a.json"]);
    await Deno.rename(`${root}/t`, `${root}/own`);
    await Deno.mkdir(`${root}/other`);
    await Deno.writeTextFile(`${root}/other/a.json`, "of somebody else");
    await Deno.symlink(`${root}/other`, `${root}/t`);
    const lost = async (step: () => Promise<unknown>) =>
      assertEquals((await assertRejects(step, GaitError)).code, "evidence_directory_lost");
    await lost(() => grouped.check({ writes: true }));
    await lost(() => grouped.create("b.json", "b"));
    // Retention must not be led to the files of others either.
    await lost(() => grouped.remove("a.json"));
    assertEquals(await Deno.readTextFile(`${root}/other/a.json`), "of somebody else");
    await Deno.remove(`${root}/t`);
    await lost(() => grouped.check({ writes: false }));
    await Deno.rename(`${root}/own`, `${root}/t`);
    await grouped.check({ writes: true });
    await grouped.remove("a.json");
    await grouped.close();
  }));

Deno.test("LocalGroup acknowledges nothing when its directory is exchanged in the middle of a batch", () =>
  below(async (root) => {
    for (const count of [1, 3]) {
      const { ports } = rootedWorld(root);
      let swaps = false;
      const swap = async () => {
        if (!swaps) return;
        swaps = false;
        await Deno.rename(`${root}/t`, `${root}/own${count}`);
        await Deno.mkdir(`${root}/t`);
      };
      const segments: Segments = {
        ...ports.segments,
        async settleDirectory(path) {
          await swap();
          await ports.segments.settleDirectory(path);
        },
      };
      const grouped = new LocalGroup("t", { ...ports, segments });
      await grouped.check({ writes: true });
      swaps = true;
      const list = ["x.json", "y.json", "z.json"].slice(0, count);
      const ends = await Promise.allSettled(list.map((name) => grouped.create(name, name)));
      assertEquals(ends.map(({ status }) => status), list.map(() => "rejected"));
      assertEquals(await names(root, ".json"), []);
      await grouped.close().catch(() => {});
    }
  }));
