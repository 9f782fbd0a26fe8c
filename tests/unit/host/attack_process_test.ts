/** Children that misbehave, and inputs that never end. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { denoProcesses } from "../../../host/deno_process.ts";
import { readFile } from "../../../host/read_file.ts";

const POSIX = Deno.build.os !== "windows";
const SHELL = "/bin/sh";
const LIMITS = { timeoutMs: 300, maxOutputBytes: 1000 } as const;

/** Runs a shell script with captured output. */
async function shell(script: string, change: { stdin?: Uint8Array; blank?: string[] } = {}) {
  const began = performance.now();
  const result = await denoProcesses.run({
    command: SHELL,
    args: ["-c", script],
    ...LIMITS,
    ...(change.stdin === undefined ? {} : { stdin: change.stdin }),
    ...(change.blank === undefined ? {} : { blankVariables: change.blank }),
  });
  return {
    ...result,
    text: new TextDecoder().decode(result.stdout),
    ms: performance.now() - began,
  };
}

Deno.test({
  name: "run() does not wait for a grandchild that left the group and keeps the pipes",
  ignore: !POSIX,
  async fn() {
    const { ended, ms } = await shell("setsid sleep 20 & echo early");
    assertEquals(ended, "timeout");
    assert(ms < 10_000, `waited ${ms} ms`);
  },
});

Deno.test({
  name: "run() ends a child that ignores a long standard input",
  ignore: !POSIX,
  async fn() {
    const { ended } = await shell("sleep 20", { stdin: new Uint8Array(1 << 20) });
    assertEquals(ended, "timeout");
  },
});

Deno.test({
  name: "run() ends a child that floods either stream, and one that forks itself",
  ignore: !POSIX,
  async fn() {
    assertEquals((await shell("yes")).ended, "output_limit");
    assertEquals((await shell("yes >&2")).ended, "output_limit");
    assertEquals((await shell("(yes & yes) | cat")).ended, "output_limit");
    const closed = await shell("exec >&- 2>&-; exit 3");
    assertEquals([closed.ended, closed.exitCode, closed.text], ["itself", 3, ""]);
  },
});

Deno.test({
  name: "run() blanks the variables that hold secrets of ours",
  ignore: !POSIX,
  async fn() {
    Deno.env.set("GAIT_ATTACK_SECRET", "secret");
    try {
      assertEquals((await shell("echo $GAIT_ATTACK_SECRET")).text, "secret\n");
      const { text } = await shell("echo $GAIT_ATTACK_SECRET", { blank: ["GAIT_ATTACK_SECRET"] });
      assertEquals(text, "\n");
    } finally {
      Deno.env.delete("GAIT_ATTACK_SECRET");
    }
  },
});

Deno.test({
  name: "readFile() refuses a named pipe at once and bounds an endless device",
  ignore: !POSIX,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "gait-attack-" });
    try {
      const pipe = `${folder}/config.yaml`;
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      await Deno.symlink(pipe, `${folder}/link`);
      for (const path of [pipe, `${folder}/link`]) {
        const error = assertThrows(() => readFile(path, 100), GaitError);
        assertEquals(error.code, "file_unreadable");
      }
      const endless = assertThrows(() => readFile("/dev/zero", 100), GaitError);
      assertEquals(endless.code, "input_too_large");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
