/**
 * Variables that hold our own secrets and are none of a child's business.
 *
 * @module
 */

import type { EnforceRequest } from "../../enforce/request.ts";
import type { CommandContext } from "../frame/command.ts";

/** Names of the variables to hide from an enforced command. */
export function hiddenVariables(request: EnforceRequest, context: CommandContext): string[] {
  const { ports } = context;
  const { envPrefix } = request.broker;
  // Also with another broker: what carries the prefix is meant for a broker, never for a child.
  const tokens = envPrefix === ""
    ? []
    : ports.env.names().filter((name) => name.startsWith(envPrefix));
  return [...tokens, ...request.keyVariables];
}
