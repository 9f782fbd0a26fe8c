import { GaitError } from "../base/errors.ts";
import { createKeyPair } from "../keys/create_key_pair.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { keyPairFlags, keyPairNeeds, keyPairPlace, keyPairResult } from "./flags/key_pair_flags.ts";

/** `gait keys init` (spec 01 §11.10). */
export const command: Command = {
  spec: {
    path: ["keys", "init"],
    summary: "create a signing key pair",
    explain: "keys init makes an Ed25519 key pair and writes each half to a file of mode 0600",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      ...keyPairFlags,
      {
        name: "force",
        kind: "boolean",
        summary: "replace an existing pair; its private key is lost",
      },
    ],
    examples: ["gait keys init", "gait keys init --out-dir keys --prefix release"],
    permissions: keyPairNeeds,
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const place = keyPairPlace(args);
    if (place.prefix.trim() === "") {
      throw new GaitError("path_not_allowed", "--prefix must not be empty");
    }
    return keyPairResult(
      await createKeyPair({ ...place, replace: args.flag("force") }, ports),
      "init",
    );
  },
};
