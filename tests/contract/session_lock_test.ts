/** The recorded lock cases of the session area, as real processes: they need a real clock and real lock files. */

import { assertEquals } from "@std/assert";
import { type SessionCase, sessionCases, sessionFile } from "../golden/session_cases.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

function stamp(secondsAgo: number): string {
  return new Date(Date.now() - secondsAgo * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Puts the files of a case in place. */
async function place(c: SessionCase, folder: string): Promise<void> {
  for (const [name, source] of Object.entries(c.files)) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof source === "string") {
      await Deno.writeFile(path, sessionFile(source), { mode: 0o600 });
    } else if (source.dir) {
      await Deno.mkdir(path);
    } else {
      const text = (source.template ?? "").replaceAll("{{now}}", stamp(0))
        .replaceAll("{{now-60s}}", stamp(60)).replaceAll("{{pid}}", String(Deno.pid));
      await Deno.writeTextFile(path, text, { mode: 0o600 });
      if (source.mtime !== undefined) {
        await Deno.utime(path, new Date(source.mtime), new Date(source.mtime));
      }
    }
  }
}

/** Runs a case. */
async function run(c: SessionCase, folder: string) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", "-A", CLI, ...c.argv],
    cwd: folder,
    clearEnv: true,
    env: { HOME: `${folder}/home`, PATH: Deno.env.get("PATH") ?? "", ...cacheOf(), ...c.env },
    stderr: "null",
  }).output();
  return { code, json: JSON.parse(new TextDecoder().decode(stdout)) };
}

/** Where the runtime keeps what it compiled; otherwise HOME decides. */
function cacheOf(): Record<string, string> {
  const own = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME") ?? ""}/.cache/deno`;
  return { DENO_DIR: own };
}

for (const c of sessionCases().filter(({ feature }) => feature === "lock")) {
  Deno.test(`session vectors: ${c.id} ${c.title}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await place(c, folder);
      const { code, json } = await run(c, folder);
      const wanted = c.divergence?.wanted;
      const exits = wanted?.exit_codes ?? [c.expect.exit_code];
      assertEquals(exits.includes(code), true, `exit ${code}: ${JSON.stringify(json)}`);
      assertEquals(json.ok, code === 0);
      if (code === 1) {
        assertEquals([json.error_category, json.retryable], ["state_contention", true]);
        assertEquals(typeof json.waited_ms, "number");
      }
      for (const file of c.expect.files_out.filter(({ absent }) => absent)) {
        const left = await Deno.lstat(`${folder}/${file.path}`).catch(() => undefined);
        assertEquals(left, undefined, file.path);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
