/** Making directories as a port; a long-lived program makes its own when it starts. */

/** Directories. */
export interface Directories {
  /**
   * Makes a directory and its parents, mode 0750; one that exists, or a link to one, is left as it is.
   *
   * @throws GaitError `io_failure`, `path_not_allowed` when something else has that name
   */
  ensure(path: string): Promise<void>;
  /**
   * Gives a regular file another name in the same directory, durably; fails when that name is taken.
   *
   * @throws GaitError `already_exists`, `path_is_symlink`, `io_failure`
   */
  rename(from: string, to: string): Promise<void>;
}
