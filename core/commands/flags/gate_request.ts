/**
 * Builds the request for the enforcement path from a command line (spec 02 §14.2, steps 5 to 13).
 *
 * @module
 */

import { storeMarker } from "../../approval/consumption.ts";
import { GaitError } from "../../base/errors.ts";
import type { ConfigLayers } from "../../config/load_config.ts";
import type { Settings } from "../../config/settings.ts";
import type { LoadedIntent } from "../../enforce/loaded_intent.ts";
import { type LoadedPolicy, loadPolicy } from "../../enforce/loaded_policy.ts";
import { ephemeralKeyPath } from "../../enforce/evidence.ts";
import { checkDistinctFiles, checkOutputPath } from "../../enforce/output_path.ts";
import type { EnforceRequest, OutputSetup, Profile, SigningSetup } from "../../enforce/request.ts";
import { resolveSigningKey, type SigningKey } from "../../keys/resolve_signing_key.ts";
import { signaturePath } from "../../sign/detached.ts";
import type { Arguments, CommandContext } from "../frame/command.ts";
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

/** The configuration in force. */
interface Configured {
  readonly settings: Settings;
  readonly layers: ConfigLayers;
}

/** Explicit outputs and what is written beside each. */
function allOutputs(outputs: OutputSetup, keyMode: string): Record<string, string> {
  const records = {
    "approval audit": outputs.approvalAudit,
    "delegation audit": outputs.delegationAudit,
    "credential evidence": outputs.credentialEvidence,
  };
  const all: Record<string, string> = { trace: outputs.trace, ...records };
  for (const [what, path] of Object.entries(records)) {
    if (path !== "") all[`${what} signature`] = signaturePath(path);
  }
  if (outputs.trace !== "" && keyMode !== "prod") {
    all["public key of the trace"] = ephemeralKeyPath(outputs.trace);
  }
  return all;
}

/** Checks every path that will be written. */
async function checkOutputs(
  outputs: OutputSetup,
  configured: Configured,
  context: CommandContext,
): Promise<void> {
  const { settings } = configured;
  const all = allOutputs(outputs, signingKeyOptions(settings).keyMode);
  for (const [what, path] of Object.entries(all)) if (path !== "") checkOutputPath(path, what);
  const state = settings.all.get("gate.rate_limit_state");
  if (state !== undefined && state.source !== "default") all["rate limit state"] = state.value;
  await checkDistinctFiles(all, inputPaths(configured, context), context.ports.files);
}

/** What three independent files say. */
interface Loaded {
  readonly policy: LoadedPolicy;
  readonly intent: LoadedIntent;
  /** Hands the key out when it is due; a failure to load it surfaces only then. */
  signing(): Promise<SigningSetup>;
}

/** Value of a settled promise, or its failure. */
function unwrap<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/** Loads policy, intent and signing key at the same time; the first failure in this order counts. */
async function loadAll(
  loads: {
    readonly policy: Promise<LoadedPolicy>;
    readonly intent: Promise<LoadedIntent>;
    readonly key: Promise<SigningKey>;
  },
  context: CommandContext,
): Promise<Loaded> {
  const [key, policy, intent] = await Promise.allSettled([loads.key, loads.policy, loads.intent]);
  return {
    policy: unwrap(policy),
    intent: unwrap(intent),
    signing(): Promise<SigningSetup> {
      if (key.status === "rejected") return Promise.reject(key.reason);
      for (const warning of key.value.warnings) context.warn(warning);
      return Promise.resolve({ signer: key.value.signer, ephemeral: key.value.ephemeral });
    },
  };
}

/** Verification keys for tokens. */
async function verifyKeys(
  settings: Settings,
  context: CommandContext,
): Promise<Pick<EnforceRequest, "approval" | "delegation">> {
  const { args, ports } = context;
  const approval = await tokenKey("approval", settings, ports);
  const delegation = await tokenKey("delegation", settings, ports) ?? approval;
  return {
    approval: {
      tokens: presentedTokens("approval", args, ports).tokens,
      keys: await approvalKeys(settings, approval, ports),
      reference: args.text("approval-token-ref"),
      storePath: approvalStorePath(settings, ports),
    },
    delegation: {
      tokens: presentedTokens("delegation", args, ports).tokens,
      keys: delegation && [delegation],
    },
  };
}

/** The policy path. @throws GaitError `usage` */
function policyPath(settings: Settings, args: Arguments, expected: string): string {
  const path = settings.text("gate.policy");
  if (path === "-" && args.text("intent") === "-") {
    throw new GaitError("usage", "Cannot read policy and intent both from standard input");
  }
  if (path !== "") return path;
  throw new GaitError("usage", expected, {
    hint: "name the policy with --policy, or gate.policy in the configuration",
  });
}

/** Settings that name files that a call reads or keeps. */
const FILE_SETTINGS: readonly string[] = [
  "gate.policy",
  "gate.private_key",
  "gate.approval_public_key",
  "gate.approval_private_key",
  "gate.delegation_public_key",
  "gate.delegation_private_key",
  "gate.approver_keys",
  "gate.signer_socket",
];

/** Paths that the call reads or keeps and must not overwrite. */
function inputPaths({ settings, layers }: Configured, context: CommandContext): string[] {
  const { args, ports } = context;
  const store = approvalStorePath(settings, ports);
  const state = settings.all.get("gate.rate_limit_state");
  return [
    ...FILE_SETTINGS.map((path) => settings.text(path)),
    layers.project?.path ?? "",
    layers.user?.path ?? "",
    args.text("intent"),
    store,
    store && storeMarker(store),
    store && `${store}.lock`,
    `${settings.text("gate.rate_limit_state")}.lock`,
    // One that is set by somebody is checked as an output itself.
    state?.source === "default" ? state.value : "",
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
 * @param options `expected` says what the command wants, when there is no policy.
 * @throws GaitError `usage`, `profile_refused`, `config_*`, `key_invalid` and what reading throws
 */
export async function gateRequest(
  context: CommandContext,
  intentOf: () => Promise<LoadedIntent>,
  options: { readonly expected: string } = { expected: "Both --policy and --intent are required" },
): Promise<GateRequest> {
  const { args, ports } = context;
  const configured = await loadSettings(context);
  const { settings } = configured;
  const policyFile = policyPath(settings, args, options.expected);
  const profile = readProfile(settings);
  const exitMode = readExitMode(settings, profile);
  const simulate = args.flag("simulate");
  checkProfile(profile, settings, simulate);
  const outputs = outputSetup(settings, args);
  await checkOutputs(outputs, configured, context);
  const fsCase = readFsCase(settings);
  const { policy, intent, signing } = await loadAll({
    // First, because importing the key happens elsewhere while the policy is parsed here.
    key: resolveSigningKey(signingKeyOptions(settings), ports),
    policy: loadPolicy(policyFile, ports, fsCase === undefined ? {} : { fsCase }),
    intent: intentOf(),
  }, context);
  const broker = brokerSetup(settings);
  const tokens = await verifyKeys(settings, context);
  const request: EnforceRequest = {
    policy,
    intent,
    profile,
    simulate,
    signing,
    keyVariables: keyVariables(settings),
    ...tokens,
    broker,
    rateLimitState: settings.text("gate.rate_limit_state"),
    outputs,
    correlationId: await context.correlationId,
  };
  warnWeakDefaults(request, context);
  return { request, exitMode };
}
