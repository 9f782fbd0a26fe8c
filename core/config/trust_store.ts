/**
 * Which project configurations the user has declared trustworthy: real path and digest of each
 * (divergence C7). A file that changed since is not trusted any more.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { sha256Hex } from "../digest/digest.ts";
import type { Ports } from "../ports/ports.ts";
import { parseJson } from "../text/json.ts";
import { userStateDirectory } from "./user_paths.ts";

type TrustPorts = Pick<Ports, "files" | "env" | "digester">;

const SCHEMA_ID = "gait.config.trust";

/** Path of the store; `undefined` when the user has no home. */
export function trustStorePath(ports: Pick<Ports, "env">): string | undefined {
  const directory = userStateDirectory(ports.env);
  return directory === undefined ? undefined : `${directory}/trusted_configs.json`;
}

/** Reads the store; a missing store trusts nothing, an unreadable one is an error. */
async function readStore(path: string, ports: TrustPorts): Promise<Map<string, string>> {
  if (await ports.files.stat(path) === undefined) return new Map();
  const data = await ports.files.read(path, { maxBytes: LIMITS.configBytes });
  const value = parseJson(data, { source: path });
  const entries = isJsonObject(value) && value.schema_id === SCHEMA_ID ? value.trusted : undefined;
  if (!isJsonObject(entries)) {
    throw new GaitError("config_invalid", `Cannot read ${path}: it is no trust store`, {
      hint: "remove the file and run gait config trust again",
    });
  }
  return new Map(
    Object.entries(entries).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}

/**
 * Whether exactly this content at exactly this place was declared trustworthy.
 *
 * @param path Path of the configuration, as spelled.
 * @param data Its content.
 */
export async function isTrusted(
  path: string,
  data: Uint8Array,
  ports: TrustPorts,
): Promise<boolean> {
  const store = trustStorePath(ports);
  if (store === undefined) return false;
  const trusted = await readStore(store, ports);
  if (trusted.size === 0) return false;
  const digest = trusted.get(await ports.files.realPath(path));
  return digest !== undefined && digest === await sha256Hex(ports.digester, data);
}

/**
 * Declares a configuration trustworthy.
 *
 * @returns The real path and the digest that were remembered.
 * @throws GaitError `config_invalid` when the user has no home to remember it in
 */
export async function trustConfig(
  path: string,
  ports: TrustPorts,
): Promise<{ readonly path: string; readonly sha256: string; readonly store: string }> {
  const store = trustStorePath(ports);
  if (store === undefined) {
    throw new GaitError("config_invalid", "Cannot remember the trust: HOME is not set", {
      hint: "set HOME or XDG_STATE_HOME, or name the file with --config on each call",
    });
  }
  const data = await ports.files.read(path, { maxBytes: LIMITS.configBytes });
  const real = await ports.files.realPath(path);
  const sha256 = await sha256Hex(ports.digester, data);
  const trusted = await readStore(store, ports);
  trusted.set(real, sha256);
  const record = {
    schema_id: SCHEMA_ID,
    schema_version: "1.0.0",
    trusted: Object.fromEntries(trusted),
  };
  await ports.files.replace(store, utf8(encodeJsonPretty(record) + "\n"));
  return { path: real, sha256, store };
}
