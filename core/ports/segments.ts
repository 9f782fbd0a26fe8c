/** Write-ahead segments as a port: many small files made durable with one sync (design §3). */

/** A segment that is being written. */
export interface SegmentFile {
  /** Appends; not durable before {@linkcode SegmentFile.sync}. @throws GaitError `io_failure` */
  append(data: Uint8Array): Promise<void>;
  /**
   * Makes everything appended durable under its name, while other work goes on.
   *
   * @throws GaitError `io_failure`, `file_not_found`; also when the path does not name it any more
   */
  sync(): Promise<void>;
  /** Closes it and gives up its lock; may be called twice. */
  close(): void;
}

/** A directory that is held. */
export interface HeldDirectory {
  /** Whether its path still leads to it. @throws GaitError `file_unreadable` when that cannot be seen */
  isInPlace(): Promise<boolean>;
  /** Gives it up; may be called twice. */
  close(): void;
}

/** Segments and the files that they stand for. */
export interface Segments {
  /**
   * Holds a directory, through links, so that it can be told from any other one that takes its place.
   *
   * @throws GaitError `file_not_found`, `file_unreadable`
   */
  hold(directory: string): Promise<HeldDirectory>;
  /**
   * Creates a file that is visible at once but not durable. Nothing is followed or replaced.
   *
   * @throws GaitError `already_exists`, `io_failure`
   */
  createVisible(path: string, data: Uint8Array): Promise<void>;
  /**
   * Creates a segment, and locks it for as long as it is open, so that recovery leaves it alone.
   *
   * @throws GaitError `already_exists`, `io_failure`
   */
  create(path: string): Promise<SegmentFile>;
  /** Makes a file durable; a file that is gone needs nothing. @throws GaitError `io_failure` */
  settle(path: string): Promise<void>;
  /** Makes the names in a directory durable. @throws GaitError `io_failure` */
  settleDirectory(path: string): Promise<void>;
}
