/**
 * The digest that links checkpoints (spec 03 §5.2).
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import type { SessionCheckpoint } from "./records.ts";

/** What the digest of a checkpoint covers. */
export type CheckpointLink = Pick<
  SessionCheckpoint,
  | "manifest_digest"
  | "prev_checkpoint_digest"
  | "checkpoint_index"
  | "sequence_start"
  | "sequence_end"
>;

/**
 * SHA-256 of `<manifest_digest>:<previous or empty>:<index>:<start>:<end>`.
 *
 * @returns 64 lower-case hex digits.
 */
export function checkpointDigest(link: CheckpointLink): string {
  const previous = link.prev_checkpoint_digest ?? "";
  const text = `${link.manifest_digest}:${previous}:${link.checkpoint_index}` +
    `:${link.sequence_start}:${link.sequence_end}`;
  const hash = new RunningSha256();
  hash.update(utf8(text));
  return toHex(hash.digest());
}
