/**
 * Flags that choose the configuration, and the settings they lead to.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { CONFIG_KEYS } from "../../config/config_keys.ts";
import type { ConfigLayers } from "../../config/load_config.ts";
import type { Settings } from "../../config/settings.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import type { Arguments, CommandContext, FlagSpec } from "../frame/command.ts";

/** `--config` and `--no-config`. */
export const CONFIG_FLAGS: readonly FlagSpec[] = [
  {
    name: "config",
    kind: "string",
    value: "path",
    summary: "project configuration instead of .gait/config.yaml",
  },
  { name: "no-config", kind: "boolean", summary: "use no configuration file" },
];

/** Variables that choose the configuration or set a key. */
export const CONFIG_VARIABLES: readonly string[] = [
  "GAIT_CONFIG",
  "GAIT_PROFILE",
  "GAIT_EXIT_MODE",
  "HOME",
  "USERPROFILE",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "APPDATA",
  "LOCALAPPDATA",
];

/** Permissions that reading the configuration needs. */
export const CONFIG_NEEDS: readonly PermissionNeed[] = [
  { kind: "env", values: [...CONFIG_VARIABLES, "NO_COLOR", "TERM"], why: "configuration, colours" },
];

/** Flags that have another name than the key they set. */
const RENAMED: Readonly<Record<string, string>> = {
  "gate.trace_path": "trace-out",
  "gate.credential_evidence_path": "credential-evidence-out",
};

/** Name of the flag that sets a key of the `gate` section: `gate.key_mode` → `key-mode`. */
export function flagOfKey(path: string): string {
  return RENAMED[path] ?? path.slice(path.indexOf(".") + 1).replaceAll("_", "-");
}

/** Values of the flags that set a key of the `gate` section. */
function flagValues(args: Arguments): Map<string, string> {
  const out = new Map<string, string>();
  for (const { path } of CONFIG_KEYS) {
    if (!path.startsWith("gate.")) continue;
    const value = args.text(flagOfKey(path));
    if (value !== "") out.set(path, value);
  }
  return out;
}

/**
 * Refuses a flag that is given with nothing where an untrusted project file would fill the gap: an unset
 * variable of a script must not hand the choice of policy or keys to the folder (divergence C7).
 */
function checkBlankFlags(args: Arguments, layers: ConfigLayers): void {
  const { project } = layers;
  if (project === undefined || project.trusted) return;
  for (const { path } of CONFIG_KEYS) {
    const flag = flagOfKey(path);
    if (!args.given(flag) || args.text(flag).trim() !== "" || !project.values.has(path)) continue;
    throw new GaitError("usage", `Flag --${flag} is empty`, {
      hint: `give it a value; ${project.path}, which nobody trusts, would choose one`,
    });
  }
}

/**
 * Loads the configuration that the flags ask for and resolves the settings.
 *
 * @throws GaitError `config_invalid`, `config_untrusted`, `usage`
 */
export async function loadSettings(
  context: CommandContext,
): Promise<{ readonly settings: Settings; readonly layers: ConfigLayers }> {
  const { args, ports } = context;
  const none = args.flag("no-config");
  const path = args.given("config") ? args.text("config") : undefined;
  const { loadConfig } = await import("../../config/load_config.ts");
  const { resolveSettings } = await import("../../config/settings.ts");
  const layers = await loadConfig({ path, none }, ports);
  checkBlankFlags(args, layers);
  const settings = resolveSettings({ flags: flagValues(args), layers, env: ports.env });
  if (layers.project?.trusted === false) {
    const { checkOutputsInside } = await import("../../config/outputs_inside.ts");
    await checkOutputsInside(layers.project, ports.files);
  }
  if (settings.untrustedKeys.length > 0) {
    context.warn({
      code: "project_config_untrusted",
      message: `an untrusted project config sets ${settings.untrustedKeys.join(", ")}; ` +
        "inspect it, then run gait config trust",
      severity: "warning",
    });
  }
  return { settings, layers };
}
