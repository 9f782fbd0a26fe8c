/** Environment variables as a port. */

/** Read access to the environment. */
export interface Env {
  /**
   * Value of a variable; `undefined` when unset.
   *
   * @throws GaitError `permission_missing` when its reading is not permitted: a setting that cannot be
   * seen may be the strict one.
   */
  get(name: string): string | undefined;
  /** Names of all variables, sorted; empty when listing them is not permitted. */
  names(): string[];
}

/**
 * Value of a variable on which no decision depends (colours, telemetry); `undefined` when unset or when
 * its reading is not permitted.
 */
export function readComfort(env: Env, name: string): string | undefined {
  try {
    return env.get(name);
  } catch {
    return undefined;
  }
}
