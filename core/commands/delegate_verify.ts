import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { lowerList, trim } from "../base/text_rules.ts";
import { parseDelegationToken } from "../delegation/token.ts";
import {
  type DelegationCheck,
  type DelegationExpectation,
  verifyDelegationToken,
} from "../delegation/verify.ts";
import { resolveVerifyKey, type VerifyKey } from "../keys/resolve_verify_key.ts";
import { csv } from "./flags/csv.ts";
import { verifyKeyFlags, verifyKeyNeeds, verifyKeyOptions } from "./flags/key_flags.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";

/** What the flags expect of the token. */
function expectations(
  args: Arguments,
  key: VerifyKey,
  now: bigint,
): DelegationExpectation {
  const text = (name: string) => trim(args.text(name));
  const delegator = text("delegator");
  const delegate = text("delegate");
  const intent = text("intent-digest").toLowerCase();
  const policy = text("policy-digest").toLowerCase();
  const scopes = lowerList(csv(args.text("scope")));
  return {
    keys: [key],
    now,
    requireBinding: true,
    ...(delegator === "" ? {} : { delegator_identity: delegator }),
    ...(delegate === "" ? {} : { delegate_identity: delegate }),
    ...(intent === "" ? {} : { intent_digest: intent }),
    ...(policy === "" ? {} : { policy_digest: policy }),
    ...(scopes.length === 0 ? {} : { scope: { kind: "all", scopes } as const }),
  };
}

/** The report of a valid token. */
function verified(path: string, check: DelegationCheck): CommandResult {
  const { claims } = check.token;
  return {
    exit: EXIT.ok,
    json: {
      ok: true,
      token_id: claims.token_id,
      token_path: path,
      delegator_identity: claims.delegator_identity,
      delegate_identity: claims.delegate_identity,
      scope: claims.scope,
      scope_class: claims.scope_class,
      expires_at: claims.expires_at.text.replace(/\.\d+/, ""),
      key_id: check.key_id,
      description: "delegation token verified",
    },
    text: [`delegation token ok: ${path}`],
    tone: "good",
  };
}

/** The report of a token that does not hold. */
function refused(path: string, check: DelegationCheck): CommandResult {
  const error = new GaitError("verification_failed", `${check.code}: ${check.detail}`);
  return {
    exit: EXIT.verification,
    json: {
      ok: false,
      token_id: check.token.claims.token_id,
      token_path: path,
      error: error.message,
      error_code: check.code,
      error_category: error.category,
      retryable: error.retryable,
      hint: error.hint,
    },
    text: [`delegation token refused: ${path}`, error.message],
    tone: "bad",
  };
}

/** `gait delegate verify` (spec 02 §15.7). */
export const command: Command = {
  spec: {
    path: ["delegate", "verify"],
    summary: "check a delegation token against expectations",
    explain: "delegate verify checks signature, expiry, identities, scope and bound digests",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      { name: "token", kind: "string", value: "path", summary: "token file" },
      { name: "delegator", kind: "string", value: "name", summary: "expected delegator" },
      { name: "delegate", kind: "string", value: "name", summary: "expected delegate" },
      { name: "scope", kind: "string", value: "csv", summary: "scopes that must all be granted" },
      { name: "intent-digest", kind: "string", value: "sha256", summary: "expected intent" },
      { name: "policy-digest", kind: "string", value: "sha256", summary: "expected policy" },
      ...verifyKeyFlags,
    ],
    examples: ["gait delegate verify --token delegation.json --public-key lead_public.key"],
    permissions: (args) => [
      { kind: "read", why: "token and key" },
      ...verifyKeyNeeds(args),
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const path = args.text("token");
    if (trim(path) === "") throw new GaitError("usage", "--token is required");
    const key = await resolveVerifyKey(verifyKeyOptions(args), ports);
    if (key === undefined) {
      throw new GaitError("key_invalid", "public key not configured", {
        hint: "name the delegator's key with --public-key",
      });
    }
    const data = await ports.files.read(path, { maxBytes: LIMITS.recordBytes });
    const token = parseDelegationToken(data, { source: path });
    const expected = expectations(args, key, ports.clock.now());
    const check = await verifyDelegationToken(token, expected, ports);
    return check.valid ? verified(path, check) : refused(path, check);
  },
};
