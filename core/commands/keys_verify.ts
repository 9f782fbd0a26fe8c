import { GaitError } from "../base/errors.ts";
import { resolveStoredKey, type SigningKey } from "../keys/resolve_signing_key.ts";
import type { Ports } from "../ports/ports.ts";
import { signDigest } from "../sign/signature.ts";
import { verifySignature } from "../sign/verify_signature.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";
import {
  signerFlags,
  signerNeeds,
  signerOptions,
  verifyKeyFlags,
  verifyKeyNeeds,
  verifyKeyOptions,
} from "./flags/key_flags.ts";

/** Name of the public source in the output; `derived` when none is given. */
function publicSourceName(args: Arguments): string {
  const { publicKey, publicKeyEnv } = verifyKeyOptions(args);
  if (publicKey) return `path:${publicKey}`;
  return publicKeyEnv ? `env:${publicKeyEnv}` : "derived";
}

/** Signs a random digest and verifies it, so that the key is proven to work. */
async function proveKey({ signer }: SigningKey, ports: Ports): Promise<void> {
  const digest = ports.random.bytes(32);
  const signature = await signDigest(digest, signer);
  const { publicKey } = signer;
  if ((await verifySignature({ signature, digest, publicKey }, ports)).ok) return;
  throw new GaitError("key_invalid", "Cannot use key: what it signs does not verify");
}

/** `gait keys verify` (spec 01 §11.10). */
export const command: Command = {
  spec: {
    path: ["keys", "verify"],
    summary: "check a signing key, and that a public key belongs to it",
    explain:
      "keys verify reads a private key or asks a signer, and proves that it signs for its key",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [...verifyKeyFlags, ...signerFlags],
    examples: [
      "gait keys verify --private-key gait-out/keys/gait_private.key " +
      "--public-key gait-out/keys/gait_public.key",
    ],
    permissions: (args) => [...verifyKeyNeeds(args), ...signerNeeds(args)],
  },
  async run({ args, ports, warn }: CommandContext): Promise<CommandResult> {
    const options = { ...verifyKeyOptions(args), ...signerOptions(args) };
    const key = await resolveStoredKey(options, ports);
    if (key === undefined) throw new GaitError("key_invalid", "private key source is required");
    await proveKey(key, ports);
    for (const warning of key.warnings) warn(warning);
    return {
      exit: 0,
      json: {
        ok: true,
        key_id: key.signer.keyId,
        public_key_source: publicSourceName(args),
        private_key_source: key.source,
      },
      text: [`keys verify ok: key_id=${key.signer.keyId}`],
      tone: "good",
    };
  },
};
