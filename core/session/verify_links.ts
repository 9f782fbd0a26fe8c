/**
 * Whether the checkpoints of a chain hold together (spec 03 §6.2; divergence E9). Every finding is collected.
 *
 * @module
 */

import { checkpointDigest } from "./checkpoint_digest.ts";
import type { SessionChain } from "./chain.ts";
import type { SessionCheckpoint } from "./records.ts";

/** What the checks found. */
export interface LinkReport {
  /** Texts of spec 03 §6.2 and our own. */
  readonly errors: readonly string[];
  /** First sequence that no intact checkpoint covers; `undefined` when all hold. */
  readonly firstBadSequence: number | undefined;
}

/** What the checkpoint before told. */
interface Before {
  readonly index: number;
  readonly digest: string;
  readonly end: number;
}

/** Findings about the digests of one checkpoint. */
function linkErrors(checkpoint: SessionCheckpoint, before: Before, position: number): string[] {
  const { checkpoint_index: index, prev_checkpoint_digest: previous = "" } = checkpoint;
  const out: string[] = [];
  if (index !== before.index + 1) out.push(`checkpoint index mismatch at position ${position}`);
  const linked = index > 1 ? previous === before.digest : previous === "";
  if (!linked) out.push(`prev_checkpoint_digest mismatch at checkpoint ${index}`);
  return out;
}

/** Findings about the range of one checkpoint; behind a missing checkpoint a gap is no news. */
function rangeErrors(checkpoint: SessionCheckpoint, before: Before): string[] {
  const { checkpoint_index: index, sequence_start: start, sequence_end: end } = checkpoint;
  const out: string[] = [];
  if (start <= before.end) out.push(`sequence overlap at checkpoint ${index}`);
  else if (index === before.index + 1 && start > before.end + 1) {
    out.push(`sequence gap at checkpoint ${index}`);
  }
  if (end < start) out.push(`sequence_end before sequence_start at checkpoint ${index}`);
  return out;
}

/** Findings about whose checkpoint it is. */
function identityErrors(checkpoint: SessionCheckpoint, chain: SessionChain): string[] {
  const same = checkpoint.session_id === chain.session_id && checkpoint.run_id === chain.run_id;
  return same ? [] : [`identity mismatch at checkpoint ${checkpoint.checkpoint_index}`];
}

/** Checks the links of a chain. */
export function verifyLinks(chain: SessionChain): LinkReport {
  const errors: string[] = [];
  let firstBadSequence: number | undefined;
  let before: Before = { index: 0, digest: "", end: 0 };
  chain.checkpoints.forEach((checkpoint, position) => {
    const found = [
      ...linkErrors(checkpoint, before, position),
      ...rangeErrors(checkpoint, before),
      ...(checkpointDigest(checkpoint) === checkpoint.checkpoint_digest
        ? []
        : [`checkpoint_digest mismatch at checkpoint ${checkpoint.checkpoint_index}`]),
      ...identityErrors(checkpoint, chain),
    ];
    errors.push(...found);
    if (found.length > 0) firstBadSequence ??= before.end + 1;
    before = {
      index: checkpoint.checkpoint_index,
      digest: checkpoint.checkpoint_digest,
      end: checkpoint.sequence_end,
    };
  });
  return { errors, firstBadSequence };
}

/**
 * Compares the chain with a head that somebody kept (divergence S5).
 *
 * @param head `checkpoint_digest` of the last checkpoint that must be there, 64 hex digits.
 * @returns A finding, or `undefined` when the chain ends exactly there.
 */
export function headError(chain: SessionChain, head: string): string | undefined {
  const last = chain.checkpoints.at(-1);
  if (last?.checkpoint_digest === head) return undefined;
  const found = chain.checkpoints.find((checkpoint) => checkpoint.checkpoint_digest === head);
  if (found !== undefined) {
    return `expected head is checkpoint ${found.checkpoint_index}, ` +
      `the chain goes on to checkpoint ${last?.checkpoint_index}`;
  }
  return "expected head is not in the chain: it was truncated or replaced";
}
