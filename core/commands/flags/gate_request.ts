/**
 * Builds the request for the enforcement path from a command line (spec 02 §14.2, steps 5 to 13).
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import type { Settings } from "../../config/settings.ts";
import type { LoadedIntent } from "../../enforce/loaded_intent.ts";
import { loadPolicy } from "../../enforce/loaded_policy.ts";
import { checkDistinctPaths, checkOutputPath } from "../../enforce/output_path.ts";
import type { EnforceRequest, OutputSetup, Profile } from "../../enforce/request.ts";
import { resolveSigningKey, type SigningKey } from "../../keys/resolve_signing_key.ts";
import type { VerifyKey } from "../../keys/resolve_verify_key.ts";
import type { CommandContext } from "../frame/command.ts";
import { loadSettings } from "./config_flags.ts";
import {
  approvalKeys,
  approvalStorePath,
  brokerSetup,
  type ExitMode,
  outputSetup,
  presentedTokens,
  readExitMode,
  readFsCase,
  readProfile,
  signingKeyOptions,
  tokenKey,
} from "./gate_setup.ts";
import { warnWeakDefaults } from "./weak_defaults.ts";

/** A request with what the command needs to report its outcome. */
export interface GateRequest {
  readonly request: EnforceRequest;
  readonly exitMode: ExitMode;
}

/** Checks of `oss-prod` that need no policy (spec 02 §12.2, 1 to 3). */
function checkProfile(profile: Profile, settings: Settings, simulate: boolean): void {
  if (profile !== "oss-prod") return;
  const refuse = (message: string) => new GaitError("profile_refused", message);
  if (simulate) throw refuse("oss-prod profile does not allow --simulate");
  const key = signingKeyOptions(settings);
  if (key.keyMode !== "prod") throw refuse("oss-prod profile requires --key-mode prod");
  const sources = [key.privateKey, key.privateKeyEnv, key.signerCommand, key.signerSocket];
  if (sources.every((source) => source === "")) {
    throw refuse("oss-prod profile requires --private-key or --private-key-env");
  }
}

/** Checks every path that will be written. */
function checkOutputs(
  outputs: OutputSetup,
  inputs: readonly string[],
): void {
  const named = {
    trace: outputs.trace,
    "approval audit": outputs.approvalAudit,
    "delegation audit": outputs.delegationAudit,
    "credential evidence": outputs.credentialEvidence,
  };
  for (const [what, path] of Object.entries(named)) if (path !== "") checkOutputPath(path, what);
  checkDistinctPaths(named, inputs);
}

/** Loads the signing key and passes its warnings on. */
async function signingKey(settings: Settings, context: CommandContext): Promise<SigningKey> {
  const key = await resolveSigningKey(signingKeyOptions(settings), context.ports);
  for (const warning of key.warnings) context.warn(warning);
  return key;
}

/** Verification keys for tokens; the gate's own key is the last resort in `standard`. */
async function verifyKeys(
  settings: Settings,
  own: VerifyKey | undefined,
  context: CommandContext,
): Promise<Pick<EnforceRequest, "approval" | "delegation">> {
  const { args, ports } = context;
  const fallback = own === undefined ? [] : [own];
  const approval = await tokenKey("approval", settings, ports);
  const delegation = await tokenKey("delegation", settings, ports) ?? approval;
  const approvalList = approval === undefined ? fallback : [approval];
  return {
    approval: {
      tokens: presentedTokens("approval", args, ports).tokens,
      keys: await approvalKeys(settings, approvalList, ports),
      reference: args.text("approval-token-ref"),
      storePath: approvalStorePath(settings, ports),
    },
    delegation: {
      tokens: presentedTokens("delegation", args, ports).tokens,
      keys: delegation === undefined ? fallback : [delegation],
    },
  };
}

/** The policy path. @throws GaitError `usage` */
function policyPath(settings: Settings): string {
  const path = settings.text("gate.policy");
  if (path !== "") return path;
  throw new GaitError("usage", "Both --policy and --intent are required", {
    hint: "name the policy with --policy, or gate.policy in the configuration",
  });
}

/** Paths that the call reads and must not overwrite. */
function inputPaths(policy: string, settings: Settings, context: CommandContext): string[] {
  const { args, ports } = context;
  return [
    policy,
    args.text("intent"),
    settings.text("gate.private_key"),
    settings.text("gate.rate_limit_state"),
    ...presentedTokens("approval", args, ports).paths,
    ...presentedTokens("delegation", args, ports).paths,
  ];
}

/** Variables that hold private keys. */
function keyVariables(settings: Settings): string[] {
  return [
    "gate.private_key_env",
    "gate.approval_private_key_env",
    "gate.delegation_private_key_env",
  ]
    .map((key) => settings.text(key)).filter((name) => name !== "");
}

/**
 * Builds the request.
 *
 * @param context The command line.
 * @param intentOf Loads the intent; called after the profile's first checks.
 * @throws GaitError `usage`, `profile_refused`, `config_*`, `key_invalid` and what reading throws
 */
export async function gateRequest(
  context: CommandContext,
  intentOf: () => Promise<LoadedIntent>,
): Promise<GateRequest> {
  const { args, ports } = context;
  const { settings } = await loadSettings(context);
  const policyFile = policyPath(settings);
  const profile = readProfile(settings);
  const exitMode = readExitMode(settings, profile);
  const simulate = args.flag("simulate");
  checkProfile(profile, settings, simulate);
  const outputs = outputSetup(settings, args);
  checkOutputs(outputs, inputPaths(policyFile, settings, context));
  const fsCase = readFsCase(settings);
  const policy = await loadPolicy(policyFile, ports, fsCase === undefined ? {} : { fsCase });
  const intent = await intentOf();
  const broker = brokerSetup(settings);
  const key = await signingKey(settings, context);
  const own = profile === "standard" ? { ...key.signer, source: key.source } : undefined;
  const tokens = await verifyKeys(settings, own, context);
  const request: EnforceRequest = {
    policy,
    intent,
    profile,
    simulate,
    signer: key.signer,
    ephemeralKey: key.ephemeral,
    keyVariables: keyVariables(settings),
    ...tokens,
    broker,
    rateLimitState: settings.text("gate.rate_limit_state"),
    outputs,
    correlationId: context.correlationId,
  };
  warnWeakDefaults(request, { exitMode, settings }, context);
  return { request, exitMode };
}
