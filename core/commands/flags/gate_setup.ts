/**
 * From flags and settings to everything that one decision needs.
 *
 * @module
 */

import type { ApprovalKeys } from "../../approval/keys.ts";
import { readApproverKeyring } from "../../approval/keys.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { lower, sortedSet, trim } from "../../base/text_rules.ts";
import type { Settings } from "../../config/settings.ts";
import { userApprovalStore } from "../../config/user_paths.ts";
import { readBrokerKind } from "../../credential/request.ts";
import type { BrokerSetup } from "../../enforce/credential_stage.ts";
import type { OutputSetup, PresentedToken, Profile } from "../../enforce/request.ts";
import type { FsCase } from "../../enforce/loaded_policy.ts";
import { resolveVerifyKey, type VerifyKey } from "../../keys/resolve_verify_key.ts";
import type { SigningKeyOptions } from "../../keys/resolve_signing_key.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Arguments } from "../frame/command.ts";
import { csv } from "./csv.ts";

/** Exit modes (divergence C2). */
export type ExitMode = "strict" | "compat";

/** One of a closed list, compared after trimming and lower-casing. */
function oneOf<Word extends string>(text: string, words: readonly Word[], flag: string): Word {
  const wanted = lower(trim(text));
  const found = words.find((word) => word === wanted);
  if (found !== undefined) return found;
  throw new GaitError(
    "unsupported_value",
    `unsupported --${flag} value ${JSON.stringify(text)} (expected ${words.join(" or ")})`,
    { hint: `use one of ${words.join(", ")}` },
  );
}

/** The profile in force. */
export function readProfile(settings: Settings): Profile {
  return oneOf(settings.text("gate.profile"), ["standard", "oss-prod"] as const, "profile");
}

/** The exit mode: strict in `oss-prod`, compatible in `standard`, unless set. */
export function readExitMode(settings: Settings, profile: Profile): ExitMode {
  const text = settings.text("gate.exit_mode");
  if (text === "") return profile === "oss-prod" ? "strict" : "compat";
  return oneOf(text, ["strict", "compat"] as const, "exit-mode");
}

/** How paths are compared; `undefined` leaves it to the platform. */
export function readFsCase(settings: Settings): FsCase | undefined {
  const text = settings.text("gate.fs_case");
  if (text === "") return undefined;
  return oneOf(text, ["sensitive", "insensitive"] as const, "fs-case");
}

/** Options for finding the signing key. */
export function signingKeyOptions(settings: Settings): SigningKeyOptions {
  return {
    keyMode: lower(trim(settings.text("gate.key_mode"))),
    privateKey: settings.text("gate.private_key"),
    privateKeyEnv: settings.text("gate.private_key_env"),
    signerCommand: settings.text("gate.signer_command"),
    signerArgs: csv(settings.text("gate.signer_args")),
    signerSocket: settings.text("gate.signer_socket"),
  };
}

/** The key that verifies tokens of a kind, if one is named. */
export async function tokenKey(
  kind: "approval" | "delegation",
  settings: Settings,
  ports: Ports,
): Promise<VerifyKey | undefined> {
  return await resolveVerifyKey({
    publicKey: settings.text(`gate.${kind}_public_key`),
    publicKeyEnv: settings.text(`gate.${kind}_public_key_env`),
    privateKey: settings.text(`gate.${kind}_private_key`),
    privateKeyEnv: settings.text(`gate.${kind}_private_key_env`),
  }, ports);
}

/** Keys that may approve: a keyring that binds identities, or one shared key; `undefined` for neither. */
export async function approvalKeys(
  settings: Settings,
  shared: VerifyKey | undefined,
  ports: Ports,
): Promise<ApprovalKeys | undefined> {
  const keyring = settings.text("gate.approver_keys");
  if (keyring === "") return shared && { kind: "shared", keys: [shared] };
  const data = await ports.files.read(keyring, { maxBytes: LIMITS.configBytes });
  return await readApproverKeyring(data, { source: keyring, digester: ports.digester });
}

/** Paths of presented tokens: each spelling once, sorted (spec 02 §9.4). */
function tokenPaths(kind: "approval" | "delegation", args: Arguments): string[] {
  const all = [...args.all(`${kind}-token`).map(trim), ...csv(args.text(`${kind}-token-chain`))];
  const paths = sortedSet(all.filter((path) => path !== ""));
  if (paths.length <= LIMITS.presentedTokens) return paths;
  throw new GaitError(
    "input_too_large",
    `Cannot examine ${paths.length} ${kind} tokens: the limit is ${LIMITS.presentedTokens}`,
  );
}

/** Reads presented tokens when they are asked for. */
export function presentedTokens(
  kind: "approval" | "delegation",
  args: Arguments,
  ports: Ports,
): { readonly paths: readonly string[]; tokens(): Promise<PresentedToken[]> } {
  const paths = tokenPaths(kind, args);
  return {
    paths,
    async tokens(): Promise<PresentedToken[]> {
      const out: PresentedToken[] = [];
      for (const source of paths) {
        const data = await ports.files.read(source, { maxBytes: LIMITS.recordBytes });
        out.push({ source, data });
      }
      return out;
    },
  };
}

/** Store of spent approvals: named, or in the user's state directory (divergence G13). */
export function approvalStorePath(settings: Settings, ports: Ports): string {
  return settings.text("gate.approval_store") || userApprovalStore(ports.env);
}

/** The broker. @throws GaitError `unsupported_value` */
export function brokerSetup(settings: Settings): BrokerSetup {
  return {
    kind: readBrokerKind(settings.text("gate.credential_broker")),
    envPrefix: settings.text("gate.credential_env_prefix"),
    reference: settings.text("gate.credential_ref"),
    scopes: csv(settings.text("gate.credential_scopes")),
    command: settings.text("gate.credential_command"),
    commandArgs: csv(settings.text("gate.credential_command_args")),
  };
}

/** Where records go. */
export function outputSetup(settings: Settings, args: Arguments): OutputSetup {
  return {
    trace: settings.text("gate.trace_path"),
    approvalAudit: trim(args.text("approval-audit-out")),
    delegationAudit: trim(args.text("delegation-audit-out")),
    credentialEvidence: settings.text("gate.credential_evidence_path"),
  };
}
