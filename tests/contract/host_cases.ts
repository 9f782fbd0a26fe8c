/**
 * What every host must do, as cases over ports alone: they run over the Deno ports, over the Node ports under
 * Deno, and over the Node ports under Node.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { utf8 } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { Ports } from "../../core/ports/ports.ts";

/** The world of a case. */
export interface HostWorld {
  readonly ports: Ports;
  /** An empty folder of the case. */
  readonly dir: string;
  /** Makes a symbolic link. */
  link(target: string, path: string): void;
}

/** One case. */
export interface HostCase {
  readonly name: string;
  /** Runs where links, modes or a shell are missing, too. */
  readonly everywhere?: boolean;
  run(world: HostWorld): Promise<void>;
}

const LIMIT = { maxBytes: 1000 };
const LOCK = { waitMs: 200, staleMs: 60_000 };
const SHELL = { command: "/bin/sh", timeoutMs: 5_000, maxOutputBytes: 1000 };

/** Fails unless the work rejects with one of our errors of that code. */
async function refuses(code: string, work: () => Promise<unknown>): Promise<GaitError> {
  const error = await assertRejects(work, GaitError);
  assertEquals(error.code, code, error.message);
  return error;
}

function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

/** A lock file of another program. */
function foreignLock(created: string, more: Record<string, unknown> = {}): Uint8Array {
  return utf8(JSON.stringify({ pid: 999_999_999, created_at: created, ...more }) + "\n");
}

const FILES: readonly HostCase[] = [
  {
    name: "files.replace() makes parents, replaces in one step and leaves nothing else",
    everywhere: true,
    async run({ ports: { files }, dir }) {
      const path = `${dir}/a/b/c.json`;
      await files.replace(path, utf8("one"));
      await files.replace(path, [utf8("tw"), utf8("o")]);
      assertEquals(text(await files.read(path, LIMIT)), "two");
      assertEquals(await files.list(`${dir}/a/b`), [{ name: "c.json", kind: "file" }]);
    },
  },
  {
    name: "files.create() makes only what is not there",
    everywhere: true,
    async run({ ports: { files }, dir }) {
      await files.create(`${dir}/key`, utf8("mine"));
      await refuses("already_exists", () => files.create(`${dir}/key`, utf8("theirs")));
      assertEquals(text(await files.read(`${dir}/key`, LIMIT)), "mine");
      assertEquals((await files.list(dir)).length, 1);
    },
  },
  {
    name: "files.read() is bounded and says what is wrong",
    everywhere: true,
    async run({ ports: { files }, dir }) {
      await files.replace(`${dir}/big`, new Uint8Array(1001));
      await files.replace(`${dir}/fits`, new Uint8Array(1000));
      assertEquals((await files.read(`${dir}/fits`, LIMIT)).length, 1000);
      await refuses("input_too_large", () => files.read(`${dir}/big`, LIMIT));
      await refuses("file_not_found", () => files.read(`${dir}/none`, LIMIT));
      await refuses("file_unreadable", () => files.read(dir, LIMIT));
      let size = 0;
      for await (const part of files.chunks(`${dir}/big`)) size += part.length;
      assertEquals(size, 1001);
    },
  },
  {
    name: "files write through no link, over no folder, and for the owner alone",
    async run({ ports: { files }, dir, link }) {
      await files.replace(`${dir}/precious`, utf8("kept"));
      await files.replace(`${dir}/folder/x`, utf8("x"));
      link(`${dir}/precious`, `${dir}/link`);
      link(`${dir}/nowhere`, `${dir}/dangling`);
      for (const name of ["link", "dangling"]) {
        await refuses("path_is_symlink", () => files.replace(`${dir}/${name}`, utf8("x")));
        assertEquals((await files.stat(`${dir}/${name}`))?.kind, "symlink");
      }
      await refuses("path_not_allowed", () => files.replace(`${dir}/folder`, utf8("x")));
      await files.replace(`${dir}/plain`, utf8("x"));
      await refuses("path_not_allowed", () => files.replace(`${dir}/plain/below`, utf8("x")));
      await refuses("path_not_allowed", () => files.create(`${dir}/plain/below`, utf8("x")));
      assertEquals(text(await files.read(`${dir}/link`, LIMIT)), "kept");
      assertEquals((await files.stat(`${dir}/precious`))?.mode, 0o600);
      assertEquals((await files.stat(`${dir}/folder`))?.mode, 0o750);
      assertEquals(await files.realPath(`${dir}/link`), `${await files.realPath(dir)}/precious`);
      await refuses("file_not_found", () => files.realPath(`${dir}/dangling`));
      await files.remove(`${dir}/link`);
      assertEquals((await files.stat(`${dir}/precious`))?.size, 4);
    },
  },
  {
    name: "files.stat() and files.remove() take absence for an answer",
    everywhere: true,
    async run({ ports: { files }, dir }) {
      await files.replace(`${dir}/file`, utf8("x"));
      assertEquals(await files.stat(`${dir}/none`), undefined);
      assertEquals(await files.stat(`${dir}/file/below`), undefined);
      await files.remove(`${dir}/none`);
      await files.remove(`${dir}/file`);
      assertEquals(await files.list(dir), []);
      await refuses("file_not_found", () => files.list(`${dir}/none`));
    },
  },
];

