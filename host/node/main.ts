/**
 * The command line program under Node: real ports, arguments in, exit code out.
 *
 * @module
 */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import { VERSION } from "../../version.ts";
import { nodePorts } from "./ports.ts";
import { process } from "./_process.ts";

process.exit(await runCli(process.argv.slice(2), await nodePorts(VERSION)));
