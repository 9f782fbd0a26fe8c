/**
 * Session chains where commands take runs (spec 03 §12): inspecting one, comparing two.
 *
 * @module
 */

import { EXIT } from "../../base/error_map.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { printable } from "../../base/printable.ts";
import type { Ports } from "../../ports/ports.ts";
import { parseChain, type SessionChain } from "../../session/chain.ts";
import { diffChains } from "../../session/diff_chains.ts";
import type { CommandResult } from "../frame/command.ts";

/** Text from a chain, safe on a terminal. */
function shown(text: string): string {
  return printable(text, 200);
}

/**
 * Reads a chain when the name is a path of one: it ends in `_chain.json`.
 *
 * @returns `undefined` when the name is that of a run.
 * @throws GaitError for a chain that cannot be read
 */
export async function readNamedChain(
  name: string,
  ports: Pick<Ports, "files">,
): Promise<SessionChain | undefined> {
  // A bare file name is a run id here, as everywhere (spec 03 §12).
  if (!/[\\/].*_chain\.json$/.test(name)) return undefined;
  return parseChain(await ports.files.read(name, { maxBytes: LIMITS.chainBytes }), name);
}

/** A chain as the answer of `run inspect`. */
export function inspectedChain(chain: SessionChain, path: string): CommandResult {
  const checkpoints = chain.checkpoints.map((each) => ({
    checkpoint_index: each.checkpoint_index,
    runpack_path: each.runpack_path,
    sequence_start: each.sequence_start,
    sequence_end: each.sequence_end,
    checkpoint_digest: each.checkpoint_digest,
    ...(each.prev_checkpoint_digest !== undefined && {
      prev_checkpoint_digest: each.prev_checkpoint_digest,
    }),
  }));
  return {
    exit: EXIT.ok,
    json: {
      ok: true,
      artifact_type: "session_chain",
      session_id: chain.session_id,
      run_id: chain.run_id,
      path,
      checkpoint_count: checkpoints.length,
      checkpoints,
    },
    text: [
      `run inspect: session_id=${shown(chain.session_id)} run_id=${shown(chain.run_id)} ` +
      `checkpoints=${checkpoints.length}`,
      `path: ${shown(path)}`,
      ...checkpoints.map((each) =>
        `${each.checkpoint_index}. ${each.sequence_start}..${each.sequence_end} ` +
        `${shown(each.runpack_path)}`
      ),
    ],
  };
}

/** Members of the summary that hold for two chains alike. */
interface ChainSummary {
  readonly run_id_left: string;
  readonly run_id_right: string;
  readonly manifest_changed: boolean;
  readonly intents_changed: boolean;
  readonly results_changed: boolean;
  readonly refs_changed: boolean;
  readonly files_changed?: readonly string[];
}

/**
 * Compares two chains when both names are those of chains.
 *
 * @returns `undefined` when neither is one.
 * @throws GaitError when only one is, or one cannot be read
 */
export async function comparedChains(
  names: readonly string[],
  ports: Pick<Ports, "files">,
): Promise<{ readonly same: boolean; readonly summary: ChainSummary } | undefined> {
  if (names.length !== 2) return undefined;
  const [left, right] = [
    await readNamedChain(names[0] ?? "", ports),
    await readNamedChain(names[1] ?? "", ports),
  ];
  if (left === undefined && right === undefined) return undefined;
  if (left === undefined || right === undefined) {
    throw new GaitError("invalid_input", "Cannot compare a session chain with a runpack");
  }
  const files = diffChains(left, right);
  const changed = files.length > 0;
  return {
    same: !changed,
    summary: {
      run_id_left: left.run_id,
      run_id_right: right.run_id,
      manifest_changed: changed,
      intents_changed: changed,
      results_changed: changed,
      refs_changed: changed,
      ...(changed && { files_changed: files }),
    },
  };
}
