/**
 * Reads the tokens that the service accepts, once, when it starts (spec 04 §5.2, divergence W10).
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { trim } from "../../base/text_rules.ts";
import type { ServiceConfig } from "../../ports/service.ts";
import { type AuthRule, type TokenEntry, tokenEntry } from "./auth.ts";
import { readAuthTokens } from "./auth_tokens.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";

/** The token of the variable, if one is named. */
async function environmentToken(name: string, ports: ServicePorts): Promise<TokenEntry[]> {
  if (trim(name) === "") return [];
  const exists = !/[=\0]/.test(name);
  const token = trim((exists ? ports.env.get(trim(name)) : undefined) ?? "");
  if (token === "") {
    throw new GaitError("usage", "--auth-token-env did not resolve to a non-empty value");
  }
  return [await tokenEntry(token, {}, ports.digester)];
}

/** The tokens of the file, if one is named. */
async function fileTokens(path: string, ports: ServicePorts): Promise<TokenEntry[]> {
  if (trim(path) === "") return [];
  const data = await ports.files.read(path, { maxBytes: LIMITS.authTokensBytes });
  return readAuthTokens(data, path);
}

/**
 * Opens the rule.
 *
 * @throws GaitError `usage`, `config_invalid`, and what reading throws
 */
export async function openAuth(
  mode: "off" | "token",
  auth: ServiceConfig["auth"],
  ports: ServicePorts,
): Promise<AuthRule> {
  if (mode === "off") return { mode };
  const tokens = [
    ...await fileTokens(auth.tokensFile, ports),
    ...await environmentToken(auth.tokenEnv, ports),
  ];
  return { mode, tokens };
}