const APPENDS: readonly HostCase[] = [
  {
    name: "appends.open() appends, reads back, cuts and knows its own file",
    everywhere: true,
    async run({ ports: { appends, files }, dir }) {
      const path = `${dir}/deep/journal`;
      await refuses("file_not_found", () => appends.open(path, { create: false }));
      const file = await appends.open(path, { create: true });
      try {
        await file.append(utf8("one\n"));
        await file.append(utf8("two\n"));
        await file.sync();
        assertEquals(text(await file.read(4, 100)), "two\n");
        await file.truncate(4);
        assertEquals(await file.size(), 4);
        assert(await file.isNamed() && await file.tryLock());
        await files.replace(path, utf8("other"));
        assertEquals(await file.isNamed(), false);
      } finally {
        file.close();
        file.close();
      }
    },
  },
  {
    name: "appends refuse links and folders",
    async run({ ports: { appends, files }, dir, link }) {
      await files.replace(`${dir}/f/x`, utf8("x"));
      link(`${dir}/f/x`, `${dir}/link`);
      const how = { create: true };
      await refuses("path_is_symlink", () => appends.open(`${dir}/link`, how));
      await refuses("path_is_symlink", () => appends.output(`${dir}/link`));
      await refuses("path_is_symlink", () => appends.replaceCache(`${dir}/link`, utf8("x")));
      await refuses("path_not_allowed", () => appends.open(`${dir}/f`, how));
    },
  },
  {
    name: "appends.output() names its file only on commit",
    everywhere: true,
    async run({ ports: { appends, files }, dir }) {
      const kept = await appends.output(`${dir}/kept`);
      await kept.write(utf8("a"));
      await kept.write(utf8("b"));
      assertEquals(await files.stat(`${dir}/kept`), undefined);
      await kept.commit();
      await kept.discard();
      const dropped = await appends.output(`${dir}/dropped`);
      await dropped.write(utf8("x"));
      await dropped.discard();
      assertEquals((await files.list(dir)).map(({ name }) => name), ["kept"]);
      assertEquals(text(await files.read(`${dir}/kept`, LIMIT)), "ab");
    },
  },
];

