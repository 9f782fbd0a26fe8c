/**
 * From what a caller names to the file of a runpack (spec 01 §10.1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import type { Ports } from "../ports/ports.ts";
import { RUN_ID_PATTERN, runpackFileName } from "../runpack/model.ts";

/** What the caller named. */
export interface FoundRunpack {
  /** Path as it is shown: the caller's own, or that of the run id. */
  readonly path: string;
  /** The run id that was asked for; absent when a path was. */
  readonly runId?: string;
}

function notFound(name: string): GaitError {
  return new GaitError(
    "run_not_found",
    `Cannot find the runpack ${printable(name)}: nothing is there`,
  );
}

/** Whether a name is a path: it has a separator or ends with `.zip`. */
function isPath(name: string): boolean {
  return /[\\/]/.test(name) || /\.zip$/i.test(name);
}

/** Whether a file, or a link to one, is there. */
async function isFile(path: string, files: Ports["files"]): Promise<boolean> {
  const info = await files.stat(path);
  if (info === undefined || info.kind === "directory") return false;
  if (info.kind !== "symlink") return true;
  const target = await files.stat(await files.realPath(path).catch(() => ""));
  return target !== undefined && target.kind !== "directory";
}

/**
 * Finds a runpack.
 *
 * @param name A path, or a run id that is looked up in `gait-out`, then in `~/.gait/runpacks`.
 * @throws GaitError `usage` for an empty name, `run_not_found`
 */
export async function findRunpack(
  name: string,
  ports: Pick<Ports, "files" | "env">,
): Promise<FoundRunpack> {
  const { env, files } = ports;
  if (name === "") throw new GaitError("usage", "No runpack is given");
  if (isPath(name)) {
    if (await isFile(name, files)) return { path: name };
    throw notFound(name);
  }
  if (!RUN_ID_PATTERN.test(name) && !/^[A-Za-z0-9_.-]+$/.test(name)) throw notFound(name);
  const home = env.get("HOME") ?? env.get("USERPROFILE") ?? "";
  const directories = ["gait-out", ...(home === "" ? [] : [`${home}/.gait/runpacks`])];
  for (const directory of directories) {
    const path = `${directory}/${runpackFileName(name)}`;
    if (await isFile(path, files)) return { path, runId: name };
  }
  throw notFound(name);
}
