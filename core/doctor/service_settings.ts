/**
 * Whether a running service has the settings of the project's file (divergence O1).
 *
 * @module
 */

import { isJsonObject } from "../base/json_value.ts";
import { isLoopback, parseListen } from "../base/listen_address.ts";
import { lower, trim } from "../base/text_rules.ts";
import { type Check, checkOf, type Finding, finding } from "./check.ts";
import { hasService } from "./production_settings.ts";
import { level, shown, textOf, type Told } from "./service_told.ts";
import { type DoctorPorts, projectValue, type Subject } from "./subject.ts";

/** Keys of the configuration, the members of the answer that must say the same, and defaults that count. */
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

/** Whether a setting is the same; names of variables alone tell letter case. */
function isSame(member: string, wanted: string, actual: string): boolean {
  if (member === "auth_token_env") return wanted === actual;
  if (member === "listen" && sameAddress(wanted, actual)) return true;
  return lower(wanted) === lower(actual);
}

/** Settings of the file that the service does not have. */
function differences(told: Told, subject: Subject): Finding[] {
  const out: Finding[] = [];
  for (const [key, member, fallback] of SAME) {
    const wanted = trim(projectValue(subject, key)) || fallback;
    const actual = shown(Object.hasOwn(told, member) ? told[member] : undefined);
    if (wanted === "" || isSame(member, wanted, actual)) continue;
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
    return isJsonObject(bounds) && typeof bounds.max_age_ms === "number" && bounds.max_age_ms > 0;
  };
  return ["trace", "session"]
    .filter((kind) => projectValue(subject, `retention.${kind}_ttl`) !== "" && !hasAge(kind))
    .map((kind) =>
      finding("warn", `retention.${kind}_ttl is set, but the service removes no ${kind}s by age`, {
        hint: "trust the file with gait config trust, then restart the service",
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
export function settingsCheck(told: Told, subject: Subject, ports: DoctorPorts): Check {
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
