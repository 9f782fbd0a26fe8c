import { readTokenTerms } from "../token/token_terms.ts";
import { mintDelegationToken } from "../delegation/mint.ts";
import { encodeDelegationToken } from "../delegation/token.ts";
import { csv } from "./flags/csv.ts";
import { CONFIG_NEEDS } from "./flags/config_flags.ts";
import { signerNeeds } from "./flags/key_flags.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import {
  MINT_FLAGS,
  mintingKey,
  tokenPath,
  withoutFraction,
  writeToken,
} from "./flags/token_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait delegate mint` (spec 02 §15.7). */
export const command: Command = {
  spec: {
    path: ["delegate", "mint"],
    summary: "sign a delegation from one identity to another",
    explain: "delegate mint signs a token by which one identity lets another act within a scope",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      { name: "delegator", kind: "string", value: "name", summary: "who delegates" },
      { name: "delegate", kind: "string", value: "name", summary: "who may act" },
      { name: "scope-class", kind: "string", value: "class", summary: "scope class of intents" },
      { name: "intent-digest", kind: "string", value: "sha256", summary: "binds to one intent" },
      { name: "policy-digest", kind: "string", value: "sha256", summary: "binds to one policy" },
      ...MINT_FLAGS,
    ],
    examples: [
      "gait delegate mint --delegator lead --delegate worker --scope write --ttl 2h " +
      "--key-mode prod --private-key lead_private.key",
    ],
    permissions: (args) => [
      INPUT_NEED,
      OUTPUT_NEED,
      ...CONFIG_NEEDS,
      ...signerNeeds(args),
      ...(args.text("private-key-env") === ""
        ? []
        : [{ kind: "env", values: [args.text("private-key-env")], why: "private key" } as const]),
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const terms = readTokenTerms({ ttl: args.text("ttl"), scope: csv(args.text("scope")) });
    const key = await mintingKey(context);
    const minted = await mintDelegationToken({
      ...terms,
      delegator_identity: args.text("delegator"),
      delegate_identity: args.text("delegate"),
      scope_class: args.text("scope-class"),
      intent_digest: args.text("intent-digest"),
      policy_digest: args.text("policy-digest"),
    }, {
      signer: key.signer,
      digester: ports.digester,
      now: ports.clock.now(),
      version: ports.version,
    });
    const { claims } = minted;
    const path = tokenPath(context, `delegation_${claims.token_id}.json`);
    await writeToken(path, encodeDelegationToken(minted), { command: context, key });
    return {
      exit: 0,
      json: {
        ok: true,
        token_id: claims.token_id,
        token_path: path,
        delegator_identity: claims.delegator_identity,
        delegate_identity: claims.delegate_identity,
        scope: claims.scope,
        scope_class: claims.scope_class,
        expires_at: withoutFraction(claims.expires_at.text),
        key_id: key.signer.keyId,
        description: "signed delegation token created",
      },
      text: [`delegation token created: ${path}`],
      tone: "good",
    };
  },
};
