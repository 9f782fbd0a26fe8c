/**
 * Finds and reads the configuration layers: the project's file and the user's own.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import type { Ports } from "../ports/ports.ts";
import { type ConfigValues, readConfig } from "./read_config.ts";
import { isTrusted } from "./trust_store.ts";
import { userConfigPath } from "./user_paths.ts";

/** Where the project's file is looked for (spec 05 §2.2). */
export const DEFAULT_CONFIG_PATH = ".gait/config.yaml";

/** One configuration file. */
export interface ConfigLayer {
  /** Path as spelled. */
  readonly path: string;
  readonly values: ConfigValues;
  /** Whether its trust anchors count (divergence C7). */
  readonly trusted: boolean;
}

/** The layers that exist. */
export interface ConfigLayers {
  readonly project: ConfigLayer | undefined;
  readonly user: ConfigLayer | undefined;
}

/** How the caller asked for configuration. */
export interface ConfigRequest {
  /** Value of `--config`, `undefined` when the flag is absent. */
  readonly path: string | undefined;
  /** `--no-config`: no lookup at all. */
  readonly none: boolean;
}

type ConfigPorts = Pick<Ports, "files" | "env" | "digester">;

/** Whether a path is the default one, also spelled with a leading `./`. */
function isDefaultPath(path: string): boolean {
  return path.replace(/^(\.\/+)+/, "") === DEFAULT_CONFIG_PATH;
}

/**
 * Reads one file.
 *
 * @param trusted Whether it is trusted anyway; `undefined` looks at what the user has declared.
 * @throws GaitError `config_invalid` or a reading error
 */
export async function readLayer(
  path: string,
  trusted: boolean | undefined,
  ports: ConfigPorts,
): Promise<ConfigLayer> {
  const data = await ports.files.read(path, { maxBytes: LIMITS.configBytes });
  const values = await readConfig(data, path);
  return { path, values, trusted: trusted ?? await isTrusted(path, data, ports) };
}

/**
 * The user's own file; it is trusted because only the user can write it.
 *
 * @throws GaitError `config_invalid` or a reading error
 */
export async function loadUser(ports: ConfigPorts): Promise<ConfigLayer | undefined> {
  const path = userConfigPath(ports.env);
  if (path === undefined || await ports.files.stat(path) === undefined) return undefined;
  return await readLayer(path, true, ports);
}

/** The project's file: named explicitly, which is trust, or found in the working directory. */
async function loadProject(
  request: ConfigRequest,
  ports: ConfigPorts,
): Promise<ConfigLayer | undefined> {
  const fromEnv = ports.env.get("GAIT_CONFIG");
  const named = request.path ?? (fromEnv === "" ? undefined : fromEnv);
  if (named !== undefined && trim(named) === "") {
    throw new GaitError("config_invalid", "Project config path is required", {
      hint: "give --config a path, or use --no-config",
    });
  }
  const path = named === undefined ? DEFAULT_CONFIG_PATH : trim(named);
  const mayBeMissing = named === undefined || isDefaultPath(path);
  if (mayBeMissing && await ports.files.stat(path) === undefined) return undefined;
  try {
    return await readLayer(path, named === undefined ? undefined : true, ports);
  } catch (error) {
    if (error instanceof GaitError && error.code === "file_not_found") {
      throw new GaitError(
        "config_invalid",
        `Cannot read the project config ${path}: no such file`,
        {
          cause: error,
          place: { source: path },
        },
      );
    }
    throw error;
  }
}

/**
 * Loads the layers.
 *
 * @throws GaitError `config_invalid` or a reading error
 */
export async function loadConfig(
  request: ConfigRequest,
  ports: ConfigPorts,
): Promise<ConfigLayers> {
  if (request.none) return { project: undefined, user: undefined };
  const project = await loadProject(request, ports);
  const user = await loadUser(ports);
  return { project, user };
}
