/**
 * Opens everything that decisions need: policy, keys, directories, sessions. What is missing or wrong keeps
 * the service from starting (divergence W1).
 *
 * @module
 */

import { type ApprovalKeys, readApproverKeyring } from "../approval/keys.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { lower, trim } from "../base/text_rules.ts";
import { readBrokerKind } from "../credential/request.ts";
import { loadPolicy } from "../enforce/loaded_policy.ts";
import type { EnforceRequest } from "../enforce/request.ts";
import type { KeyWarning } from "../keys/key_warning.ts";
import { resolveSigningKey, type SigningKey } from "../keys/resolve_signing_key.ts";
import { resolveVerifyKey } from "../keys/resolve_verify_key.ts";
import type { ServiceConfig } from "../ports/service.ts";
import type { CheckedConfig } from "./check_config.ts";
import type { Decider, ServiceDirectories } from "./decide/decide_request.ts";
import type { ServiceDirectory } from "./decide/path_policy.ts";
import { keyVariables } from "./key_variables.ts";
import { PolicyHolder } from "./policy/policy_holder.ts";
import type { ServicePorts } from "../ports/service_ports.ts";
import { cleanPath } from "../session/session_paths.ts";

/** The parts of a decider that come from the configuration. */
export type OpenedDecider =
  & Pick<Decider, "policy" | "enforcement" | "adapter" | "clientPaths" | "directories">
  & { readonly key: SigningKey; readonly warnings: readonly KeyWarning[] };

/** Makes a directory and finds out where it really is. */
async function openDirectory(path: string, ports: ServicePorts): Promise<ServiceDirectory> {
  await ports.directories.ensure(path).catch((error: unknown) => {
    if (!(error instanceof GaitError) || error.code !== "io_failure") throw error;
    // A path that leads nowhere is a wrong setting (spec 04 §1.3).
    throw new GaitError("path_not_allowed", error.message, { cause: error });
  });
  return { path, realPath: await ports.files.realPath(path) };
}

/** Directory as answers and journals name it: cleaned, as in the reference; blank is the working directory. */
function directoryPath(text: string): string {
  return cleanPath(trim(text));
}

/** Makes all directories. */
async function openDirectories(
  config: ServiceConfig,
  ports: ServicePorts,
): Promise<ServiceDirectories> {
  const runpack = trim(config.runpackDir);
  return {
    trace: await openDirectory(directoryPath(config.traceDir), ports),
    runpack: runpack === "" ? undefined : await openDirectory(directoryPath(runpack), ports),
    session: await openDirectory(directoryPath(config.sessionDir), ports),
  };
}

/** Keys that may approve: a keyring that binds identities, or one shared key. */
async function approvalKeys(
  config: ServiceConfig,
  ports: ServicePorts,
): Promise<ApprovalKeys | undefined> {
  const shared = await resolveVerifyKey(config.approvalKey, ports);
  if (config.approverKeys === "") return shared && { kind: "shared", keys: [shared] };
  const data = await ports.files.read(config.approverKeys, { maxBytes: LIMITS.configBytes });
  return await readApproverKeyring(data, {
    source: config.approverKeys,
    digester: ports.digester,
  });
}

/** The enforcement request without what differs from call to call. */
async function openEnforcement(
  config: ServiceConfig,
  opened: { readonly checked: CheckedConfig; readonly key: SigningKey },
  ports: ServicePorts,
): Promise<Omit<EnforceRequest, "intent" | "policy" | "outputs">> {
  const approval = await approvalKeys(config, ports);
  const shared = await resolveVerifyKey(config.approvalKey, ports);
  const delegation = await resolveVerifyKey(config.delegationKey, ports) ?? shared;
  const { broker } = config;
  // One public key file for the process is written at start; see `writeDevKey`.
  const signing = { signer: opened.key.signer, ephemeral: false };
  return {
    profile: opened.checked.profile,
    simulate: false,
    signing: () => Promise.resolve(signing),
    keyVariables: keyVariables(config),
    approval: {
      tokens: () => Promise.resolve([]),
      keys: approval,
      reference: "",
      storePath: config.approvalStore,
    },
    delegation: { tokens: () => Promise.resolve([]), keys: delegation && [delegation] },
    broker: { ...broker, kind: readBrokerKind(broker.kind || "off") },
    rateLimitState: config.rateLimitState,
    correlationId: "",
  };
}

/**
 * Opens the parts.
 *
 * @throws GaitError for every reason not to start
 */
export async function openDecider(
  config: ServiceConfig,
  checked: CheckedConfig,
  ports: ServicePorts,
): Promise<OpenedDecider> {
  const { fsCase } = checked;
  const path = trim(config.policy.path);
  if (path === "-") {
    throw new GaitError("usage", "Cannot read the policy of a service from standard input");
  }
  const policy = await PolicyHolder.open({
    load: () => loadPolicy(path, ports, fsCase === undefined ? {} : { fsCase }),
    onError: checked.onPolicyError,
    pinned: config.policy.digest,
  });
  const keyMode = lower(trim(config.signing.keyMode)) || "dev";
  const key = await resolveSigningKey({ ...config.signing, keyMode }, ports);
  const enforcement = await openEnforcement(config, { checked, key }, ports);
  return {
    policy,
    enforcement,
    adapter: checked.adapter,
    clientPaths: config.clientPaths,
    directories: await openDirectories(config, ports),
    key,
    warnings: key.warnings,
  };
}
