/**
 * The runpack that a command names: a path, or a run id (spec 01 §10.1).
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { printable } from "../../base/printable.ts";
import type { Ports } from "../../ports/ports.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import { runpackFileName } from "../../runpack/model.ts";
import type { Arguments, FlagSpec } from "../frame/command.ts";

/** Names the runpack in the place of the positional argument. */
export const FROM_FLAG: FlagSpec = {
  name: "from",
  kind: "string",
  value: "run",
  summary: "run id or path, instead of <run_id|path>",
};

/** A runpack on disk. */
export interface RunpackSource {
  /** Path as outputs show it. */
  readonly path: string;
  /** The run id that was asked for; absent when a path was. */
  readonly runId?: string;
}

/** Whether a name is a path by its form. */
function isPath(name: string): boolean {
  return /[/\\]/.test(name) || /\.zip$/i.test(name);
}

/** Paths that a run id may stand for, in order. */
function candidates(runId: string, home: string | undefined): string[] {
  const file = runpackFileName(runId);
  const local = `gait-out/${file}`;
  return home === undefined || home === "" ? [local] : [local, `${home}/.gait/runpacks/${file}`];
}

async function isFile(path: string, ports: Pick<Ports, "files">): Promise<boolean> {
  const kind = (await ports.files.stat(path))?.kind;
  return kind === "file" || kind === "symlink";
}

/**
 * Finds the runpack that a name stands for.
 *
 * @param name Path or run id.
 * @param ports Files, and the variable `HOME`.
 * @throws GaitError `usage` for an empty name, `run_not_found`
 */
export async function findRunpack(
  name: string,
  ports: Pick<Ports, "files" | "env">,
): Promise<RunpackSource> {
  if (name === "") {
    throw new GaitError("usage", "expected <run_id|path>", {
      hint: "name a run id or the path of a runpack",
    });
  }
  if (isPath(name)) {
    if (await isFile(name, ports)) return { path: name };
    throw new GaitError(
      "run_not_found",
      `Cannot find the runpack ${printable(name, 256)}: no file`,
    );
  }
  for (const path of candidates(name, ports.env.get("HOME"))) {
    if (await isFile(path, ports)) return { path, runId: name };
  }
  throw new GaitError("run_not_found", `runpack not found for run_id: ${printable(name)}`);
}

/** Reads the bytes of a runpack. */
export async function readRunpackFile(
  source: RunpackSource,
  ports: Pick<Ports, "files">,
): Promise<Bytes> {
  return await ports.files.read(source.path, { maxBytes: LIMITS.archiveBytes });
}

/**
 * The one runpack that a command names, as a positional or with a flag.
 *
 * @throws GaitError `usage` when there is none, or two
 */
export function namedRunpack(args: Arguments, flag?: string): string {
  const flagged = flag === undefined ? "" : args.text(flag);
  const names = [...args.positionals, flagged].filter((name) => name !== "");
  const [name, other] = names;
  if (name !== undefined && other === undefined) return name;
  throw new GaitError("usage", "expected <run_id|path>", {
    hint: "name one run id or the path of one runpack",
  });
}

/** Permissions for finding and reading runpacks. */
export function runpackNeeds(names: readonly string[]): PermissionNeed[] {
  const given = names.filter((name) => name !== "");
  const paths = given.map((name) => isPath(name) ? name : `gait-out/${runpackFileName(name)}`);
  const byId = given.some((name) => !isPath(name));
  return [
    ...(paths.length === 0 ? [] : [{ kind: "read", values: paths, why: "read the runpack" }]),
    ...(byId ? [{ kind: "env", values: ["HOME"], why: "find runpacks by run id" }] : []),
  ] as PermissionNeed[];
}
