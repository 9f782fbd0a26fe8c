/**
 * Permissions of the commands that decide about a call.
 *
 * @module
 */

import { COMMAND_ALLOWLIST_ENV } from "../../credential/command.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import type { Arguments } from "../frame/command.ts";
import { CONFIG_VARIABLES } from "./config_flags.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./needs.ts";

/** Flags that name a variable to read. */
const VARIABLE_FLAGS = [
  "private-key-env",
  "approval-public-key-env",
  "approval-private-key-env",
  "delegation-public-key-env",
  "delegation-private-key-env",
];

/** Further variables of every decision. */
const BROKER_VARIABLES = [COMMAND_ALLOWLIST_ENV, "NO_COLOR", "TERM"];

/** Needs of a command line. The configuration may name further variables and programs. */
export function gateNeeds(args: Arguments): readonly PermissionNeed[] {
  const named = VARIABLE_FLAGS.map((flag) => args.text(flag)).filter((name) => name !== "");
  const broker = args.text("credential-broker");
  const wholeEnvironment = broker === "env" || !args.flag("no-config");
  const runs = args.given("signer-command") || broker === "command" || !args.flag("no-config");
  const why = "configuration, key sources, credential broker";
  return [
    INPUT_NEED,
    OUTPUT_NEED,
    wholeEnvironment
      ? { kind: "env", why }
      : { kind: "env", values: [...CONFIG_VARIABLES, ...BROKER_VARIABLES, ...named], why },
    ...(args.given("signer-socket")
      ? [
        {
          kind: "net",
          values: [`unix:${args.text("signer-socket")}`],
          why: "signing agent",
        } as const,
      ]
      : []),
    ...(runs ? [{ kind: "run", why: "external signer, credential command" } as const] : []),
  ];
}
