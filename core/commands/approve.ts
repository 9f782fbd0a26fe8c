import { encodeApprovalToken } from "../approval/token.ts";
import { mintApprovalToken } from "../approval/mint.ts";
import { readTokenTerms } from "../token/token_terms.ts";
import { approvalSubject, SUBJECT_FLAGS } from "./flags/approval_subject.ts";
import { csv } from "./flags/csv.ts";
import { CONFIG_NEEDS } from "./flags/config_flags.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import { signerNeeds, signingKeyOptions } from "./flags/key_flags.ts";
import {
  MINT_FLAGS,
  mintingKey,
  tokenPath,
  withoutFraction,
  writeToken,
} from "./flags/token_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait approve` (spec 02 §15.6). */
export const command: Command = {
  spec: {
    path: ["approve"],
    summary: "sign an approval for one call under one policy",
    explain:
      "approve signs a token that lets exactly one intent pass one policy for a limited time",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      ...SUBJECT_FLAGS,
      { name: "approver", kind: "string", value: "name", summary: "who approves" },
      { name: "reason-code", kind: "string", value: "code", summary: "why it is approved" },
      { name: "show", kind: "boolean", summary: "show what would be approved, and sign nothing" },
      ...MINT_FLAGS,
    ],
    examples: [
      "gait approve --show --policy gait.policy.yaml --intent intent.json",
      "gait approve --policy gait.policy.yaml --intent intent.json --ttl 1h --approver alice " +
      "--reason-code reviewed --key-mode prod --private-key alice_private.key",
    ],
    permissions: (args) => [
      INPUT_NEED,
      OUTPUT_NEED,
      ...CONFIG_NEEDS,
      ...signerNeeds(args),
      ...(signingKeyOptions(args).privateKeyEnv
        ? [{ kind: "env", values: [args.text("private-key-env")], why: "private key" } as const]
        : []),
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    if (args.flag("show")) return await (await import("./approve_show.ts")).showApproval(context);
    const subject = await approvalSubject(context);
    const scope = args.text("scope") || subject.defaultScope;
    const terms = readTokenTerms({ ttl: args.text("ttl"), scope: csv(scope) });
    const key = await mintingKey(context);
    const minted = await mintApprovalToken({
      ...terms,
      ...subject.digests,
      approver_identity: args.text("approver"),
      reason_code: args.text("reason-code"),
    }, {
      signer: key.signer,
      digester: ports.digester,
      now: ports.clock.now(),
      version: ports.version,
    });
    const { claims } = minted;
    const path = tokenPath(context, `approval_${claims.token_id}.json`);
    await writeToken(path, encodeApprovalToken(minted), { command: context, key });
    return {
      exit: 0,
      json: {
        ok: true,
        token_id: claims.token_id,
        token_path: path,
        expires_at: withoutFraction(claims.expires_at.text),
        reason_code: claims.reason_code,
        scope: claims.scope,
        key_id: key.signer.keyId,
        description: "signed approval token created",
      },
      text: [`approval token created: ${path}`],
      tone: "good",
    };
  },
};
