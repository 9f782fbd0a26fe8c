/**
 * The command line program: real ports, arguments in, exit code out.
 *
 * @module
 */

import { runCli } from "./core/commands/frame/run_cli.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { VERSION } from "./version.ts";

if (import.meta.main) {
  Deno.exit(await runCli(Deno.args, denoPorts(VERSION)));
}
