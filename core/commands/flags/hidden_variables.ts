/**
 * Variables that hold our own secrets and are none of a child's business.
 *
 * @module
 */

import { DEFAULT_CREDENTIAL_ENV_PREFIX } from "../../credential/issue.ts";
import type { EnforceRequest } from "../../enforce/request.ts";
import type { CommandContext } from "../frame/command.ts";

/** Names of the variables to hide from an enforced command. */
export function hiddenVariables(request: EnforceRequest, context: CommandContext): string[] {
  const { ports } = context;
  const { envPrefix } = request.broker;
  // Also with another broker: what carries the prefix is meant for a broker, never for a child. The usual
  // prefix stays hidden when another one is set, as a project's own file may do.
  const prefixes = [DEFAULT_CREDENTIAL_ENV_PREFIX, envPrefix].filter((prefix) => prefix !== "");
  const tokens = ports.env.names().filter((name) =>
    prefixes.some((prefix) => name.startsWith(prefix))
  );
  return [...tokens, ...request.keyVariables];
}
