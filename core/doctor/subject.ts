/**
 * What is examined: the request, and what the configuration says. It is read once, before the checks.
 *
 * @module
 */

import {
  type ConfigLayer,
  DEFAULT_CONFIG_PATH,
  loadUser,
  readLayer,
} from "../config/load_config.ts";
import { resolveSettings, type Settings } from "../config/settings.ts";
import { type LoadedPolicy, loadPolicy } from "../enforce/loaded_policy.ts";
import type { VerifyKeyOptions } from "../keys/resolve_verify_key.ts";
import type { Ports } from "../ports/ports.ts";
import { causeOf } from "./check.ts";
import { below, lookAt, needRegular } from "./look.ts";

/** Ports of the diagnosis: it runs nothing, and writes nothing but the probes of its folders. */
export type DoctorPorts = Pick<
  Ports,
  | "appends"
  | "clock"
  | "digester"
  | "ed25519"
  | "env"
  | "files"
  | "httpReader"
  | "platform"
  | "random"
  | "sandbox"
  | "segments"
  | "terminal"
  | "version"
>;

/** What is asked for. */
export interface DoctorRequest {
  /** Root of the project. */
  readonly workdir: string;
  /** Folder of outputs; relative to the root. */
  readonly outputDir: string;
  /** `dev`, `prod`, or whatever was given. */
  readonly keyMode: string;
  readonly keys: Required<VerifyKeyOptions>;
  readonly production: boolean;
  /** Folders of traces besides the usual one. */
  readonly traceDirs: readonly string[];
  /** Folders of sessions besides the usual ones. */
  readonly sessionDirs: readonly string[];
  /** The running service to ask. */
  readonly service?: {
    /** From `readServiceUrl`. */
    readonly url: URL;
    /** Variable with a bearer token; "" takes that of a trusted file. */
    readonly tokenEnv: string;
  };
}

/** The project's configuration file. */
export type ProjectFile =
  | { readonly state: "absent"; readonly path: string }
  | { readonly state: "unusable"; readonly path: string; readonly cause: string }
  | { readonly state: "read"; readonly path: string; readonly layer: ConfigLayer };

/** Everything that the checks look at. */
export interface Subject {
  readonly request: DoctorRequest;
  readonly outputDir: string;
  readonly project: ProjectFile;
  /** The user's own file; `undefined` when there is none, or it cannot be read. */
  readonly user: ConfigLayer | undefined;
  /** The settings in force; `undefined` when they cannot be resolved. */
  readonly settings: Settings | undefined;
  /** Why they cannot be; "" when they can. */
  readonly settingsCause: string;
  /** The configured policy, which is loaded once. @throws GaitError as reading and parsing do */
  policy(): Promise<LoadedPolicy>;
}

/** Value of a key of the project's file; "" when it is not set. */
export function projectValue({ project }: Subject, key: string): string {
  return project.state === "read" ? project.layer.values.get(key)?.value ?? "" : "";
}

/** A path of the project's file, seen from the root; "" when it is not set. */
export function projectPath(subject: Subject, key: string): string {
  const path = projectValue(subject, key);
  return path === "" ? "" : below(subject.request.workdir, path);
}

/** A path of the settings, seen from the root; "" when it is not set. */
export function settingPath(subject: Subject, key: string): string {
  const path = subject.settings?.text(key) ?? "";
  return path === "" ? "" : below(subject.request.workdir, path);
}

/** Whether the project's file is one that nobody trusts: no command that it leads to is offered. */
export function isUntrusted({ project }: Subject): boolean {
  return project.state === "read" && !project.layer.trusted;
}

/** Whether a setting is what an untrusted file says. */
export function isForeign(subject: Subject, key: string): boolean {
  return isUntrusted(subject) && subject.settings?.all.get(key)?.source === "project config";
}

/** Reads the project's file. */
async function readProject(workdir: string, ports: DoctorPorts): Promise<ProjectFile> {
  const path = below(workdir, DEFAULT_CONFIG_PATH);
  try {
    if (await lookAt(path, ports.files) === undefined) return { state: "absent", path };
    await needRegular(path, ports.files);
    return { state: "read", path, layer: await readLayer(path, undefined, ports) };
  } catch (error) {
    return { state: "unusable", path, cause: causeOf(error) };
  }
}

/** Resolves the settings in force; a file that commands refuse has no say. */
async function resolve(project: ProjectFile, ports: DoctorPorts) {
  let user: ConfigLayer | undefined;
  const settingsOf = (layer: ConfigLayer | undefined) =>
    resolveSettings({ flags: new Map(), layers: { project: layer, user }, env: ports.env });
  try {
    user = await loadUser(ports);
    const layer = project.state === "read" ? project.layer : undefined;
    try {
      return { user, settings: settingsOf(layer), settingsCause: "" };
    } catch (error) {
      if (layer === undefined || layer.trusted) throw error;
      return { user, settings: settingsOf(undefined), settingsCause: "" };
    }
  } catch (error) {
    return { user, settings: undefined, settingsCause: causeOf(error) };
  }
}

/** Loads a policy file. */
async function loadFile(path: string, ports: DoctorPorts): Promise<LoadedPolicy> {
  await needRegular(path, ports.files);
  return await loadPolicy(path, ports);
}

/** Reads what the checks look at. */
export async function readSubject(request: DoctorRequest, ports: DoctorPorts): Promise<Subject> {
  const { workdir } = request;
  const project = await readProject(workdir, ports);
  const named = project.state === "read"
    ? project.layer.values.get("gate.policy")?.value
    : undefined;
  let loading: Promise<LoadedPolicy> | undefined;
  return {
    request,
    outputDir: below(workdir, request.outputDir),
    project,
    ...await resolve(project, ports),
    policy: () => loading ??= loadFile(below(workdir, named ?? ""), ports),
  };
}
