/**
 * Flags that say whom a verify command trusts, and how strict it is.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { readTrust, type TrustOptions } from "../../keys/read_trust.ts";
import type { Ports } from "../../ports/ports.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import type { TrustedKey } from "../../trust/trusted_key.ts";
import type { Arguments, FlagSpec } from "../frame/command.ts";
import { isStrict } from "./verify_profile.ts";
import { verifyKeyFlags } from "./key_flags.ts";

/** Flags of trust: the four key flags with `--public-key` repeatable, and a directory. */
export const trustFlags: readonly FlagSpec[] = [
  ...verifyKeyFlags.map((flag): FlagSpec =>
    flag.name === "public-key" ? { ...flag, repeatable: true } : flag
  ),
  {
    name: "trust",
    kind: "string",
    value: "dir",
    summary: "directory of trusted keys with identity, validity and revocation (docs/verify.md)",
  },
];

/** Flags of strictness. */
export const strictnessFlags: readonly FlagSpec[] = [
  {
    name: "profile",
    kind: "string",
    value: "profile",
    summary: "strict requires a signature by a named key and refuses every doubt",
    choices: ["standard", "strict"],
  },
  { name: "require-signature", kind: "boolean", summary: "refuse what no trusted key signed" },
  {
    name: "allow-unsigned",
    kind: "boolean",
    summary:
      "accept an unsigned artifact although a key is given; a signature that is there must hold",
  },
];

/** How a verify command judges. */
export interface VerifyPolicy {
  readonly keys: readonly TrustedKey[];
  readonly strict: boolean;
  readonly requireSignature: boolean;
  readonly allowUnsigned: boolean;
}

function trustOptions(args: Arguments): TrustOptions {
  return {
    publicKeys: args.all("public-key").filter((path) => path !== ""),
    publicKeyEnv: args.text("public-key-env"),
    privateKey: args.text("private-key"),
    privateKeyEnv: args.text("private-key-env"),
    trustDirectory: args.text("trust"),
  };
}

/**
 * Reads the flags and the keys that they name.
 *
 * @throws GaitError `key_invalid` for strict without a key, `unsupported_value`, and codes of `readTrust`
 */
export async function readVerifyPolicy(args: Arguments, ports: Ports): Promise<VerifyPolicy> {
  const strict = isStrict(args);
  const keys = await readTrust(trustOptions(args), ports);
  const allowUnsigned = args.flag("allow-unsigned");
  const requireSignature = args.flag("require-signature");
  if (strict && keys.length === 0) {
    throw new GaitError("key_invalid", "--profile strict needs a key to verify with", {
      hint: "name the signer's key with --public-key, or a directory with --trust",
    });
  }
  if (allowUnsigned && (strict || requireSignature)) {
    throw new GaitError("usage", "--allow-unsigned contradicts a required signature");
  }
  return { keys, strict, requireSignature, allowUnsigned };
}

/** Where trust came from, for output (divergence C7). */
export function trustAnchors(keys: readonly TrustedKey[]): Record<string, unknown>[] {
  return keys.map(({ keyId, source, identity }) => ({
    key_id: keyId,
    source,
    ...(identity === "" ? {} : { identity }),
  }));
}

/** The same for people. */
export function trustAnchorLines(keys: readonly TrustedKey[]): string[] {
  return keys.map(({ keyId, source, identity }) =>
    `trusted key: ${keyId} (${source})${identity === "" ? "" : ` ${identity}`}`
  );
}

/** Permissions for reading trust. */
export function trustNeeds(args: Arguments): PermissionNeed[] {
  const options = trustOptions(args);
  const files = [...options.publicKeys ?? [], options.privateKey, options.trustDirectory]
    .filter((path) => path !== undefined && path !== "");
  const variables = [options.publicKeyEnv, options.privateKeyEnv]
    .filter((name) => name !== undefined && name !== "");
  return [
    ...(files.length === 0 ? [] : [{ kind: "read", values: files, why: "read trusted keys" }]),
    ...(variables.length === 0 ? [] : [{ kind: "env", values: variables, why: "read the key" }]),
  ] as PermissionNeed[];
}
