/**
 * The outcome of a compaction as JSON.
 *
 * @module
 */

import type { CompactOutcome } from "../../journal/compact_session.ts";
import type { JournalArgument } from "./session_flags.ts";

/** Members of `compaction`, all of them always (spec 03 §2.6). */
export function compactionMembers(
  outcome: CompactOutcome,
  journal: JournalArgument,
): Record<string, unknown> {
  return {
    journal_path: journal.path,
    output_path: outcome.outputPath,
    dry_run: outcome.dryRun,
    compacted: outcome.compacted,
    events_before: outcome.eventsBefore,
    events_after: outcome.eventsAfter,
    checkpoints: outcome.checkpoints,
    last_checkpoint_sequence: outcome.lastCheckpointSequence,
    bytes_before: outcome.bytesBefore,
    bytes_after: outcome.bytesAfter,
  };
}
