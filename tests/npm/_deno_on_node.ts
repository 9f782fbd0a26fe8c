/**
 * The little of `Deno` that in-process suites use, over Node, so that the same test files run on Node's engine.
 * Tests register as under Deno and run when `runAll` is called.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";

interface Definition {
  readonly name: string;
  readonly ignore?: boolean;
  readonly fn: () => void | Promise<void>;
}

const tests: Definition[] = [];

function test(first: string | Definition, second?: Definition["fn"]): void {
  if (typeof first !== "string") tests.push(first);
  else if (second !== undefined) tests.push({ name: first, fn: second });
}

/** Bytes without the ways of a library buffer. */
function plain(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data);
}

Object.assign(globalThis, {
  Deno: {
    test,
    build: { os: process.platform === "win32" ? "windows" : process.platform },
    env: { get: (name: string) => process.env[name] },
    readDirSync: (path: URL) =>
      fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        isDirectory: entry.isDirectory(),
        isFile: entry.isFile(),
      })),
    readFileSync: (path: URL) => plain(fs.readFileSync(path)),
    readTextFileSync: (path: URL) => fs.readFileSync(path, "utf8"),
    readTextFile: (path: URL) => Promise.resolve(fs.readFileSync(path, "utf8")),
  },
});

// What the tests themselves use and Node 20 lacks.
Map.groupBy ??= function <K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K) {
  const out = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    out.set(key, [...out.get(key) ?? [], item]);
  }
  return out;
};

/** Runs what has been registered; prints failures and the number of tests. */
export async function runAll(): Promise<number> {
  let failed = 0;
  for (const { name, ignore, fn } of tests) {
    if (ignore) continue;
    try {
      await fn();
    } catch (error) {
      failed++;
      const text = error instanceof Error ? error.stack ?? error.message : String(error);
      process.stdout.write(`FAILED ${name}\n${text.slice(0, 4000)}\n`);
    }
  }
  process.stdout.write(`${tests.length} tests, ${failed} failed\n`);
  return failed;
}
