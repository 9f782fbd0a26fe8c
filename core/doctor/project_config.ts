/**
 * The project's configuration file: whether commands can use it, and whether its trust anchors count
 * (divergence C7).
 *
 * @module
 */

import { trim } from "../base/text_rules.ts";
import { resolveSettings } from "../config/settings.ts";
import {
  causeOf,
  type Check,
  checkOf,
  failed,
  type Finding,
  finding,
  pathArgument,
} from "./check.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

const NAME = "project_config";

/** What a command run in the folder would make of the file. */
function trustFindings({ project, user }: Subject, ports: DoctorPorts): Finding[] {
  if (project.state !== "read" || project.layer.trusted) return [];
  const fixCommand = `gait config trust ${pathArgument(project.path)}`;
  try {
    const layers = { project: project.layer, user };
    const { untrustedKeys } = resolveSettings({ flags: new Map(), layers, env: ports.env });
    if (untrustedKeys.length === 0) return [];
    const text = `${project.path} is not trusted and sets ${untrustedKeys.join(", ")}; ` +
      "inspect it before you trust it";
    return [finding("warn", text, { fixCommand })];
  } catch (error) {
    return [finding("warn", `commands refuse the file: ${causeOf(error)}`, { fixCommand })];
  }
}

/** Whether commands use another file than the one that is examined. */
function variableFindings({ project }: Subject, ports: DoctorPorts): Finding[] {
  const named = trim(ports.env.get("GAIT_CONFIG") ?? "");
  if (named === "" || named === project.path) return [];
  const text = `GAIT_CONFIG makes commands read another file: ${named}`;
  return [finding("warn", text, { fixCommand: "unset GAIT_CONFIG" })];
}

/** The file, as every command reads it. */
export function checkProjectConfig(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const { project, settingsCause } = subject;
  const hint = `gait config validate ${pathArgument(project.path)} shows every finding`;
  if (project.state === "unusable") {
    return Promise.resolve(
      failed(NAME, `commands refuse the file: ${project.cause}`, { hint }),
    );
  }
  if (settingsCause !== "") {
    return Promise.resolve(failed(NAME, `commands refuse the settings: ${settingsCause}`));
  }
  const findings = [...trustFindings(subject, ports), ...variableFindings(subject, ports)];
  const otherwise = project.state === "absent"
    ? "no project configuration"
    : `${project.path} can be used`;
  return Promise.resolve(checkOf(NAME, findings, otherwise));
}
