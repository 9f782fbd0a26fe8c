/**
 * Whether the keys that the configuration names are really there (divergence O1). External signers are looked
 * at, never run or asked.
 *
 * @module
 */

import { readApproverKeyring } from "../approval/keys.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { lower, trim } from "../base/text_rules.ts";
import { resolveSigningKey, type SigningKey } from "../keys/resolve_signing_key.ts";
import { resolveVerifyKey } from "../keys/resolve_verify_key.ts";
import {
  causeOf,
  type Check,
  checkOf,
  type Finding,
  finding,
  pathArgument,
  quoted,
  type Remedy,
} from "./check.ts";
import { programFindings, withoutProcesses } from "./external_program.ts";
import { keyFileFindings } from "./key_flags.ts";
import { lookAt, needRegular } from "./look.ts";
import { type DoctorPorts, projectPath, projectValue, type Subject } from "./subject.ts";

/** Where `gait keys init` puts a private key. */
const NEW_KEY = "gait-out/keys/gait_private.key";

/** How to get a key for a variable. */
function exportKey(name: string): Remedy {
  const hint = "make a key pair with gait keys init, and name its private key";
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { hint };
  const make = `{ test -e ${NEW_KEY} || gait keys init; }`;
  return { hint, fixCommand: `${make} && export ${name}="$(cat ${NEW_KEY})"` };
}

/** How to get a key for a path at which there is none. */
function makeKey(path: string): Remedy {
  const hint = "make a key pair with gait keys init, and name its private key";
  const [, folder = ".", prefix] = /^(?:(.*)\/)?([A-Za-z0-9._-]+)_private\.key$/.exec(path) ?? [];
  if (prefix === undefined) return { hint };
  const place = `--out-dir ${pathArgument(folder)} --prefix ${quoted(prefix)}`;
  return { hint, fixCommand: `gait keys init ${place}` };
}

/** An external signer: present, and not run. */
async function signerFindings(subject: Subject, ports: DoctorPorts): Promise<Finding[]> {
  const command = projectValue(subject, "gate.signer_command");
  const socket = projectPath(subject, "gate.signer_socket");
  const out = command === "" ? [] : await programFindings("gate.signer_command", command, ports);
  if (socket === "") return out;
  try {
    const kind = (await lookAt(socket, ports.files))?.kind;
    if (kind !== "other") out.push(finding("fail", `no signing agent listens at ${socket}`));
  } catch (error) {
    out.push(
      finding("fail", `the socket of the signing agent cannot be examined: ${causeOf(error)}`),
    );
  }
  return out;
}

/** Loads the private key of the file or variable that the project names. @throws GaitError */
export async function loadProjectKey(subject: Subject, ports: DoctorPorts): Promise<SigningKey> {
  const privateKey = projectPath(subject, "gate.private_key");
  const privateKeyEnv = projectValue(subject, "gate.private_key_env");
  if (privateKey !== "") await needRegular(privateKey, ports.files);
  return await resolveSigningKey(
    { keyMode: "prod", privateKey, privateKeyEnv },
    withoutProcesses(ports),
  );
}

/** The same findings as failures: in production they are. */
function asFailures(findings: readonly Finding[]): Finding[] {
  return findings.map((each) => ({ ...each, status: "fail" }));
}

/** A private key from a file or variable: it loads, and nobody else can read it. */
async function storedFindings(subject: Subject, ports: DoctorPorts): Promise<Finding[]> {
  const privateKey = projectPath(subject, "gate.private_key");
  try {
    await loadProjectKey(subject, ports);
  } catch (error) {
    const isMissing = error instanceof GaitError && error.code === "file_not_found";
    const remedy = isMissing
      ? makeKey(privateKey)
      : exportKey(projectValue(subject, "gate.private_key_env"));
    return [finding("fail", `signing key does not load: ${causeOf(error)}`, remedy)];
  }
  if (privateKey === "") return [];
  return asFailures(await keyFileFindings(privateKey, "private", ports.files));
}

/** The key that signs traces. */
export async function checkSigningKey(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const name = "production_signing_key";
  if (lower(trim(projectValue(subject, "gate.key_mode"))) !== "prod") {
    const text = "without gate.key_mode=prod traces are signed with keys that nobody keeps";
    const hint = `set gate.key_mode: prod and a key in ${subject.project.path}`;
    return checkOf(name, [finding("fail", text, { hint })]);
  }
  const value = (key: string) => projectValue(subject, `gate.${key}`);
  const isExternal = value("signer_command") !== "" || value("signer_socket") !== "";
  if (!isExternal) {
    return checkOf(name, await storedFindings(subject, ports), "the signing key loads");
  }
  if (value("private_key") !== "" || value("private_key_env") !== "") {
    const text = "signing key source: set either a private key or a signer";
    return checkOf(name, [finding("fail", text)]);
  }
  const findings = await signerFindings(subject, ports);
  return checkOf(name, findings, "an external signer is configured; doctor does not run it");
}

/** The key that verifies tokens of a kind. */
async function tokenKeyFindings(
  kind: "approval" | "delegation",
  subject: Subject,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const publicKey = projectPath(subject, `gate.${kind}_public_key`);
  const privateKey = projectPath(subject, `gate.${kind}_private_key`);
  try {
    for (const path of [publicKey, privateKey]) {
      if (path !== "") await needRegular(path, ports.files);
    }
    await resolveVerifyKey({
      publicKey,
      privateKey,
      publicKeyEnv: projectValue(subject, `gate.${kind}_public_key_env`),
      privateKeyEnv: projectValue(subject, `gate.${kind}_private_key_env`),
    }, ports);
  } catch (error) {
    return [finding("fail", `${kind} key does not load: ${causeOf(error)}`)];
  }
  const out: Finding[] = [];
  if (publicKey !== "") out.push(...await keyFileFindings(publicKey, "public", ports.files));
  if (privateKey !== "") out.push(...await keyFileFindings(privateKey, "private", ports.files));
  return asFailures(out);
}

/** The keyring of approvers. */
async function keyringFindings(subject: Subject, ports: DoctorPorts): Promise<Finding[]> {
  const path = projectPath(subject, "gate.approver_keys");
  if (path === "") return [];
  try {
    await needRegular(path, ports.files);
    const data = await ports.files.read(path, { maxBytes: LIMITS.configBytes });
    const { keys } = await readApproverKeyring(data, { source: path, digester: ports.digester });
    if (keys.length === 0) {
      throw new GaitError("key_invalid", `Cannot use ${path}: it names nobody`);
    }
    return asFailures(await keyFileFindings(path, "public", ports.files));
  } catch (error) {
    return [finding("fail", `approver keyring does not load: ${causeOf(error)}`)];
  }
}

/** The keys that tokens are verified with. */
export async function checkTokenKeys(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const findings = [
    ...await tokenKeyFindings("approval", subject, ports),
    ...await tokenKeyFindings("delegation", subject, ports),
    ...await keyringFindings(subject, ports),
  ];
  return checkOf("production_token_keys", findings, "the configured keys of tokens load");
}
