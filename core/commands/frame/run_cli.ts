/**
 * From the command line to an exit code.
 *
 * @module
 */

import type { Ports } from "../../ports/ports.ts";
import { telemetryWanted } from "../../telemetry/wanted.ts";
import type { Warning } from "./command.ts";
import { commandWords, isJsonFlag } from "./command_words.ts";
import { runAnswer, runEntry } from "./run_entry.ts";
import { findCommand } from "./table.ts";

/** Runs a command line whose words are found. */
async function runLine(
  line: { readonly argv: readonly string[]; readonly warnings?: readonly Warning[] },
  ports: Ports,
): Promise<number> {
  const { words, json } = commandWords(line.argv);
  const entry = findCommand(words);
  if (entry !== undefined) {
    return await runEntry(
      entry.load,
      { ...line, tokens: words.slice(entry.path.length), json },
      ports,
    );
  }
  return await runAnswer(
    async () => {
      const { withoutCommand } = await import("./without_command.ts");
      return await withoutCommand(words.filter((word) => !isJsonFlag(word)), ports);
    },
    { ...line, tokens: words, json },
    ports,
  );
}

/**
 * Runs one command line.
 *
 * @param argv Arguments behind the program name.
 * @param ports The world.
 * @returns The exit code of the process (spec 01 §2.1).
 */
export async function runCli(argv: readonly string[], ports: Ports): Promise<number> {
  if (!telemetryWanted(ports.env)) return await runLine({ argv }, ports);
  const { runRecorded } = await import("./run_recorded.ts");
  return await runRecorded(argv, ports, runLine);
}
