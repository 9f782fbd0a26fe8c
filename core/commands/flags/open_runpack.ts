/**
 * The runpack that a command reads and writes again.
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { type ReadPack, readRunpack } from "../../runpack/read_pack.ts";
import { findRunpack, readRunpackFile } from "./runpack_source.ts";

/** A runpack on disk. */
export interface OpenedRunpack {
  /** Path as outputs show it. */
  readonly path: string;
  readonly bytes: Bytes;
  readonly pack: ReadPack;
}

/**
 * Finds and reads a runpack; container, manifest, members and records must hold together.
 *
 * @param name A path or a run id.
 * @throws GaitError `run_not_found`, the first finding about the pack, and codes of reading
 */
export async function openRunpack(
  name: string,
  ports: Pick<Ports, "files" | "env" | "digester" | "ed25519">,
): Promise<OpenedRunpack> {
  const source = await findRunpack(name, ports);
  const bytes = await readRunpackFile(source, ports);
  const pack = await readRunpack(bytes, ports);
  const { path, runId } = source;
  if (runId !== undefined && pack.run.run_id !== runId) {
    throw new GaitError("foreign_record", `Cannot use ${path}: it holds another run`, {
      details: { path, expected: runId },
    });
  }
  return { path, bytes, pack };
}