const LOCKS: readonly HostCase[] = [
  {
    name: "locks.withLock() excludes, in order, and leaves no file",
    everywhere: true,
    async run({ ports: { locks, files, clock }, dir }) {
      let inside = 0;
      const order: number[] = [];
      await Promise.all(
        [0, 1, 2, 3].map((n) =>
          locks.withLock(`${dir}/deep/l.lock`, { ...LOCK, waitMs: 5000 }, async () => {
            assertEquals(++inside, 1);
            await clock.sleep(2);
            order.push(n);
            inside--;
          })
        ),
      );
      assertEquals(order, [0, 1, 2, 3]);
      assertEquals(await files.list(`${dir}/deep`), []);
    },
  },
  {
    name: "locks.withLock() waits for a young lock of another program, then says who holds it",
    everywhere: true,
    async run({ ports: { locks, files }, dir }) {
      const path = `${dir}/l.lock`;
      await files.replace(path, foreignLock(new Date().toISOString()));
      const never = () => Promise.reject(new Error("must not run"));
      const { details } = await refuses(
        "state_contention",
        () => locks.withLock(path, LOCK, never),
      );
      assertEquals(details?.path, path);
      assert(Number(details?.waited_ms) >= 150 && Number(details?.attempts) > 1);
      assertEquals((details?.holder as { pid?: number }).pid, 999_999_999);
      assertEquals((await files.list(dir)).length, 1);
    },
  },
  {
    name: "locks.withLock() takes over an old lock whose owner is gone, and an empty one",
    everywhere: true,
    async run({ ports: { locks, files }, dir }) {
      const path = `${dir}/l.lock`;
      const old = "2020-01-01T00:00:00Z";
      const style = "session" as const;
      for (const more of [{}, { os_lock: true }, { host: "elsewhere" }]) {
        await files.replace(path, foreignLock(old, more));
        assertEquals(await locks.withLock(path, { ...LOCK, style }, () => Promise.resolve(7)), 7);
      }
      await files.replace(path, new Uint8Array());
      const soon = { ...LOCK, waitMs: 3000, staleMs: 50 };
      assertEquals(await locks.withLock(path, soon, () => Promise.resolve(8)), 8);
      assertEquals(await files.list(dir), []);
    },
  },
  {
    name: "locks.withLock() notices that its lock was taken, and leaves the new one alone",
    everywhere: true,
    async run({ ports: { locks, files }, dir }) {
      const path = `${dir}/l.lock`;
      await locks.withLock(path, LOCK, async (lock) => {
        await lock.confirm();
        await files.remove(path);
        await files.create(path, utf8("another's"));
        await refuses("lock_lost", () => lock.confirm());
      });
      assertEquals(text(await files.read(path, LIMIT)), "another's");
    },
  },
  {
    name:
      "locks.withLock() treats a folder in place of the lock as held, and frees after a failure",
    everywhere: true,
    async run({ ports: { locks, files }, dir }) {
      await files.replace(`${dir}/l.lock/x`, utf8("x"));
      await refuses(
        "state_contention",
        () => locks.withLock(`${dir}/l.lock`, { ...LOCK, waitMs: 30 }, () => Promise.resolve()),
      );
      const failing = () => Promise.reject(new Error("work failed"));
      await assertRejects(() => locks.withLock(`${dir}/m.lock`, LOCK, failing), Error, "work");
      assertEquals(await files.stat(`${dir}/m.lock`), undefined);
    },
  },
];

