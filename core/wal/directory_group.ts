/**
 * A directory whose small files are made durable in groups, wherever that is done.
 *
 * @module
 */

/** Files of one directory. */
export interface DirectoryGroup {
  /** Write-ahead segments on disk. */
  readonly segments: number;
  /**
   * Creates a file; it is visible and durable when this resolves.
   *
   * @param name Plain name in the directory.
   * @throws GaitError `already_exists`, `evidence_directory_lost`, `io_failure`
   */
  create(name: string, text: string): Promise<void>;
  /** Removes a file for good: recovery does not bring it back. @throws GaitError `io_failure` */
  remove(name: string): Promise<void>;
  /**
   * Looks whether the directory is still the one that it was at the first call.
   *
   * @param how `writes`: also tries to write a file.
   * @throws GaitError `evidence_directory_lost`, `io_failure`
   */
  check(how: { readonly writes: boolean }): Promise<void>;
  /** Settles segments that are old enough; called now and then. @throws GaitError `io_failure` */
  maintain(): Promise<void>;
  /** Settles everything; no creation may be under way. @throws GaitError `io_failure` */
  close(): Promise<void>;
}
