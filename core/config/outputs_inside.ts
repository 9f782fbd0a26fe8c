/**
 * Outputs that an untrusted project file names must stay inside the working directory for real: a cloned
 * repository may bring links that lead out of it (divergence C7).
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import type { Files } from "../ports/files.ts";
import { CONFIG_KEYS } from "./config_keys.ts";
import type { ConfigLayer } from "./load_config.ts";
import { refuseKey } from "./refuse_key.ts";

/** Real path of the nearest folder above a relative path that exists. */
async function realFolder(path: string, files: Files): Promise<string> {
  const segments = path.split(/[\\/]+/).slice(0, -1);
  for (let length = segments.length; length > 0; length--) {
    const folder = segments.slice(0, length).join("/");
    if (await files.stat(folder) !== undefined) return await files.realPath(folder);
  }
  return await files.realPath(".");
}

/** How every record that gait writes begins. */
const OWN_RECORD = /^\s*\{\s*"schema_id"\s*:\s*"gait\.(?:gate|broker)\./;

/** Whether an output would replace a file that no gait wrote. */
async function isForeign(path: string, files: Files): Promise<boolean> {
  const info = await files.stat(path);
  // Links and folders are refused when they are written to.
  if (info?.kind !== "file") return false;
  const data = await files.read(path, { maxBytes: LIMITS.stateBytes });
  return !OWN_RECORD.test(new TextDecoder().decode(data.subarray(0, 200)));
}

/**
 * Checks every output path of an untrusted project file.
 *
 * @throws GaitError `config_untrusted`; `file_not_found` for a link that leads nowhere
 */
export async function checkOutputsInside(file: ConfigLayer, files: Files): Promise<void> {
  for (const key of CONFIG_KEYS) {
    const value = file.values.get(key.path)?.value;
    if (value === undefined || (key.trust !== "output" && key.trust !== "state")) continue;
    const root = (await files.realPath(".")).replace(/[\\/]+$/, "");
    const folder = await realFolder(value, files);
    const inside = folder === root || /^[\\/]/.test(folder.slice(root.length));
    if (!folder.startsWith(root) || !inside) {
      refuseKey(key, file, "a link leads it out of the working directory");
    }
    if (key.trust === "output" && await isForeign(value, files)) {
      refuseKey(key, file, "it would overwrite a file that is no record of gait");
    }
  }
}
