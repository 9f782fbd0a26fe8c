/**
 * Signing of packs: unsigned unless a key is named (divergence E5).
 *
 * @module
 */

import { toBase64, utf8 } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { resolveSigningKey, type SigningKey } from "../../keys/resolve_signing_key.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import type { Arguments, CommandContext, FlagSpec } from "../frame/command.ts";
import { signerNeeds, signingKeyFlags, signingKeyOptions } from "./key_flags.ts";

/** Flags of every command that produces a pack. */
export const PACK_SIGNING_FLAGS: readonly FlagSpec[] = signingKeyFlags;

const SOURCES = ["private-key", "private-key-env", "signer-command", "signer-args"] as const;

/** Permissions for reaching the key. */
export function packSigningNeeds(args: Arguments): PermissionNeed[] {
  const variable = args.text("private-key-env");
  return [
    ...signerNeeds(args),
    ...(variable === "" ? [] : [{ kind: "env", values: [variable], why: "private key" } as const]),
  ];
}

/**
 * Finds the key that signs a pack.
 *
 * @param options `durableOnly` refuses keys that die with the process.
 * @returns `undefined` when no key flag is given: the pack stays unsigned, as the reference's are.
 * @throws GaitError `key_invalid`, `profile_refused`, `signer_failed`
 */
export async function packSigner(
  context: CommandContext,
  options: { readonly durableOnly?: boolean } = {},
): Promise<SigningKey | undefined> {
  const { args, ports } = context;
  const named = [...SOURCES, "signer-socket"].some((name) => args.text(name) !== "");
  if (!named && !args.given("key-mode")) return undefined;
  const keyMode = args.given("key-mode") ? args.text("key-mode") : "prod";
  if (options.durableOnly && keyMode === "dev") {
    throw new GaitError("profile_refused", "oss-prod profile refuses --key-mode dev", {
      hint: "create a key with gait keys init and pass --private-key",
    });
  }
  const key = await resolveSigningKey({ ...signingKeyOptions(args), keyMode }, ports);
  for (const warning of key.warnings) context.warn(warning);
  return key;
}

/** Writes the public half of a key that nobody keeps beside the pack (divergence E14). */
export async function writeDevPublicKey(
  packPath: string,
  key: SigningKey | undefined,
  context: CommandContext,
): Promise<void> {
  if (key === undefined || !key.ephemeral) return;
  const path = `${packPath.replace(/\.zip$/i, "")}.public.key`;
  await context.ports.files.replace(path, utf8(`${toBase64(key.signer.publicKey)}\n`));
}
