/**
 * The permissions of an isolated service: its own directories, files and address, nothing else (design §5).
 *
 * @module
 */

import { COMMAND_ALLOWLIST_ENV } from "../credential/command.ts";
import { DEFAULT_CREDENTIAL_ENV_PREFIX } from "../credential/issue.ts";
import { SESSION_LOCK_VARIABLES } from "../journal/lock_settings.ts";
import type { KeyLocation, ServiceConfig } from "../ports/service.ts";
import { parseListen, urlAddress } from "../base/listen_address.ts";
import { otlpUrl } from "./observe/otlp_exporter.ts";
import { otlpHeaderVariables } from "../export/otlp_headers.ts";

/** Values of each kind. */
export interface WorkerNeeds {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[];
  readonly env: readonly string[];
}

/** Permissions of an isolated service and of the thread that writes its evidence. */
export interface IsolatedNeeds {
  readonly service: WorkerNeeds;
  /** `undefined` when the service writes by itself. */
  readonly evidence: WorkerNeeds | undefined;
}

/** Directory of a file. */
function directoryOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "." : path.slice(0, cut) || "/";
}

/** Texts that say something. */
function filled(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ""))];
}

/** Files of a key. */
function keyFiles({ publicKey, privateKey }: KeyLocation): string[] {
  return [publicKey, privateKey];
}

/** Variables of a key. */
function keyVariables({ publicKeyEnv, privateKeyEnv }: KeyLocation): string[] {
  return [publicKeyEnv, privateKeyEnv];
}

/** Directories that the service writes to. A log needs its directory: it is locked and rotated there. */
function writableDirectories(config: ServiceConfig): string[] {
  const { exports, accessLog, rateLimitState, approvalStore } = config;
  const files = [exports.log, exports.otel, rateLimitState, approvalStore];
  if (accessLog !== "off" && accessLog !== "stderr") files.push(accessLog);
  return filled([
    config.traceDir.trim() || ".",
    config.sessionDir.trim() || ".",
    config.runpackDir,
    ...filled(files).map(directoryOf),
  ]);
}

/** Variables of the env broker; a blank prefix stands for the default, never for every variable. */
function brokerVariables({ broker }: ServiceConfig): string {
  if (broker.kind.trim().toLowerCase() !== "env") return "";
  // The runtime takes a star at the end for every variable that begins so.
  return `${broker.envPrefix.trim() || DEFAULT_CREDENTIAL_ENV_PREFIX}*`;
}

/** What the evidence thread needs: it writes traces and journals, and keys are none of its business. */
export function evidenceNeeds(config: ServiceConfig): WorkerNeeds {
  const write = filled([config.traceDir.trim() || ".", config.sessionDir.trim() || "."]);
  return { read: write, write, net: [], env: SESSION_LOCK_VARIABLES };
}

/** What the service needs. */
export function workerNeeds(config: ServiceConfig): WorkerNeeds {
  const { hostname, port } = parseListen(config.listen);
  const keys = [config.signing, config.approvalKey, config.delegationKey];
  const write = writableDirectories(config);
  const host = hostname === "" ? "0.0.0.0" : hostname;
  const endpoint = config.exports.otlpEndpoint;
  const collector = endpoint === "" ? [] : [urlAddress(new URL(otlpUrl(endpoint)))];
  return {
    read: filled([
      ...write,
      config.policy.path,
      config.auth.tokensFile,
      config.approverKeys,
      config.tlsCert,
      config.tlsKey,
      ...keys.flatMap(keyFiles),
    ]),
    write,
    net: [host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`, ...collector],
    env: filled([
      config.auth.tokenEnv,
      ...otlpHeaderVariables(config.exports.otlpHeaders),
      ...keys.flatMap(keyVariables),
      ...SESSION_LOCK_VARIABLES,
      COMMAND_ALLOWLIST_ENV,
      brokerVariables(config),
    ]),
  };
}
