/**
 * The effective settings: flags over environment over project file over user file over defaults, each value
 * with the name of its source (divergence C7).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";
import type { Env } from "../ports/env.ts";
import { CONFIG_KEYS, type ConfigKey } from "./config_keys.ts";
import type { ConfigLayer, ConfigLayers } from "./load_config.ts";

/** Where a value came from. */
export type SettingSource =
  | "flag"
  | "environment"
  | "project config"
  | "user config"
  | "default";

/** One effective value. */
export interface Setting {
  readonly value: string;
  readonly source: SettingSource;
}

/** Effective settings. */
export interface Settings {
  /** Value of a key; "" when it is set nowhere. */
  text(path: string): string;
  /** Value and source of every key that is set. */
  readonly all: ReadonlyMap<string, Setting>;
  /** Keys that an untrusted project file sets and that were honoured nevertheless. */
  readonly untrustedKeys: readonly string[];
}

/** Environment variables that set a key. */
const VARIABLES: Readonly<Record<string, string>> = {
  "gate.profile": "GAIT_PROFILE",
  "gate.exit_mode": "GAIT_EXIT_MODE",
};

/** Defaults that `config show` prints. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "gate.profile": "standard",
  "gate.key_mode": "dev",
  "gate.rate_limit_state": ".gait-out/gate_rate_limits.json",
  "gate.credential_broker": "off",
  "gate.credential_env_prefix": "GAIT_BROKER_TOKEN_",
};

/** One source of values. */
interface Layer {
  readonly source: SettingSource;
  get(path: string): string | undefined;
}

/** A lookup that treats blank values as absent; a value that is not blank stays as it was spelled. */
function layer(source: SettingSource, get: (path: string) => string | undefined): Layer {
  return {
    source,
    get(path: string): string | undefined {
      const value = get(path);
      return value === undefined || trim(value) === "" ? undefined : value;
    },
  };
}

/** Whether the profile is the strict one. */
function isStrict(profile: string | undefined): boolean {
  return profile?.toLowerCase() === "oss-prod";
}

/** Whether an output path of an untrusted file stays inside the working directory, lexically. */
function staysInside(path: string): boolean {
  const segments = path.split(/[\\/]/);
  return !/^([\\/]|[A-Za-z]:)/.test(path) && !segments.includes("..");
}

/** Refuses a key of an untrusted project file. */
function refuse(key: ConfigKey, file: ConfigLayer, why: string): never {
  throw new GaitError(
    "config_untrusted",
    `Cannot take ${key.path} from an untrusted project config: ${why}`,
    {
      place: { source: file.path, line: file.values.get(key.path)?.line ?? 1, path: key.path },
    },
  );
}

/**
 * Applies the rules for untrusted project files.
 *
 * @returns The keys that were honoured although they decide what is trusted.
 */
function checkTrust(file: ConfigLayer, strict: boolean): string[] {
  const honoured: string[] = [];
  for (const key of CONFIG_KEYS) {
    const value = file.values.get(key.path)?.value;
    if (value === undefined) continue;
    if (key.trust === "command") refuse(key, file, "it would run a program");
    if (key.trust === "output" && !staysInside(value)) {
      refuse(key, file, "it would write outside of the working directory");
    }
    if (key.trust !== "anchor") continue;
    if (strict) refuse(key, file, "the oss-prod profile is in force");
    honoured.push(key.path);
  }
  return honoured;
}

/** The first layer that sets the key, or a key of the same group. */
function winner(key: ConfigKey, layers: readonly Layer[]): Layer | undefined {
  const paths = key.group === undefined
    ? [key.path]
    : CONFIG_KEYS.filter((other) => other.group === key.group).map((other) => other.path);
  return layers.find((candidate) => paths.some((path) => candidate.get(path) !== undefined));
}

/** Resolves every key over the layers. */
function resolveAll(layers: readonly Layer[]): Map<string, Setting> {
  const all = new Map<string, Setting>();
  for (const key of CONFIG_KEYS) {
    const from = winner(key, layers);
    const value = from?.get(key.path);
    if (from !== undefined && value !== undefined) {
      all.set(key.path, { value, source: from.source });
    }
  }
  return all;
}

/**
 * Resolves the effective settings.
 *
 * @param request Flag values by dotted key path, configuration layers and environment.
 * @throws GaitError `config_untrusted`
 */
export function resolveSettings(
  request: {
    readonly flags: ReadonlyMap<string, string>;
    readonly layers: ConfigLayers;
    readonly env: Env;
  },
): Settings {
  const { project, user } = request.layers;
  const flags = layer("flag", (path) => request.flags.get(path));
  const environment = layer("environment", (path) => {
    const name = VARIABLES[path];
    return name === undefined ? undefined : request.env.get(name);
  });
  const projectLayer = layer("project config", (path) => project?.values.get(path)?.value);
  const userLayer = layer("user config", (path) => user?.values.get(path)?.value);
  const strict = [flags, environment, userLayer].some((each) => isStrict(each.get("gate.profile")));
  const untrusted = project !== undefined && !project.trusted;
  const untrustedKeys = untrusted ? checkTrust(project, strict) : [];
  const files = [tightening(projectLayer, { strict, untrusted }), userLayer]
    .map((file) => withoutSourcesInDevMode(file, flags));
  const defaults = layer("default", (path) => DEFAULTS[path]);
  const all = resolveAll([flags, environment, ...files, defaults]);
  return { text: (path) => all.get(path)?.value ?? "", all, untrustedKeys };
}

/** An untrusted file may set the profile to something stricter only. */
function tightening(
  project: Layer,
  state: { readonly strict: boolean; readonly untrusted: boolean },
): Layer {
  if (!state.untrusted || !state.strict) return project;
  return layer(project.source, (path) => {
    const tightens = path !== "gate.profile" && path !== "gate.exit_mode";
    return tightens || isStrict(project.get(path)) ? project.get(path) : undefined;
  });
}

/** `--key-mode dev` on the command line hides the key sources of files: dev mode takes none. */
function withoutSourcesInDevMode(file: Layer, flags: Layer): Layer {
  if (flags.get("gate.key_mode")?.toLowerCase() !== "dev") return file;
  return layer(file.source, (path) => {
    const key = CONFIG_KEYS.find((each) => each.path === path);
    return key?.group === "signing_key" ? undefined : file.get(path);
  });
}
