/**
 * A policy that is ready to decide.
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import { type CompiledPolicy, compilePolicy } from "../gate/compile_policy.ts";
import { policyDigest } from "../policy/digest.ts";
import { type ParsedPolicy, parsePolicy } from "../policy/parse_policy.ts";
import type { Ports } from "../ports/ports.ts";
import { readInput } from "./read_input.ts";

/** A parsed, digested and compiled policy. */
export interface LoadedPolicy {
  /** Path as spelled. */
  readonly source: string;
  readonly parsed: ParsedPolicy;
  readonly compiled: CompiledPolicy;
  /** Policy digest, 64 hex digits. */
  readonly digest: string;
}

/** How paths are compared. */
export type FsCase = "sensitive" | "insensitive";

/**
 * Reads, parses, digests and compiles a policy file.
 *
 * @param path File, or `-` for standard input.
 * @throws GaitError as reading and parsing do
 */
export async function loadPolicy(
  path: string,
  ports: Pick<Ports, "files" | "terminal" | "digester" | "platform">,
  options: { readonly fsCase?: FsCase } = {},
): Promise<LoadedPolicy> {
  const data = await readInput(path, LIMITS.policyBytes, ports);
  const parsed = await parsePolicy(data, { source: path });
  // Hashing goes on elsewhere while the policy is compiled here.
  const digest = policyDigest(parsed.policy, ports.digester);
  const windows = ports.platform === "windows";
  const compiled = compilePolicy(parsed.policy, {
    fsCase: options.fsCase ?? defaultFsCase(ports.platform),
    platform: windows ? "windows" : "posix",
  });
  return { source: path, parsed, compiled, digest: await digest };
}

/** File systems that ignore case by default (divergence G1). */
export function defaultFsCase(platform: string): FsCase {
  return platform === "windows" || platform === "darwin" ? "insensitive" : "sensitive";
}
