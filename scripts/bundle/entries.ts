/**
 * What is bundled: the whole program, and once more by itself each command that agents call all the time. A
 * command's own bundle is a third of the whole, and less code means a faster start.
 *
 * @module
 */

/** Commands with a bundle of their own. */
export const HOT_COMMANDS: readonly (readonly string[])[] = [
  ["enforce"],
  ["gate", "eval"],
  ["policy", "test"],
  ["run", "session", "append"],
  ["trace", "verify"],
];

/** Name of a command's bundle and module, without extension. */
export function bundleName(path: readonly string[]): string {
  return path.join("_").replaceAll("-", "_");
}

/**
 * Commands that carry a SHA-256 of their own: for the few short texts that they hash besides, waking another
 * thread takes longer than hashing.
 */
const SELF_HASHING: ReadonlySet<string> = new Set(["run_session_append"]);

/** Source of a command's own program. */
export function hotEntry(path: readonly string[]): string {
  const name = bundleName(path);
  const digester = SELF_HASHING.has(name) ? ", digester: runningDigester" : "";
  return `import { command } from "../../core/commands/${name}.ts";
import { commandWords } from "../../core/commands/frame/command_words.ts";
import { runEntry } from "../../core/commands/frame/run_entry.ts";
import { runningDigester } from "../../core/digest/running_digester.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { VERSION } from "../../version.ts";
const { words, json } = commandWords(Deno.args);
const line = { argv: Deno.args, tokens: words.slice(${path.length}), json };
const ports = { ...denoPorts(VERSION)${digester} };
Deno.exit(await runEntry(() => Promise.resolve({ command }), line, ports));
`;
}

/** Source of the whole program. Services come from a bundle of their own, which other commands do not load. */
export const WHOLE_ENTRY = `import { runCli } from "../../core/commands/frame/run_cli.ts";
import { fromPlainError } from "../../core/base/plain_error.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { denoSegments } from "../../host/deno_segments.ts";
import { VERSION } from "../../version.ts";
async function start(config) {
  const { serve } = await import(new URL("server.js", import.meta.url).href);
  const { running, refusal } = await serve(config);
  if (refusal !== undefined) throw fromPlainError(refusal);
  return running;
}
const services = { start };
Deno.exit(await runCli(Deno.args, { ...denoPorts(VERSION), services, segments: denoSegments }));
`;

/**
 * Source of the services. A bundle has an error class of its own, so refusals cross as plain data. Its workers are
 * the same file under their names: most of their code is the services' own.
 */
const SERVER_ENTRY = `import { toGaitError } from "../../core/base/errors.ts";
import { toPlainError } from "../../core/base/plain_error.ts";
import { serve as start } from "../../server.ts";
export async function serve(config) {
  try {
    return { running: await start(config) };
  } catch (error) {
    return { refusal: toPlainError(toGaitError(error)) };
  }
}
if (globalThis.name === "gait-service") await import("../../server_worker.ts");
if (globalThis.name === "gait-evidence") await import("../../evidence_worker.ts");
`;

/** Services, which may use the runtime's `node:` modules: they live long. */
export const SERVICE_ENTRIES: ReadonlyMap<string, string> = new Map([["server", SERVER_ENTRY]]);

/** A bundle whose workers are the file of the services. */
export function withBundledWorker(text: string): string {
  return text.replace(/\.\/(?:server|evidence)_worker\.ts/g, "./server.js");
}

/**
 * Source of the file that is started: it chooses the bundle by the command's words. The specifier is computed
 * so that the runtime does not load every bundle in advance. Only the whole program records itself in event
 * logs, so it runs when one is asked for. No closures, `URL` or needless pattern: each would be compiled
 * or loaded before the command is.
 */
export function dispatcher(): string {
  return `const hot=${JSON.stringify(HOT_COMMANDS)};
const args=Deno.args;
let from=0;
while(args[from]?.startsWith("-")&&/^--?json(=|$)/.test(args[from]))from++;
let name="all";
for(const path of hot){
let same=0;
while(same<path.length&&args[from+same]===path[same])same++;
if(same===path.length)name=path.join("_");
}
try{if(Deno.env.get("GAIT_OPERATIONAL_LOG")||Deno.env.get("GAIT_ADOPTION_LOG"))name="all";}catch{}
const file="./"+name+".js";
try{await import(file);}catch(e){
console.error("gait cannot start: "+String(e&&e.message).split("\\n")[0]);Deno.exit(7);}
`;
}
