/** Environment variables as a port. */

/** Read access to the environment. */
export interface Env {
  /** Value of a variable; `undefined` when unset or when its reading is not permitted. */
  get(name: string): string | undefined;
  /** Names of all variables, sorted; empty when listing them is not permitted. */
  names(): string[];
}
