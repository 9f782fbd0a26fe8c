/**
 * Checks the logs of a service before it starts: one that cannot be appended to would fail every request
 * (divergence W1), and one that is the policy or a key would destroy it.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { trim } from "../../base/text_rules.ts";
import { checkDistinctFiles, checkOutputPath } from "../../enforce/output_path.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ServiceConfig } from "../../ports/service.ts";

/** Logs that the service appends to, by what is written there; "" for none. */
function logsOf({ exports, accessLog }: ServiceConfig): Record<string, string> {
  const access = trim(accessLog);
  return {
    "log export": exports.log,
    "otel export": exports.otel,
    "access log": access === "off" || access === "stderr" ? "" : access,
  };
}

/** Files that the service reads or keeps; "" for those that it does not have. */
function filesOf(config: ServiceConfig): string[] {
  const { approvalKey, delegationKey, signing } = config;
  return [
    config.policy.path,
    config.auth.tokensFile,
    config.tlsCert,
    config.tlsKey,
    config.approverKeys,
    config.approvalStore,
    config.rateLimitState,
    ...[signing, approvalKey, delegationKey].flatMap((key) => [key.publicKey, key.privateKey]),
  ].map(trim);
}

/** Refuses a directory. A link is refused when it is written to: it can come and go while the service runs. */
async function checkAppendable(what: string, path: string, ports: Ports): Promise<void> {
  if ((await ports.files.stat(path))?.kind !== "directory") return;
  throw new GaitError(
    "path_not_allowed",
    `Cannot append the ${what} to ${path}: it is a directory`,
  );
}

/**
 * Checks where a service appends.
 *
 * @throws GaitError `path_not_allowed`
 */
export async function checkServeOutputs(config: ServiceConfig, ports: Ports): Promise<void> {
  const logs = logsOf(config);
  for (const [what, path] of Object.entries(logs)) {
    if (path === "") continue;
    checkOutputPath(path, what);
    await checkAppendable(what, path, ports);
  }
  await checkDistinctFiles(logs, filesOf(config), ports.files);
}
