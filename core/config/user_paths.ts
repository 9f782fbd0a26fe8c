/**
 * Where the user's own configuration and state live, outside of any project directory.
 *
 * @module
 */

import type { Env } from "../ports/env.ts";

/**
 * An absolute path from a variable, `undefined` when there is none. A relative one is ignored, as the XDG
 * base directory specification demands: it would move the user's own files into the project.
 */
function absolutePath(env: Env, name: string): string | undefined {
  const value = env.get(name)?.trim() ?? "";
  if (value === "") return undefined;
  const rooted = value.startsWith("/") || value.startsWith("\\");
  return rooted || /^[A-Za-z]:[\\/]/.test(value) ? value : undefined;
}

/** A directory below the user's home, or `undefined` when there is no home. */
function below(env: Env, name: string): string | undefined {
  const home = absolutePath(env, "HOME") ?? absolutePath(env, "USERPROFILE");
  return home === undefined ? undefined : `${home}/${name}`;
}

/** The user's configuration file; `undefined` when the user has no home. */
export function userConfigPath(env: Env): string | undefined {
  const base = absolutePath(env, "XDG_CONFIG_HOME") ?? absolutePath(env, "APPDATA") ??
    below(env, ".config");
  return base === undefined ? undefined : `${base}/gait/config.yaml`;
}

/** The user's state directory; `undefined` when the user has no home. */
export function userStateDirectory(env: Env): string | undefined {
  const base = absolutePath(env, "XDG_STATE_HOME") ?? absolutePath(env, "LOCALAPPDATA") ??
    below(env, ".local/state");
  return base === undefined ? undefined : `${base}/gait`;
}

/** Store of spent approvals when none is named (divergence G13); "" when the user has no home. */
export function userApprovalStore(env: Env): string {
  const directory = userStateDirectory(env);
  return directory === undefined ? "" : `${directory}/approval_store.json`;
}
