import { createKeyPair, rotatedPrefix } from "../keys/create_key_pair.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { keyPairFlags, keyPairNeeds, keyPairPlace, keyPairResult } from "./flags/key_pair_flags.ts";

/** `gait keys rotate` (spec 01 §11.10). */
export const command: Command = {
  spec: {
    path: ["keys", "rotate"],
    summary: "create the next signing key pair beside the old ones",
    explain: "keys rotate makes a key pair whose names carry the time; older pairs stay untouched",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: keyPairFlags,
    examples: ["gait keys rotate"],
    permissions: keyPairNeeds,
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const { outDir, prefix } = keyPairPlace(args);
    const request = { outDir, prefix: rotatedPrefix(prefix, ports.clock.now()), replace: false };
    return keyPairResult(await createKeyPair(request, ports), "rotate");
  },
};
