import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { resolveStoredKey } from "../keys/resolve_signing_key.ts";
import { resolveVerifyKey } from "../keys/resolve_verify_key.ts";
import { formatPublicKey } from "../sign/key_text.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import {
  signerFlags,
  signerNeeds,
  signerOptions,
  verifyKeyFlags,
  verifyKeyNeeds,
  verifyKeyOptions,
} from "./flags/key_flags.ts";

/** A public key and where it comes from. */
interface ShownKey {
  readonly publicKey: Bytes;
  readonly keyId: string;
  readonly source: string;
}

/** Finds the key: a public source wins, then a private one or a signer. */
async function findKey({ args, ports }: CommandContext): Promise<ShownKey | undefined> {
  const sources = verifyKeyOptions(args);
  const signer = signerOptions(args);
  if (signer.signerCommand || signer.signerSocket) {
    const key = await resolveStoredKey({ ...sources, ...signer }, ports);
    return key && { ...key.signer, source: key.source };
  }
  return await resolveVerifyKey(sources, ports);
}

/** `gait keys show`: public half and id of a key, never its private half. */
export const command: Command = {
  spec: {
    path: ["keys", "show"],
    summary: "print the public key and the id of a key",
    explain: "keys show prints the public half and the id of any key source, never a private half",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [...verifyKeyFlags, ...signerFlags],
    examples: ["gait keys show --private-key gait-out/keys/gait_private.key"],
    permissions: (args) => [...verifyKeyNeeds(args), ...signerNeeds(args)],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const key = await findKey(context);
    if (key === undefined) {
      throw new GaitError("key_invalid", "key source is required", {
        hint: "name one with --public-key, --private-key or --signer-command",
      });
    }
    const publicKey = formatPublicKey(key.publicKey);
    return {
      exit: 0,
      json: { ok: true, key_id: key.keyId, public_key: publicKey, source: key.source },
      text: [`public key: ${publicKey}`, `key_id: ${key.keyId}`],
    };
  },
};
