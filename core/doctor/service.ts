/**
 * What a running service says about itself, beside what the configuration says (divergences O1, W8).
 *
 * @module
 */

import type { JsonValue } from "../base/json_value.ts";
import { isLoopback, parseListen } from "../base/listen_address.ts";
import { lower, trim } from "../base/text_rules.ts";
import { isJsonObject } from "../base/json_value.ts";
import { resolveSigningKey } from "../keys/resolve_signing_key.ts";
import { causeOf, type Check, checkOf, failed, type Finding, finding, passed } from "./check.ts";
import { withoutProcesses } from "./external_program.ts";
import { below, needRegular } from "./look.ts";
import { hasService } from "./production_settings.ts";
import { askService, type ServiceAnswer } from "./service_answer.ts";
import { type DoctorPorts, projectValue, type Subject } from "./subject.ts";

/** Settings as a service tells them. */
type Told = Extract<ServiceAnswer, { kind: "settings" }>["settings"];

/** A text of the answer; "" for anything else. */
function textOf(told: Told, name: string): string {
  const value = Object.hasOwn(told, name) ? told[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** A value of the answer as text, to compare and to show. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "(not told)";
  return typeof value === "object" ? "(not a plain value)" : String(value);
}

/** Whether a member is exactly `true`. */
function isOn(told: Told, name: string): boolean {
  return Object.hasOwn(told, name) && told[name] === true;
}

/** How loud a difference is: in production nothing may differ. */
function level({ request }: Subject): "warn" | "fail" {
  return request.production ? "fail" : "warn";
}

/** Whether a listen address is this machine's alone. */
function listensLocally(told: Told): boolean {
  try {
    return isLoopback(parseListen(textOf(told, "listen")).hostname);
  } catch {
    return false;
  }
}

/** Who may ask the service. An override of the loopback rule is critical (divergence W8). */
function accessCheck(told: Told, subject: Subject): Check {
  const name = "service_access";
  const hasToken = textOf(told, "auth_mode") === "token";
  if (isOn(told, "unsafe_allow_unauthenticated") || (!hasToken && !listensLocally(told))) {
    const message = "the service answers everybody without a token";
    const hint = "restart it with --auth-mode token and without --unsafe-allow-unauthenticated";
    return { ...failed(name, message, { hint }), severity: "critical" };
  }
  if (isOn(told, "unsafe_any_path")) {
    const hint = "restart it without --unsafe-any-path";
    const message = "clients of the service may name any file for their evidence";
    return { ...failed(name, message, { hint }), severity: "critical" };
  }
  const findings: Finding[] = [];
  if (!hasToken) {
    const hint = "restart it with --auth-mode token";
    findings.push(
      finding(level(subject), "every local program may ask the service: it wants no token", {
        hint,
      }),
    );
  }
  if (isOn(told, "allow_client_artifact_paths")) {
    const text = "clients of the service may name the files of their evidence";
    findings.push(finding(level(subject), text));
  }
  const isOpen = !listensLocally(told) && !isOn(told, "tls") && !isOn(told, "behind_tls_proxy");
  if (isOpen) findings.push(finding("fail", "tokens travel to the service in plain text"));
  return checkOf(name, findings, "the service wants a token");
}

/** Keys of the configuration, and the members of the answer that must say the same. */
const SAME: readonly (readonly [key: string, member: string, fallback: string])[] = [
  ["gate.profile", "profile", "standard"],
  ["gate.key_mode", "key_mode", "dev"],
  ["gate.credential_broker", "credential_broker", "off"],
  ["mcp_serve.listen", "listen", ""],
  ["mcp_serve.auth_mode", "auth_mode", ""],
  ["mcp_serve.auth_token_env", "auth_token_env", ""],
  ["mcp_serve.max_request_bytes", "max_request_bytes", ""],
  ["mcp_serve.http_verdict_status", "http_verdict_status", ""],
  ["mcp_serve.allow_client_artifact_paths", "allow_client_artifact_paths", ""],
];

/** Whether two addresses are one: names of loopback are alike, and port 0 is any. */
function sameAddress(wanted: string, actual: string): boolean {
  try {
    const [a, b] = [parseListen(wanted), parseListen(actual)];
    const sameHost = a.hostname === b.hostname ||
      (isLoopback(a.hostname) && isLoopback(b.hostname));
    return sameHost && (a.port === b.port || a.port === 0);
  } catch {
    return false;
  }
}

/** Settings of the file that the service does not have. */
function differences(told: Told, subject: Subject): Finding[] {
  const out: Finding[] = [];
  for (const [key, member, fallback] of SAME) {
    const isFree = key.startsWith("gate.") ? fallback : "";
    const wanted = lower(trim(projectValue(subject, key))) || isFree;
    if (wanted === "") continue;
    const actual = shown(Object.hasOwn(told, member) ? told[member] : undefined);
    if (lower(actual) === wanted || (member === "listen" && sameAddress(wanted, actual))) continue;
    out.push(
      finding(level(subject), `${key} is ${wanted} in the file and ${actual} in the service`),
    );
  }
  return out;
}

/** Whether the service keeps evidence for ever, against the file. */
function retentionFindings(told: Told, subject: Subject): Finding[] {
  const retention = Object.hasOwn(told, "retention") ? told.retention : undefined;
  const hasAge = (kind: string): boolean => {
    const bounds = isJsonObject(retention) && Object.hasOwn(retention, kind)
      ? retention[kind]
      : null;
    return isJsonObject(bounds) && typeof bounds.maxAgeMs === "number" && bounds.maxAgeMs > 0;
  };
  return ["trace", "session"]
    .filter((kind) => projectValue(subject, `retention.${kind}_ttl`) !== "" && !hasAge(kind))
    .map((kind) =>
      finding("warn", `retention.${kind}_ttl is set, but the service removes no ${kind}s by age`, {
        hint: `restart the service with --${kind}-max-age`,
      })
    );
}

/** What the service itself warns about. */
function ownWarnings(told: Told): Finding[] {
  const list = Object.hasOwn(told, "warning_details") ? told.warning_details : [];
  if (!Array.isArray(list)) return [];
  return list.filter(isJsonObject)
    .filter(({ severity }) => severity === "critical")
    .map(({ code }) => finding("fail", `the service warns: ${shown(code)}`));
}

/** Whether the service runs with the settings of the file. */
function settingsCheck(told: Told, subject: Subject, ports: DoctorPorts): Check {
  const findings = [...ownWarnings(told)];
  if (hasService(subject)) {
    findings.push(...differences(told, subject), ...retentionFindings(told, subject));
  }
  const version = textOf(told, "version");
  if (version !== ports.version) {
    findings.push(
      finding("warn", `the service is version ${version}, this program is ${ports.version}`),
    );
  }
  const hint = "restart the service with --config, or correct the file";
  const result = checkOf("service_settings", findings, "the service has the settings of the file");
  return result.status === "pass" || result.hint !== undefined ? result : { ...result, hint };
}

/** Digest of the configured policy; "" when it does not load, which another check tells. */
async function configuredDigest(subject: Subject): Promise<string> {
  if (projectValue(subject, "gate.policy") === "") return "";
  try {
    return (await subject.policy()).digest;
  } catch (error) {
    causeOf(error);
    return "";
  }
}

/** Whether the service decides by the policy of the file. */
async function policyCheck(told: Told, subject: Subject): Promise<Check> {
  const name = "service_policy";
  const findings: Finding[] = [];
  if (!isOn(told, "policy_healthy")) {
    findings.push(finding("fail", "the last reload of the service's policy failed", {
      hint: "mend the policy, then send SIGHUP to the service",
    }));
  }
  const wanted = await configuredDigest(subject);
  const actual = textOf(told, "policy_digest");
  if (wanted !== "" && wanted !== actual) {
    const text = `the service decides by policy ${actual}, the file names ${wanted}`;
    findings.push(finding("fail", text, { hint: "send SIGHUP to the service, or restart it" }));
  }
  return checkOf(name, findings, `the service decides by policy ${actual}`);
}

/** Id of the configured key; "" when it does not load or is not kept here. */
async function configuredKey(subject: Subject, ports: DoctorPorts): Promise<string> {
  const path = projectValue(subject, "gate.private_key");
  const privateKey = path === "" ? "" : below(subject.request.workdir, path);
  const privateKeyEnv = projectValue(subject, "gate.private_key_env");
  if (privateKey === "" && privateKeyEnv === "") return "";
  try {
    if (privateKey !== "") await needRegular(privateKey, ports.files);
    const key = await resolveSigningKey(
      { keyMode: "prod", privateKey, privateKeyEnv },
      withoutProcesses(ports),
    );
    return key.signer.keyId;
  } catch (error) {
    causeOf(error);
    return "";
  }
}

/** Whether the service signs with the key of the file. */
async function keyCheck(told: Told, subject: Subject, ports: DoctorPorts): Promise<Check> {
  const name = "service_key";
  const actual = textOf(told, "key_id");
  if (textOf(told, "key_mode") !== "prod") {
    const hint = "restart it with --key-mode prod and a key";
    const message = "the service signs with a key that dies with it";
    return checkOf(name, [finding(level(subject), message, { hint })]);
  }
  const wanted = await configuredKey(subject, ports);
  if (wanted === "" || wanted === actual) {
    return passed(name, `the service signs with ${actual}`);
  }
  const message = `the service signs with ${actual}, the file names ${wanted}`;
  return failed(name, message, { hint: "restart the service with the key of the file" });
}

/**
 * The token to ask with. An untrusted file does not choose the variable: it could send any secret of the
 * environment to a service.
 */
function tokenFor(subject: Subject, { env }: DoctorPorts): string {
  const { project, request } = subject;
  const isTrusted = project.state === "read" && project.layer.trusted;
  const own = isTrusted ? projectValue(subject, "mcp_serve.auth_token_env") : "";
  const variable = trim(request.service?.tokenEnv ?? "") || own;
  return variable === "" || /[=\0]/.test(variable) ? "" : trim(env.get(variable) ?? "");
}

/** Everything about the running service; nothing when none is named. */
export async function checkService(subject: Subject, ports: DoctorPorts): Promise<Check[]> {
  const { service } = subject.request;
  if (service === undefined) return [];
  const name = "service_reachable";
  const { origin } = service.url;
  const answer = await askService({ url: service.url, token: tokenFor(subject, ports) }, ports);
  if (answer.kind !== "settings") {
    const hint = answer.kind === "unauthenticated"
      ? "name the variable with its token: --service-token-env <VAR>"
      : "start it with gait mcp serve, or correct --service";
    return [failed(name, `${origin}: ${answer.cause}`, { hint })];
  }
  const { settings } = answer;
  return [
    passed(name, `${origin} tells its settings`),
    accessCheck(settings, subject),
    settingsCheck(settings, subject, ports),
    await policyCheck(settings, subject),
    await keyCheck(settings, subject, ports),
  ];
}
