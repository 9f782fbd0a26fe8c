/**
 * Variables that hold the service's own secrets: commands that it runs see them empty.
 *
 * @module
 */

import type { ServiceConfig } from "../ports/service.ts";
import { otlpHeaderVariables } from "../export/otlp_headers.ts";

/** Names of these variables. */
export function keyVariables(config: ServiceConfig): string[] {
  return [
    config.signing.privateKeyEnv,
    config.approvalKey.privateKeyEnv,
    config.delegationKey.privateKeyEnv,
    config.auth.tokenEnv,
    ...otlpHeaderVariables(config.exports.otlpHeaders),
  ].filter((name) => name !== "");
}
