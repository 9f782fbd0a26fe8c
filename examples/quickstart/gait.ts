/**
 * Runs gait's own command line inside this process and hands back what it printed.
 *
 * @module
 */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { VERSION } from "../../version.ts";

/** What a command answered. */
export interface Answer {
  /** Exit code. */
  readonly exit: number;
  /** The JSON object on standard output. */
  readonly json: Record<string, unknown>;
}

/** Runs one command line with `--json`. */
export async function gait(...argv: string[]): Promise<Answer> {
  const ports = denoPorts(VERSION);
  let stdout = "";
  const exit = await runCli([...argv, "--json"], {
    ...ports,
    // The demo runs many commands in one process, so none of them may give up permissions for the rest.
    sandbox: { ...ports.sandbox, drop: () => Promise.resolve() },
    terminal: {
      ...ports.terminal,
      outIsTerminal: false,
      errIsTerminal: false,
      out: (text) => void (stdout += text),
      err: () => {},
    },
  });
  return { exit, json: JSON.parse(stdout) };
}
