/** Runs a scenario of a document with real processes in a fresh folder. */

import { ROOT } from "../sources.ts";
import { missingOutput, type Scenario, type ShownCommand } from "./commands.ts";

/** Writes a program `gait` that runs the checkout. */
async function writeLauncher(folder: string): Promise<void> {
  const flags = "--no-prompt --quiet --allow-read --allow-write --allow-env --allow-run";
  const program = `#!/bin/sh\nexec "${Deno.execPath()}" run ${flags} "${ROOT}cli.ts" "$@"\n`;
  await Deno.writeTextFile(`${folder}/gait`, program, { mode: 0o755 });
}

/** Folder of compiled modules, so that a home of its own does not start from nothing. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Why a command did not do what its document says; `undefined` when it did. */
async function judge(
  command: ShownCommand,
  cwd: string,
  env: Record<string, string>,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", command.line],
    cwd,
    env,
    clearEnv: true,
    stdin: "null",
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code !== command.exit) {
    return `$ ${command.line}\nexit ${code}, expected ${command.exit}\n${output}`;
  }
  const missing = missingOutput(command.output, output);
  if (missing.length === 0) return undefined;
  return `$ ${command.line}\nmissing: ${missing.join("\nmissing: ")}\noutput:\n${output}`;
}

/** Writes a file with the folders that its name contains. */
async function writeFile(folder: string, name: string, text: string): Promise<void> {
  const path = `${folder}/${name}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

/** Problems of a scenario; it stops at the first, since later commands build on earlier ones. */
export async function runScenario(scenario: Scenario): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "gait-docs-" });
  try {
    const [bin, home, work] = [`${folder}/bin`, `${folder}/home`, `${folder}/project`];
    for (const path of [bin, home, work]) await Deno.mkdir(path);
    await writeLauncher(bin);
    const path = `${bin}:${Deno.env.get("PATH") ?? "/usr/bin:/bin"}`;
    const coverage = Deno.env.get("DENO_COVERAGE_DIR");
    const env = {
      PATH: path,
      HOME: home,
      NO_COLOR: "1",
      DENO_DIR: await denoDir(),
      ...(coverage === undefined ? {} : { DENO_COVERAGE_DIR: coverage }),
    };
    for (const step of scenario.steps) {
      if (step.kind === "write") {
        await writeFile(work, step.name, step.text);
        continue;
      }
      const problem = await judge(step.command, work, env);
      if (problem !== undefined) return [problem];
    }
    return [];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
