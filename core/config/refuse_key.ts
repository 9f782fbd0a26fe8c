/**
 * The refusal of a key that only a trusted configuration may set (divergence C7).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { ConfigKey } from "./config_keys.ts";
import type { ConfigLayer } from "./load_config.ts";

/**
 * Refuses a key of an untrusted project file.
 *
 * @throws GaitError `config_untrusted`, always
 */
export function refuseKey(key: ConfigKey, file: ConfigLayer, why: string): never {
  throw new GaitError(
    "config_untrusted",
    `Cannot take ${key.path} from an untrusted project config: ${why}`,
    {
      place: { source: file.path, line: file.values.get(key.path)?.line ?? 1, path: key.path },
    },
  );
}
