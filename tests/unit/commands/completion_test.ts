import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../../../core/commands/frame/table.ts";
import { memoryWorld } from "../../support/memory_ports.ts";
import { run } from "./_run.ts";

/** Whether a program is installed. */
async function has(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

/** Feeds a script to a program. */
async function feed(program: string, args: string[], script: string) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, script);
    const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args, path] })
      .output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(path);
  }
}

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test(`completion ${shell} prints a script that the shell can read`, async () => {
    const { exit, stdout } = await run(memoryWorld(), "completion", shell);
    assertEquals(exit, 0);
    for (const { path } of COMMANDS) assertStringIncludes(stdout, path.at(-1) ?? "?");
    if (!await has(shell)) return;
    assertEquals((await feed(shell, ["-n"], stdout)).stderr, "");
  });
}

Deno.test("completion bash completes commands and flags", async () => {
  if (!await has("bash")) return;
  const { stdout: script } = await run(memoryWorld(), "completion", "bash");
  const ask = (words: string, at: number) =>
    feed(
      "bash",
      [],
      `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=${at}; _gait; echo "\${COMPREPLY[@]}"`,
    );
  assertEquals((await ask("gait ga", 1)).stdout, "gate\n");
  assertEquals((await ask("gait gate ''", 2)).stdout, "eval\n");
  assertStringIncludes((await ask("gait gate eval --pol", 3)).stdout, "--policy");
});

Deno.test("completion refuses other shells with a suggestion", async () => {
  const { exit, json } = await run(memoryWorld(), "completion", "bsh", "--json");
  assertEquals([exit, json.error_code], [6, "unsupported_value"]);
  assert(json.hint.includes("bash"));
});
