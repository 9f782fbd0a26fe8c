/**
 * Where the user's own configuration and state live, outside of any project directory.
 *
 * @module
 */

import type { Env } from "../ports/env.ts";

/** Value of a variable, `undefined` when it is unset or blank. */
function variable(env: Env, name: string): string | undefined {
  const value = env.get(name)?.trim();
  return value === undefined || value === "" ? undefined : value;
}

/** A directory below the user's home, or `undefined` when there is no home. */
function below(env: Env, name: string): string | undefined {
  const home = variable(env, "HOME") ?? variable(env, "USERPROFILE");
  return home === undefined ? undefined : `${home}/${name}`;
}

/** The user's configuration file; `undefined` when the user has no home. */
export function userConfigPath(env: Env): string | undefined {
  const base = variable(env, "XDG_CONFIG_HOME") ?? variable(env, "APPDATA") ??
    below(env, ".config");
  return base === undefined ? undefined : `${base}/gait/config.yaml`;
}

/** The user's state directory; `undefined` when the user has no home. */
export function userStateDirectory(env: Env): string | undefined {
  const base = variable(env, "XDG_STATE_HOME") ?? variable(env, "LOCALAPPDATA") ??
    below(env, ".local/state");
  return base === undefined ? undefined : `${base}/gait`;
}
