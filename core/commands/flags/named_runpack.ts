/**
 * The runpack that a command works on: a flag or a positional.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import type { Arguments } from "../frame/command.ts";

/**
 * Reads the name of a runpack.
 *
 * @param args Parsed arguments.
 * @param flag Name of the flag.
 * @throws GaitError `usage` when none or two are given
 */
export function namedRunpack(args: Arguments, flag: string): string {
  const [positional = ""] = args.positionals;
  const named = args.text(flag);
  if (named !== "" && positional !== "") {
    throw new GaitError("usage", `Name the runpack once: --${flag} or a positional argument`);
  }
  const name = named || positional;
  if (name === "") {
    throw new GaitError("usage", "No runpack is given", {
      hint: `pass --${flag} with a run id or a path`,
    });
  }
  return name;
}
