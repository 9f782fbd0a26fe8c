/**
 * A directory whose files are made durable one by one.
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import type { DirectoryGroup } from "./directory_group.ts";
import type { GroupedPorts } from "./local_group.ts";
import { PinnedDirectory, tryWriting } from "./pinned_directory.ts";

/** Durable creation without groups. */
export class SingleFiles implements DirectoryGroup {
  /** There are none. */
  readonly segments = 0;
  readonly #directory: string;
  readonly #ports: GroupedPorts;
  readonly #pinned: PinnedDirectory;
  readonly #probe: string;

  /** @param directory Directory of the files; it must exist. */
  constructor(directory: string, ports: GroupedPorts) {
    this.#directory = directory;
    this.#ports = ports;
    this.#pinned = new PinnedDirectory(directory, ports);
    this.#probe = `${directory}/.gait-probe-${toHex(ports.random.bytes(8))}`;
  }

  /** See {@linkcode DirectoryGroup.create}. */
  async create(name: string, text: string): Promise<void> {
    await this.#pinned.verify();
    const path = `${this.#directory}/${name}`;
    await this.#ports.files.create(path, text);
    // Nothing is acknowledged that may have gone elsewhere.
    await this.#pinned.verify();
  }

  /** See {@linkcode DirectoryGroup.remove}. */
  async remove(name: string): Promise<void> {
    await this.#pinned.verify();
    await this.#ports.files.remove(`${this.#directory}/${name}`);
  }

  /** See {@linkcode DirectoryGroup.check}. */
  async check(how: { readonly writes: boolean }): Promise<void> {
    const { files } = this.#ports;
    await this.#pinned.verify();
    if (how.writes) {
      await tryWriting(this.#probe, (path) => files.create(path, utf8("")), files);
    }
    await this.#pinned.pin();
  }

  /** Nothing is left to settle. */
  maintain(): Promise<void> {
    return Promise.resolve();
  }

  /** See {@linkcode DirectoryGroup.close}. */
  close(): Promise<void> {
    this.#pinned.release();
    return Promise.resolve();
  }
}
