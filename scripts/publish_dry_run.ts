/**
 * Task `publish:dry-run`: everything that the registry would check, over a copy that has the release
 * configuration: no stand-ins, no lock file, no tools. `--version 1.2.3` sets the version.
 *
 * @module
 */

import { makeStage } from "./release/stage.ts";
import { releaseVersion } from "./release/version.ts";
import { releaseConfig } from "./release_config.ts";
import { runDeno } from "./run_deno.ts";
import { conclude } from "./terminal.ts";

/** Parts of the stage that never ship. */
const TOOLS = ["deno.lock", "examples", "links", "scripts"];

/** Files that must not be published, from the list that the dry run prints. */
export function strayFiles(output: string, stage: string): string[] {
  const listed = output.split("\n").flatMap((line) => {
    const at = line.indexOf(stage);
    return at < 0 ? [] : [line.slice(at + stage.length).replace(/ \(.*$/, "").trim()];
  });
  const stray = listed.filter((path) => /^(dist|examples|links|perf|scripts|tests)\//.test(path));
  return listed.includes("mod.ts") ? stray : ["the dry run lists no mod.ts"];
}

if (import.meta.main) {
  const version = releaseVersion(Deno.args);
  const stage = await makeStage(version);
  for (const name of TOOLS) await Deno.remove(stage + name, { recursive: true });
  const config = JSON.parse(await Deno.readTextFile(`${stage}deno.json`));
  await Deno.writeTextFile(
    `${stage}deno.json`,
    JSON.stringify(releaseConfig(config, "./"), null, 2),
  );
  const run = await runDeno(["publish", "--dry-run", "--allow-dirty"], {
    cwd: stage,
    env: { NO_COLOR: "1" },
  });
  const output = run.stdout + run.stderr;
  const findings = run.success ? strayFiles(output, stage) : [output.trim()];
  if (/^(?:warning|error)\b/im.test(output)) findings.push(output.trim());
  conclude(findings, `The dry run of version ${version} is clean`);
}
