/**
 * Runs a command line with its start and end recorded in the local event logs (spec 03 §10).
 *
 * @module
 */

import type { Ports } from "../../ports/ports.ts";
import { recordStart } from "../../telemetry/record_command.ts";
import type { Warning } from "./command.ts";
import { commandWords } from "./command_words.ts";
import { correlationId } from "./correlation.ts";
import { findCommand } from "./table.ts";

/** Runs a command line. */
type RunLine = (
  line: { readonly argv: readonly string[]; readonly warnings: readonly Warning[] },
  ports: Ports,
) => Promise<number>;

/** Ports whose files stay usable for the end event, whatever the command gives up. */
function withKeptFiles(ports: Ports): Ports {
  const { sandbox } = ports;
  return {
    ...ports,
    sandbox: {
      enforced: sandbox.enforced,
      query: (need) => sandbox.query(need),
      async drop(kind) {
        if (kind !== "read" && kind !== "write" && kind !== "env") await sandbox.drop(kind);
      },
    },
  };
}

/**
 * Runs a command line and records it. Telemetry never changes the exit code.
 *
 * @param argv Arguments behind the program name.
 * @param ports The world.
 * @param runLine Runs the line itself.
 */
export async function runRecorded(
  argv: readonly string[],
  ports: Ports,
  runLine: RunLine,
): Promise<number> {
  const { words } = commandWords(argv);
  const entry = findCommand(words);
  const facts = {
    words,
    ...(entry !== undefined && { command: entry.path }),
    onlyText: argv.some((token) => /^--?(help|explain|h)$/.test(token)),
    correlationId: await correlationId(["gait", ...argv], ports.digester),
    version: ports.version,
    os: ports.platform,
    arch: ports.architecture ?? "unknown",
  };
  const recorded = await recordStart(facts, ports);
  const warnings = recorded.failures.map((message): Warning => ({
    code: "telemetry_write_failed",
    message,
    severity: "warning",
  }));
  const exit = await runLine({ argv, warnings }, withKeptFiles(ports));
  await recorded.end(exit);
  return exit;
}
