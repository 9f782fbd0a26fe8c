/**
 * The keys that the flags name (spec 05 §1.2, rows 10 to 12). Those of the configuration are examined with
 * `--production-readiness`.
 *
 * @module
 */

import { lower, trim } from "../base/text_rules.ts";
import { resolveSigningKey } from "../keys/resolve_signing_key.ts";
import type { Files } from "../ports/files.ts";
import {
  causeOf,
  type Check,
  checkOf,
  failed,
  type Finding,
  finding,
  passed,
  pathArgument,
  warned,
} from "./check.ts";
import { withoutProcesses } from "./external_program.ts";
import { lookAt, mayOthers, needRegular } from "./look.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

/** Whether each key has one source. */
export function checkKeyAmbiguity({ request }: Subject): Promise<Check> {
  const { privateKey, privateKeyEnv, publicKey, publicKeyEnv } = request.keys;
  const findings: Finding[] = [];
  const add = (half: string) =>
    void findings.push(finding("fail", `${half} key path and env are both set`, {
      hint: `set only one of --${half}-key or --${half}-key-env`,
    }));
  if (privateKey !== "" && privateKeyEnv !== "") add("private");
  if (publicKey !== "" && publicKeyEnv !== "") add("public");
  const otherwise = "key source configuration is unambiguous";
  return Promise.resolve(checkOf("key_source_ambiguity", findings, otherwise));
}

/**
 * Who else may use a key file: nobody may write one, and nobody may read a private one.
 *
 * @param half Which half the file holds.
 */
export async function keyFileFindings(
  path: string,
  half: "private" | "public",
  files: Files,
): Promise<Finding[]> {
  const argument = pathArgument(path);
  try {
    const info = await lookAt(path, files);
    if (info === undefined) {
      const fixCommand = `ls -l ${argument}`;
      return [finding("warn", `key file not accessible: ${path} (no such file)`, { fixCommand })];
    }
    if (info.kind !== "file") {
      const kind = info.kind === "directory" ? "is a directory" : "is no regular file";
      return [finding("warn", `key path ${kind}: ${path}`, { hint: "name a key file" })];
    }
    const isSecret = half === "private";
    const fixCommand = `chmod ${isSecret ? "go-rwx" : "go-w"} ${argument}`;
    if (mayOthers(info, 0o022)) {
      return [finding("warn", `key file is writable by group/others: ${path}`, { fixCommand })];
    }
    if (isSecret && mayOthers(info, 0o077)) {
      return [
        finding("warn", `private key file is readable by group/others: ${path}`, { fixCommand }),
      ];
    }
    return [];
  } catch (error) {
    const fixCommand = `ls -l ${argument}`;
    return [
      finding("warn", `key file not accessible: ${path} (${causeOf(error)})`, { fixCommand }),
    ];
  }
}

/** Permissions of the key files. */
export async function checkKeyPermissions(
  { request }: Subject,
  ports: DoctorPorts,
): Promise<Check> {
  const { privateKey, publicKey } = request.keys;
  const findings: Finding[] = [];
  if (privateKey !== "") {
    findings.push(...await keyFileFindings(privateKey, "private", ports.files));
  }
  if (publicKey !== "") findings.push(...await keyFileFindings(publicKey, "public", ports.files));
  const none = privateKey === "" && publicKey === "";
  const otherwise = none ? "no key file paths configured" : "key file permissions are strict";
  return checkOf("key_permissions", findings, otherwise);
}

const NAME = "key_config";

/** Loads the key that the flags name. */
async function loadKey({ request }: Subject, ports: DoctorPorts): Promise<Check> {
  const { privateKey, publicKey } = request.keys;
  try {
    for (const path of [privateKey, publicKey]) {
      if (path !== "") await needRegular(path, ports.files);
    }
    await resolveSigningKey({ keyMode: "prod", ...request.keys }, withoutProcesses(ports));
    return passed(NAME, "prod key configuration is valid");
  } catch (error) {
    return failed(NAME, `invalid prod signing key config: ${causeOf(error)}`, {
      hint: "set --private-key <path> or --private-key-env <VAR>, as gait keys init writes them",
    });
  }
}

/** Whether the key mode and the sources go together, and the key loads. */
export function checkKeyConfig(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const { keyMode, keys } = subject.request;
  const mode = lower(trim(keyMode));
  if (mode === "prod") return loadKey(subject, ports);
  if (mode !== "dev") {
    const hint = "use --key-mode dev or --key-mode prod";
    return Promise.resolve(failed(NAME, `unsupported key mode: ${mode}`, { hint }));
  }
  if (Object.values(keys).some((value) => value !== "")) {
    const hint = "remove the key flags, or use --key-mode prod";
    return Promise.resolve(warned(NAME, "dev mode ignores explicit key sources", { hint }));
  }
  return Promise.resolve(passed(NAME, "dev key mode is configured"));
}
