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

/** Source of a command's own program. */
export function hotEntry(path: readonly string[]): string {
  return `import { command } from "../../core/commands/${bundleName(path)}.ts";
import { commandWords } from "../../core/commands/frame/command_words.ts";
import { runEntry } from "../../core/commands/frame/run_entry.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { VERSION } from "../../version.ts";
const { words, json } = commandWords(Deno.args);
const line = { argv: Deno.args, tokens: words.slice(${path.length}), json };
Deno.exit(await runEntry(() => Promise.resolve({ command }), line, denoPorts(VERSION)));
`;
}

/** Source of the whole program. Services come from a bundle of their own, which other commands do not load. */
export const WHOLE_ENTRY = `import { runCli } from "../../core/commands/frame/run_cli.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { VERSION } from "../../version.ts";
const services = {
  start: async (config) => await (await import(new URL("server.js", import.meta.url).href)).serve(config),
};
Deno.exit(await runCli(Deno.args, { ...denoPorts(VERSION), services }));
`;

/** Source of the services, the one bundle that may use the runtime's `node:` modules: it lives long. */
export const SERVER_ENTRY = `export { serve } from "../../server.ts";
`;

/**
 * Source of the file that is started: it chooses the bundle by the command's words. The specifier is computed
 * so that the runtime does not load every bundle in advance. Only the whole program records itself in event
 * logs, so it runs when one is asked for.
 */
export function dispatcher(): string {
  const names = HOT_COMMANDS.map((path) => JSON.stringify(path.join(" "))).join(",");
  return `const hot=[${names}];
const words=Deno.args.slice(Deno.args.findIndex((a)=>!/^--?json(=|$)/.test(a)));
let recorded=false;
try{recorded=!!(Deno.env.get("GAIT_OPERATIONAL_LOG")||Deno.env.get("GAIT_ADOPTION_LOG"));}catch{}
const fit=hot.find((h)=>h===words.slice(0,h.split(" ").length).join(" "));
const name=recorded?"all":fit??"all";
await import(new URL(name.replaceAll(" ","_")+".js",import.meta.url).href);
`;
}
