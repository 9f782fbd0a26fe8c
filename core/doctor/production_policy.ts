/**
 * Whether the configured policy is there, compiles, and is one that the strict profile accepts; and whether the
 * credentials that it asks for can be had (divergences O1, G14).
 *
 * @module
 */

import { printableList } from "../base/printable.ts";
import { sortedSet, trim } from "../base/text_rules.ts";
import { checkBrokerCommand, COMMAND_ALLOWLIST_ENV } from "../credential/command.ts";
import { envCredentialKey } from "../credential/issue.ts";
import { type BrokerKind, readBrokerKind } from "../credential/request.ts";
import type { Rule } from "../policy/policy.ts";
import { ossProdFindings } from "../policy/profile_checks.ts";
import {
  causeOf,
  type Check,
  checkOf,
  failed,
  type Finding,
  finding,
  passed,
  pathArgument,
} from "./check.ts";
import { programFindings } from "./external_program.ts";
import { below } from "./look.ts";
import { type DoctorPorts, projectValue, type Subject } from "./subject.ts";

/** The configured broker; `off` for a name that is none, which another check tells. */
function brokerKind(subject: Subject): BrokerKind {
  try {
    return readBrokerKind(projectValue(subject, "gate.credential_broker"));
  } catch {
    return "off";
  }
}

/** The policy. */
export async function checkPolicy(subject: Subject): Promise<Check> {
  const name = "production_policy";
  const configured = projectValue(subject, "gate.policy");
  if (configured === "") {
    const hint = `name one with gate.policy in ${subject.project.path}`;
    return failed(name, "no policy is configured", { hint });
  }
  const argument = pathArgument(below(subject.request.workdir, configured));
  try {
    const { parsed, digest } = await subject.policy();
    const setup = {
      brokerConfigured: brokerKind(subject) !== "off",
      approverKeysBound: projectValue(subject, "gate.approver_keys") !== "",
    };
    const findings = ossProdFindings(parsed.policy, setup)
      .map(({ code, message }) => finding("fail", `${message} [${code}]`));
    const rules = parsed.policy.rules.length;
    return checkOf(name, findings, `the policy compiles: rules=${rules} digest=${digest}`);
  } catch (error) {
    const cause = causeOf(error);
    const isMissing = cause.includes("no such file");
    return failed(name, `the policy does not load: ${cause}`, {
      ...(isMissing && { fixCommand: `gait policy init baseline-highrisk --out ${argument}` }),
      hint: `gait policy validate ${argument} shows every finding`,
    });
  }
}

/** Variables that the env broker would read for a rule. */
function variablesOf(rule: Rule, reference: string, prefix: string): string[] {
  const named = reference || trim(rule.broker_reference);
  const tools = named === "" ? rule.match.tool_names : [""];
  return tools.map((tool_name) => envCredentialKey({ reference: named, tool_name }, prefix));
}

/** Credentials of the policy's rules that are in no variable. */
async function envFindings(subject: Subject, ports: DoctorPorts): Promise<Finding[]> {
  const reference = trim(projectValue(subject, "gate.credential_ref"));
  const prefix = projectValue(subject, "gate.credential_env_prefix");
  let rules: readonly Rule[];
  try {
    rules = (await subject.policy()).parsed.policy.rules;
  } catch (error) {
    causeOf(error);
    return [];
  }
  const asking = rules.filter((rule) => rule.require_broker_credential && rule.effect !== "block");
  const wanted = sortedSet(asking.flatMap((rule) => variablesOf(rule, reference, prefix)));
  const missing = wanted.filter((name) => trim(ports.env.get(name) ?? "") === "");
  if (missing.length === 0) return [];
  const text = `variables of credentials are not set: ${printableList(missing)}`;
  return [finding("fail", text, { hint: "set them where the gate runs" })];
}

/** The program of the command broker. */
async function commandFindings(subject: Subject, ports: DoctorPorts): Promise<Finding[]> {
  const command = projectValue(subject, "gate.credential_command");
  const allowlist = ports.env.get(COMMAND_ALLOWLIST_ENV);
  const admitted = checkBrokerCommand(command, { allowlist });
  if (admitted === undefined) {
    return [finding("fail", "gate.credential_command has white space in it")];
  }
  const found = await programFindings("gate.credential_command", admitted, ports);
  if (trim(allowlist ?? "") !== "") return found;
  const text = `${COMMAND_ALLOWLIST_ENV} is not set: any command may be a broker`;
  return [...found, finding("warn", text, { hint: "list the broker's absolute path there" })];
}

/** The credential broker. */
export async function checkBroker(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const name = "production_broker";
  try {
    const kind = readBrokerKind(projectValue(subject, "gate.credential_broker"));
    switch (kind) {
      case "off":
        return passed(name, "no credential broker is configured");
      case "stub":
        return failed(name, "the stub broker issues no credentials", {
          hint: `set gate.credential_broker: env or command in ${subject.project.path}`,
        });
      case "env":
        return checkOf(
          name,
          await envFindings(subject, ports),
          "the credentials of the policy are set",
        );
      case "command":
        return checkOf(
          name,
          await commandFindings(subject, ports),
          "the broker's program is there; doctor does not run it",
        );
    }
  } catch (error) {
    return failed(name, causeOf(error));
  }
}
