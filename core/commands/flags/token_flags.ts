/**
 * What the commands that mint tokens share.
 *
 * @module
 */

import { toBase64, utf8 } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { trim } from "../../base/text_rules.ts";
import { checkOutputPath } from "../../enforce/output_path.ts";
import { resolveSigningKey, type SigningKey } from "../../keys/resolve_signing_key.ts";
import type { CommandContext, FlagSpec } from "../frame/command.ts";
import { CONFIG_FLAGS, loadSettings } from "./config_flags.ts";
import { readProfile } from "./gate_setup.ts";
import { signingKeyFlags, signingKeyOptions } from "./key_flags.ts";

/** Flags of every minting command. */
export const MINT_FLAGS: readonly FlagSpec[] = [
  { name: "ttl", kind: "string", value: "duration", summary: "life of the token, e.g. 1h30m" },
  { name: "scope", kind: "string", value: "csv", summary: "what the token is good for" },
  { name: "out", kind: "string", value: "path", summary: "token file" },
  {
    name: "profile",
    kind: "string",
    value: "name",
    summary: "oss-prod refuses keys that vanish with the process",
    choices: ["standard", "oss-prod"],
  },
  ...CONFIG_FLAGS,
  ...signingKeyFlags,
];

/**
 * Finds the key that signs a token. A dev key is warned about, and refused in `oss-prod`: nobody could
 * verify the token later (divergence E14).
 *
 * @throws GaitError `profile_refused`, `key_invalid`, `signer_failed`
 */
export async function mintingKey(context: CommandContext): Promise<SigningKey> {
  const { args, ports } = context;
  const { settings } = await loadSettings(context);
  const options = signingKeyOptions(args);
  if (readProfile(settings) === "oss-prod" && options.keyMode === "dev") {
    throw new GaitError(
      "profile_refused",
      "oss-prod profile requires --key-mode prod to mint tokens",
      {
        hint: "create a key with gait keys init and pass --key-mode prod --private-key",
      },
    );
  }
  const key = await resolveSigningKey(options, ports);
  for (const warning of key.warnings) context.warn(warning);
  return key;
}

/** Path of the token: `--out`, or a default name. @throws GaitError `path_not_allowed` */
export function tokenPath(context: CommandContext, defaultName: string): string {
  const out = trim(context.args.text("out"));
  if (out === "") return defaultName;
  checkOutputPath(out, "token");
  return out;
}

/** Writes a token, and the public half of a key that nobody keeps. */
export async function writeToken(
  path: string,
  text: string,
  context: { readonly command: CommandContext; readonly key: SigningKey },
): Promise<void> {
  const { files } = context.command.ports;
  if (context.key.ephemeral) {
    const keyText = `${toBase64(context.key.signer.publicKey)}\n`;
    await files.replace(`${path.replace(/\.json$/, "")}.public.key`, utf8(keyText));
  }
  await files.replace(path, utf8(text));
}

/** A time without its fraction, as minting reports it (spec 02 §15.6). */
export function withoutFraction(timestamp: string): string {
  return timestamp.replace(/\.\d+/, "");
}
