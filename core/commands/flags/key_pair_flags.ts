/**
 * The flags that say where a key pair goes, shared by `keys init` and `keys rotate`.
 *
 * @module
 */

import type { PermissionNeed } from "../../ports/sandbox.ts";
import type { Arguments, CommandResult, FlagSpec } from "../frame/command.ts";
import type { KeyPairFiles } from "../../keys/create_key_pair.ts";

const DEFAULT_OUT_DIR = "gait-out/keys";
const DEFAULT_PREFIX = "gait";

/** Flags of the place of a key pair. */
export const keyPairFlags: readonly FlagSpec[] = [
  {
    name: "out-dir",
    kind: "string",
    value: "dir",
    summary: `directory for both files (${DEFAULT_OUT_DIR})`,
  },
  {
    name: "prefix",
    kind: "string",
    value: "name",
    summary: `start of both file names (${DEFAULT_PREFIX})`,
  },
];

/** Directory and prefix that the arguments name. */
export function keyPairPlace(args: Arguments): { outDir: string; prefix: string } {
  return {
    outDir: args.given("out-dir") ? args.text("out-dir") : DEFAULT_OUT_DIR,
    prefix: args.given("prefix") ? args.text("prefix") : DEFAULT_PREFIX,
  };
}

/** Permissions for creating a key pair. */
export function keyPairNeeds(args: Arguments): PermissionNeed[] {
  const values = [keyPairPlace(args).outDir].filter((path) => path !== "");
  return [
    { kind: "read", values, why: "look for existing key files" },
    { kind: "write", values, why: "write the key pair" },
  ];
}

/** What `keys init` and `keys rotate` answer (spec 01 §11.10). */
export function keyPairResult(pair: KeyPairFiles, command: "init" | "rotate"): CommandResult {
  const { prefix, keyId, publicKeyPath, privateKeyPath } = pair;
  return {
    exit: 0,
    json: {
      ok: true,
      prefix,
      key_id: keyId,
      public_key_path: publicKeyPath,
      private_key_path: privateKeyPath,
    },
    text: [`keys ${command} ok: key_id=${keyId} public=${publicKeyPath} private=${privateKeyPath}`],
    tone: "good",
  };
}
