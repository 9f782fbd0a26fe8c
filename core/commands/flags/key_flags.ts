/**
 * The flags that name keys, shared by all commands that sign or verify (spec 01 §6.2).
 *
 * @module
 */

import type { SigningKeyOptions } from "../../keys/resolve_signing_key.ts";
import type { VerifyKeyOptions } from "../../keys/resolve_verify_key.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import type { Arguments, FlagSpec } from "../frame/command.ts";
import { csv } from "./csv.ts";

/** Which key a group of flags names. */
export interface KeyFlagGroup {
  /** Start of every flag name, e.g. `approval-`. */
  readonly prefix: string;
  /** What the key is for, in help, e.g. `approval tokens`. */
  readonly purpose: string;
}

/** A flag that names a file. */
function pathFlag(name: string, summary: string): FlagSpec {
  return { name, kind: "string", value: "path", summary };
}

/** A flag that names a variable. */
function envFlag(name: string, summary: string): FlagSpec {
  return { name, kind: "string", value: "VAR", summary };
}

/** The two flags that name a public key. */
export function publicKeyFlagsFor({ prefix, purpose }: KeyFlagGroup): FlagSpec[] {
  return [
    pathFlag(`${prefix}public-key`, `file with the public key for ${purpose}`),
    envFlag(`${prefix}public-key-env`, `variable with the public key for ${purpose}`),
  ];
}

/** The two flags that name a private key. */
export function privateKeyFlagsFor({ prefix, purpose }: KeyFlagGroup): FlagSpec[] {
  return [
    pathFlag(`${prefix}private-key`, `file with the private key for ${purpose}`),
    envFlag(`${prefix}private-key-env`, `variable with the private key for ${purpose}`),
  ];
}

/** The four flags that name a verification key. */
export function verifyKeyFlagsFor(group: KeyFlagGroup): FlagSpec[] {
  return [...publicKeyFlagsFor(group), ...privateKeyFlagsFor(group)];
}

/** Flags of the key to verify with. */
export const verifyKeyFlags: readonly FlagSpec[] = verifyKeyFlagsFor({
  prefix: "",
  purpose: "verifying",
});

/** Flags of an external signer. */
export const signerFlags: readonly FlagSpec[] = [
  {
    name: "signer-command",
    kind: "string",
    value: "program",
    summary: "external signer: absolute path, or a name in PATH (docs/keys.md)",
  },
  {
    name: "signer-args",
    kind: "string",
    value: "a,b",
    summary: "arguments of the external signer, separated by commas",
  },
  pathFlag("signer-socket", "Unix socket of a signing agent (docs/keys.md)"),
];

/** Flags of the key to sign with, without those that pin its public half. */
export const signingKeyFlags: readonly FlagSpec[] = [
  {
    name: "key-mode",
    kind: "string",
    value: "mode",
    summary: "dev makes a key that dies with the process, prod needs one of the sources below",
    choices: ["dev", "prod"],
  },
  ...privateKeyFlagsFor({ prefix: "", purpose: "signing" }),
  ...signerFlags,
];

/**
 * Reads the flags of a verification key.
 *
 * @param args Parsed arguments.
 * @param prefix Start of the flag names.
 */
export function verifyKeyOptions(args: Arguments, prefix = ""): VerifyKeyOptions {
  return {
    publicKey: args.text(`${prefix}public-key`),
    publicKeyEnv: args.text(`${prefix}public-key-env`),
    privateKey: args.text(`${prefix}private-key`),
    privateKeyEnv: args.text(`${prefix}private-key-env`),
  };
}

/** Reads the flags of an external signer. */
export function signerOptions(
  args: Arguments,
): Pick<SigningKeyOptions, "signerCommand" | "signerArgs" | "signerSocket"> {
  return {
    signerCommand: args.text("signer-command"),
    signerArgs: csv(args.text("signer-args")),
    signerSocket: args.text("signer-socket"),
  };
}

/** Reads the flags of a signing key; the mode is `dev` when it is not given. */
export function signingKeyOptions(args: Arguments): SigningKeyOptions {
  return {
    keyMode: args.given("key-mode") ? args.text("key-mode") : "dev",
    privateKey: args.text("private-key"),
    privateKeyEnv: args.text("private-key-env"),
    ...signerOptions(args),
  };
}

/** A need for the values that are not "". */
function need(
  kind: PermissionNeed["kind"],
  ...[values, why]: [readonly string[], string]
): PermissionNeed[] {
  const named = values.filter((value) => value !== "");
  return named.length === 0 ? [] : [{ kind, values: named, why }];
}

/** Permissions for reading a verification key. */
export function verifyKeyNeeds(args: Arguments, prefix = ""): PermissionNeed[] {
  const options = verifyKeyOptions(args, prefix);
  return [
    ...need("read", [options.publicKey ?? "", options.privateKey ?? ""], "read the key"),
    ...need("env", [options.publicKeyEnv ?? "", options.privateKeyEnv ?? ""], "read the key"),
  ];
}

/** Permissions for reaching an external signer. */
export function signerNeeds(args: Arguments): PermissionNeed[] {
  const { signerCommand = "", signerSocket = "" } = signerOptions(args);
  return [
    ...need("run", [signerCommand], "run the external signer"),
    // The runtime asks for all three before it opens a Unix socket.
    ...need("net", [signerSocket && `unix:${signerSocket}`], "reach the signing agent"),
    ...need("read", [signerSocket], "reach the signing agent"),
    ...need("write", [signerSocket], "reach the signing agent"),
  ];
}
