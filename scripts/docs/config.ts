/** The table of configuration keys in `docs/config.md`, made from `core/config`. */

import { flagOfKey } from "../../core/commands/flags/config_flags.ts";
import { CONFIG_KEYS, type ConfigKey } from "../../core/config/config_keys.ts";
import { resolveSettings } from "../../core/config/settings.ts";
import type { Env } from "../../core/ports/env.ts";
import { code, table } from "./markdown.ts";

const NO_VARIABLES: Env = { get: () => undefined, names: () => [] };

/** Words for what an untrusted project file may do with a key. */
const UNTRUSTED: Readonly<Record<ConfigKey["trust"], string>> = {
  anchor: "warning; refused under `oss-prod`",
  command: "refused",
  memory: "refused",
  output: "only below the working directory",
  state: "only below the working directory; warning; refused under `oss-prod`",
  removal: "ignored; warning of the service",
  tighten: "over the user's own file only towards stricter",
  plain: "honoured",
};

/** One row for each key. */
export function configTable(): string {
  const defaults = resolveSettings({
    flags: new Map(),
    layers: { project: undefined, user: undefined },
    env: NO_VARIABLES,
  });
  const rows = CONFIG_KEYS.map((key) => {
    const fallback = defaults.text(key.path);
    return [
      code(key.path),
      key.type,
      key.path.startsWith("gate.") ? code(`--${flagOfKey(key.path)}`) : "",
      fallback === "" ? "" : code(fallback),
      UNTRUSTED[key.trust],
    ];
  });
  return table(["Key", "Type", "Flag", "Default", "From an untrusted project file"], rows);
}
