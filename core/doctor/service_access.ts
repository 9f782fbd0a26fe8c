/**
 * Who may ask a running service (divergence W8).
 *
 * @module
 */

import { type Check, checkOf, failed, type Finding, finding } from "./check.ts";
import { isOn, level, listensLocally, textOf, type Told } from "./service_told.ts";
import type { Subject } from "./subject.ts";

/** Who may ask the service. An override of the loopback rule is critical (divergence W8). */
export function accessCheck(told: Told, subject: Subject): Check {
  const name = "service_access";
  const hasToken = textOf(told, "auth_mode") === "token";
  const isOverridden = isOn(told, "unsafe_allow_unauthenticated");
  if (!hasToken && (isOverridden || !listensLocally(told))) {
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
  if (isOverridden) {
    const hint = "restart it without --unsafe-allow-unauthenticated";
    const text =
      "only the token mode keeps --unsafe-allow-unauthenticated from letting everybody in";
    findings.push(finding("fail", text, { hint }));
  }
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
