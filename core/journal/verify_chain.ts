/**
 * Verifying a chain file with all its runpacks (spec 03 §6.2; divergences E9 and S5).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { Bytes } from "../base/bytes.ts";
import type { Files } from "../ports/files.ts";
import type { SignaturePolicy } from "../runpack/verify_manifest.ts";
import { parseChain, type SessionChain } from "../session/chain.ts";
import type { SessionCheckpoint } from "../session/records.ts";
import { headError, verifyLinks } from "../session/verify_links.ts";
import { unusablePack, verifyCheckpointPack } from "../session/verify_pack.ts";
import type { SignPorts } from "../sign/signer.ts";

/** Ports of a verification. */
export type ChainPorts = SignPorts & { readonly files: Files };

/** What to verify. */
export interface ChainRequest {
  /** Path of the chain file. */
  readonly chain: string;
  readonly policy: SignaturePolicy;
  /** `checkpoint_digest` that the chain must end with. */
  readonly expectHead?: string;
  /** Called after each checkpoint. */
  progress?(done: number, total: number): void;
}

/** What was found. */
export interface ChainReport {
  readonly ok: boolean;
  readonly chain: SessionChain;
  readonly linkageErrors: readonly string[];
  readonly checkpointErrors: readonly string[];
  /** `checkpoint_digest` of the last checkpoint. */
  readonly head: string;
  /** First sequence that nothing vouches for; `undefined` when all hold. */
  readonly firstBadSequence: number | undefined;
}

/** Reads a runpack: relative to the working directory, else to the folder of the chain. */
export async function readCheckpointPack(
  path: string,
  beside: string,
  files: Files,
): Promise<Bytes> {
  const limit = { maxBytes: LIMITS.archiveBytes };
  const relative = !path.startsWith("/");
  if (path === "" || (relative && path.split("/").includes(".."))) {
    // As if it were not there: a chain from anyone must not make us look around.
    throw new GaitError("file_not_found", `Cannot read ${path}: the path leaves its folder`);
  }
  try {
    return await files.read(path, limit);
  } catch (error) {
    const cut = beside.lastIndexOf("/");
    const retry = error instanceof GaitError && error.code === "file_not_found" && relative &&
      cut >= 0;
    if (!retry) throw error;
    return await files.read(`${beside.slice(0, cut + 1)}${path}`, limit);
  }
}

/** Findings about one checkpoint. */
export async function checkpointFindings(
  checkpoint: SessionCheckpoint,
  options: { readonly beside: string; readonly policy: SignaturePolicy },
  ports: ChainPorts,
): Promise<string[]> {
  try {
    const bytes = await readCheckpointPack(checkpoint.runpack_path, options.beside, ports.files);
    return await verifyCheckpointPack(checkpoint, { bytes, policy: options.policy }, ports);
  } catch (error) {
    return [unusablePack(checkpoint, error)];
  }
}

/**
 * Verifies a chain.
 *
 * @throws GaitError for a chain that cannot be read: `file_not_found`, `schema_violation`, …
 */
export async function verifyChain(request: ChainRequest, ports: ChainPorts): Promise<ChainReport> {
  const data = await ports.files.read(request.chain, { maxBytes: LIMITS.chainBytes });
  const chain = parseChain(data, request.chain);
  const links = verifyLinks(chain);
  const linkageErrors = [...links.errors];
  if (request.expectHead !== undefined) {
    const error = headError(chain, request.expectHead);
    if (error !== undefined) linkageErrors.push(error);
  }
  const checkpointErrors: string[] = [];
  let firstBadSequence = links.firstBadSequence;
  const options = { beside: request.chain, policy: request.policy };
  for (const [i, checkpoint] of chain.checkpoints.entries()) {
    const found = await checkpointFindings(checkpoint, options, ports);
    checkpointErrors.push(...found);
    if (found.length > 0) {
      const start = checkpoint.sequence_start;
      firstBadSequence = Math.min(firstBadSequence ?? start, start);
    }
    request.progress?.(i + 1, chain.checkpoints.length);
  }
  return {
    ok: linkageErrors.length === 0 && checkpointErrors.length === 0,
    chain,
    linkageErrors,
    checkpointErrors,
    head: chain.checkpoints.at(-1)?.checkpoint_digest ?? "",
    firstBadSequence,
  };
}
