/**
 * The program of the npm package. As for the other builds, commands that agents call all the time are bundled
 * by themselves; the rest is split so that a command loads what it needs.
 *
 * @module
 */

import { bundleName, HOT_COMMANDS } from "../bundle/entries.ts";

/** Commands with a bundle of their own; the version is what installers ask first. */
export const HOT: readonly (readonly string[])[] = [...HOT_COMMANDS, ["version"]];

/** Lowest major version that is refused no more; 22 and later are tested as whole. */
const MIN_NODE = 20;

/** Source of a command's own program. */
function hotEntry(path: readonly string[], version: string): string {
  return `import { command } from "../../core/commands/${bundleName(path)}.ts";
import { commandWords } from "../../core/commands/frame/command_words.ts";
import { runEntry } from "../../core/commands/frame/run_entry.ts";
import { process } from "../../host/node/_process.ts";
import { nodePorts } from "../../host/node/ports.ts";
const argv = process.argv.slice(2);
const { words, json } = commandWords(argv);
const line = { argv, tokens: words.slice(${path.length}), json };
const ports = await nodePorts(${JSON.stringify(version)});
process.exit(await runEntry(() => Promise.resolve({ command }), line, ports));
`;
}

/** Source of the whole program. */
function wholeEntry(version: string): string {
  return `import { runCli } from "../../core/commands/frame/run_cli.ts";
import { process } from "../../host/node/_process.ts";
import { cliPorts } from "../../host/node/main.ts";
process.exit(await runCli(process.argv.slice(2), await cliPorts(${JSON.stringify(version)})));
`;
}

/** Sources to bundle by name: `main` is split, each other is one file. */
export function npmEntries(version: string): Map<string, string> {
  const hot = HOT.map((path) => [bundleName(path), hotEntry(path, version)] as const);
  return new Map([["main", wholeEntry(version)], ...hot]);
}

/**
 * The file that npm starts. It is written in the language of old versions, so that they get as far as the
 * sentence that refuses them. Event logs are the whole program's.
 */
export function starter(): string {
  const names = HOT.map((path) => JSON.stringify(path.join(" "))).join(", ");
  return `#!/usr/bin/env node
var major = Number(process.versions.node.split(".")[0]);
if (major < ${MIN_NODE}) {
  console.error("gait needs Node 22 or later; this is Node " + process.versions.node);
  process.exit(7);
}
var args = process.argv.slice(2);
var words = args.slice(args.findIndex((arg) => !/^--?json(=|$)/.test(arg)));
var recorded = process.env.GAIT_OPERATIONAL_LOG || process.env.GAIT_ADOPTION_LOG;
var hot = [${names}].find((name) => name === words.slice(0, name.split(" ").length).join(" "));
import("./" + (recorded || hot === undefined ? "main" : hot.replace(/[ -]/g, "_")) + ".js").catch(
  (error) => {
    console.error("gait cannot start: " + String(error && error.message).split("\\n")[0]);
    process.exit(error && error.code === "ERR_MODULE_NOT_FOUND" ? 7 : 1);
  },
);
`;
}
