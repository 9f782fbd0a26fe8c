/**
 * The effective settings: flags over environment over project file over user file over defaults, each value
 * with the name of its source. A project file that nobody trusts comes below the user's own file, so that it
 * changes nothing that the user has settled; only stricter modes pass it (divergence C7).
 *
 * @module
 */

import { lower, trim } from "../base/text_rules.ts";
import type { Env } from "../ports/env.ts";
import { CONFIG_KEY_BY_PATH, CONFIG_KEYS } from "./config_keys.ts";
import type { ConfigLayer, ConfigLayers } from "./load_config.ts";
import { refuseKey } from "./refuse_key.ts";

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
  /** Keys that an untrusted project file sets in vain. */
  readonly ignoredKeys: readonly string[];
}

/** Environment variables that set a key. */
const VARIABLES: Readonly<Record<string, string>> = {
  "gate.profile": "GAIT_PROFILE",
  "gate.exit_mode": "GAIT_EXIT_MODE",
};

/** Where rate limits are counted when nothing says otherwise. */
export const DEFAULT_RATE_LIMIT_STATE = ".gait-out/gate_rate_limits.json";

/** Defaults that `config show` prints. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "gate.profile": "standard",
  "gate.key_mode": "dev",
  "gate.rate_limit_state": DEFAULT_RATE_LIMIT_STATE,
  "gate.credential_broker": "off",
  "gate.credential_env_prefix": "GAIT_BROKER_TOKEN_",
};

/** Values of one source by dotted path; blank values are absent, others stay as they were spelled. */
interface Layer {
  readonly source: SettingSource;
  readonly values: ReadonlyMap<string, string>;
}

/** Makes a layer of the values that are not blank. */
function layer(source: SettingSource, entries: Iterable<readonly [string, string]>): Layer {
  const values = new Map<string, string>();
  for (const [path, value] of entries) if (trim(value) !== "") values.set(path, value);
  return { source, values };
}

/** The layer of a configuration file; empty when there is none. */
function fileLayer(source: SettingSource, file: ConfigLayer | undefined): Layer {
  const values = file === undefined ? [] : [...file.values];
  return layer(source, values.map(([path, { value }]) => [path, value] as const));
}

/** The layer of the environment. */
function environmentLayer(env: Env): Layer {
  return layer(
    "environment",
    Object.entries(VARIABLES).map(([path, name]) => [path, env.get(name) ?? ""] as const),
  );
}

/** Whether a setting is this word, as modes and profiles are compared. */
function isWord(value: string | undefined, word: string): boolean {
  return value !== undefined && lower(trim(value)) === word;
}

/** Whether an output path of an untrusted file stays inside the working directory, lexically. */
function staysInside(path: string): boolean {
  const segments = path.split(/[\\/]/);
  return !/^([\\/]|[A-Za-z]:)/.test(path) && !segments.includes("..");
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
    if (key.trust === "command") refuseKey(key, file, "it would run a program");
    if (key.trust === "memory") refuseKey(key, file, "it would forget which approvals are spent");
    if ((key.trust === "output" || key.trust === "state") && !staysInside(value)) {
      refuseKey(key, file, "it would write outside of the working directory");
    }
    if (key.trust !== "anchor" && key.trust !== "state") continue;
    if (strict) refuseKey(key, file, "the oss-prod profile is in force");
    honoured.push(key.path);
  }
  return honoured;
}

/** Paths of the keys of a group. */
function groupPaths(group: string): string[] {
  return CONFIG_KEYS.filter((key) => key.group === group).map((key) => key.path);
}

/**
 * Lays the layers over each other, the weakest first. A layer that sets one key of a group hides the whole
 * group below it.
 */
function resolveAll(layers: readonly Layer[]): Map<string, Setting> {
  const all = new Map<string, Setting>();
  for (const { source, values } of layers) {
    for (const path of values.keys()) {
      const group = CONFIG_KEY_BY_PATH.get(path)?.group;
      if (group === undefined) continue;
      for (const hidden of groupPaths(group)) {
        if (all.get(hidden)?.source !== source) all.delete(hidden);
      }
    }
    for (const [path, value] of values) all.set(path, { value, source });
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
  const flags = layer("flag", request.flags);
  const environment = environmentLayer(request.env);
  const told = fileLayer("project config", project);
  const userLayer = fileLayer("user config", user);
  const strict = [flags, environment, userLayer]
    .some(({ values }) => isWord(values.get("gate.profile"), "oss-prod"));
  const untrusted = project !== undefined && !project.trusted;
  const projectLayer = untrusted ? withoutRemoval(told) : told;
  const untrustedKeys = untrusted ? checkTrust(project, strict) : [];
  const ordered = untrusted
    ? [strict ? withoutModes(projectLayer) : projectLayer, userLayer, onlyTightening(projectLayer)]
    : [userLayer, projectLayer];
  const files = ordered.map((file) => withoutSourcesInDevMode(file, flags));
  const defaults = layer("default", Object.entries(DEFAULTS));
  const all = resolveAll([defaults, ...files, environment, flags]);
  const ignoredKeys = [...told.values.keys()].filter((path) => !projectLayer.values.has(path));
  return { text: (path) => all.get(path)?.value ?? "", all, untrustedKeys, ignoredKeys };
}

/** A file without some of its keys. */
function without(file: Layer, drops: (path: string, value: string) => boolean): Layer {
  return layer(file.source, [...file.values].filter(([path, value]) => !drops(path, value)));
}

/** Everything but what removes evidence: a folder that somebody sent must not make evidence go. */
function withoutRemoval(project: Layer): Layer {
  return without(project, (path) => CONFIG_KEY_BY_PATH.get(path)?.trust === "removal");
}

/** Values that only make the gate stricter; an untrusted file may set them over the user's own file. */
function onlyTightening(project: Layer): Layer {
  const strictest = (path: string) => path === "gate.profile" ? "oss-prod" : "strict";
  return without(
    project,
    (path, value) =>
      CONFIG_KEY_BY_PATH.get(path)?.trust !== "tighten" || !isWord(value, strictest(path)),
  );
}

/** Everything but the modes: where `oss-prod` is in force, an untrusted file cannot loosen them. */
function withoutModes(project: Layer): Layer {
  return without(project, (path) => CONFIG_KEY_BY_PATH.get(path)?.trust === "tighten");
}

/** `--key-mode dev` on the command line hides the key sources of files: dev mode takes none. */
function withoutSourcesInDevMode(file: Layer, flags: Layer): Layer {
  if (!isWord(flags.values.get("gate.key_mode"), "dev")) return file;
  return without(file, (path) => CONFIG_KEY_BY_PATH.get(path)?.group === "signing_key");
}
