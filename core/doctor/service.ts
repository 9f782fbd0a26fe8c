/**
 * What a running service says about itself, beside what the configuration says (divergences O1, W8).
 *
 * @module
 */

import { trim } from "../base/text_rules.ts";
import { causeOf, type Check, checkOf, failed, type Finding, finding, passed } from "./check.ts";
import { loadProjectKey } from "./production_keys.ts";
import { accessCheck } from "./service_access.ts";
import { askService } from "./service_answer.ts";
import { settingsCheck } from "./service_settings.ts";
import { isOn, level, textOf, type Told } from "./service_told.ts";
import { type DoctorPorts, projectValue, type Subject } from "./subject.ts";

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
  const named = ["gate.private_key", "gate.private_key_env"]
    .some((key) => projectValue(subject, key) !== "");
  if (!named) return "";
  try {
    const key = await loadProjectKey(subject, ports);
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