const PROCESSES: readonly HostCase[] = [
  {
    name: "processes.run() feeds, captures and reports the exit code",
    async run({ ports: { processes } }) {
      const ran = await processes.run({
        ...SHELL,
        args: ["-c", "cat; echo $A >&2; exit 3"],
        stdin: utf8("hello"),
        env: { A: "b" },
      });
      assertEquals([text(ran.stdout), text(ran.stderr), ran.exitCode, ran.ended], [
        "hello",
        "b\n",
        3,
        "itself",
      ]);
      const signalled = await processes.run({ ...SHELL, args: ["-c", "kill -TERM $$"] });
      assertEquals(signalled.exitCode, 143);
    },
  },
  {
    name: "processes.run() ends what lasts too long, says too much or does not read",
    async run({ ports: { processes } }) {
      const short = { ...SHELL, timeoutMs: 300 };
      const late = await processes.run({ ...short, args: ["-c", "sleep 20 & sleep 20"] });
      assertEquals(late.ended, "timeout");
      const loud = await processes.run({ ...SHELL, args: ["-c", "yes"] });
      assertEquals([loud.ended, loud.stdout.length], ["output_limit", 1000]);
      const deaf = await processes.run({
        ...short,
        args: ["-c", "sleep 20"],
        stdin: new Uint8Array(1 << 20),
      });
      assertEquals(deaf.ended, "timeout");
      const escaped = await processes.run({ ...short, args: ["-c", "setsid sleep 9 & echo x"] });
      assertEquals(escaped.ended, "timeout");
      const done = await processes.run({ ...SHELL, args: ["-c", "exit 0"], stdin: utf8("unread") });
      assertEquals([done.ended, done.exitCode], ["itself", 0]);
    },
  },
  {
    name: "processes refuse a program that is not there",
    everywhere: true,
    async run({ ports: { processes }, dir }) {
      const command = `${dir}/no-such-program`;
      await refuses("dependency_missing", () => processes.run({ ...SHELL, command, args: [] }));
      await refuses("dependency_missing", () =>
        processes.inherit({
          command,
          args: [],
          cwd: dir,
          withoutVariables: [],
          outputToError: false,
        }));
    },
  },
  {
    name: "processes.inherit() hides variables, changes the folder and gives the exit code",
    async run({ ports: { processes }, dir }) {
      const code = await processes.inherit({
        command: "/bin/sh",
        args: ["-c", 'test -z "$PATH_THAT_IS_HIDDEN" && cd . && touch here && exit 5'],
        cwd: dir,
        withoutVariables: ["PATH_THAT_IS_HIDDEN"],
        outputToError: true,
      });
      assertEquals(code, 5);
    },
  },
];

const REST: readonly HostCase[] = [
  {
    name: "clock readings differ and keep their order, and a wait can be broken off",
    everywhere: true,
    async run({ ports: { clock } }) {
      const readings = Array.from({ length: 1000 }, () => clock.now());
      assert(readings.every((now, i) => i === 0 || now > (readings[i - 1] ?? now)));
      const before = clock.monotonic();
      await clock.sleep(5);
      assert(clock.monotonic() - before >= 4);
      const abort = new AbortController();
      const waiting = clock.sleep(60_000, abort.signal);
      abort.abort(new Error("stop"));
      await assertRejects(() => waiting, Error, "stop");
    },
  },
  {
    name: "env takes names of the language for unset variables",
    everywhere: true,
    run({ ports: { env } }) {
      for (const name of ["__proto__", "constructor", "toString", "NO_SUCH_VARIABLE_OF_GAIT"]) {
        assertEquals(env.get(name), undefined);
      }
      assertEquals(env.names(), env.names().toSorted());
      return Promise.resolve();
    },
  },
  {
    name: "digester and ed25519 agree with RFC 8032 and FIPS 180-4",
    everywhere: true,
    async run({ ports: { digester, ed25519, random } }) {
      const hex = (data: Uint8Array) =>
        Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const digest = hex(await digester.sha256(utf8("abc")));
      assertMatch(digest, /^ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad$/);
      const seed = Uint8Array.from(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".match(/../g) ?? [],
        (byte) => parseInt(byte, 16),
      );
      const key = await ed25519.fromSeed(seed);
      assertMatch(hex(key.publicKey), /^d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68/);
      const message = utf8("");
      const signature = await key.sign(message);
      assertMatch(
        hex(signature),
        /^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155/,
      );
      const check = { publicKey: key.publicKey, message, signature };
      assert(await ed25519.verify(check));
      assertEquals(await ed25519.verify({ ...check, message: utf8("x") }), false);
      assertEquals(await ed25519.verify({ ...check, publicKey: new Uint8Array(31) }), false);
      assertEquals(await ed25519.verify({ ...check, signature: new Uint8Array(64) }), false);
      assertNotEquals(random.bytes(16), random.bytes(16));
    },
  },
  {
    name: "sockets refuse an address where nothing listens",
    async run({ ports: { sockets }, dir }) {
      await refuses("dependency_missing", () => sockets.connectUnix(`${dir}/none.sock`));
    },
  },
];

/** All cases. */
export const HOST_CASES: readonly HostCase[] = [
  ...FILES,
  ...APPENDS,
  ...LOCKS,
  ...PROCESSES,
  ...REST,
];
