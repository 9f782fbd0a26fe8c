/** Being told about changes of a file as a port. */

/** Watching files. */
export interface Watches {
  /**
   * Calls `react` some time after the file or its name changed; several changes may be told once.
   *
   * @returns How to stop watching.
   */
  watch(path: string, react: () => void): () => void;
}
