/**
 * Dropping events that checkpoints hold (spec 03 §7 and §13; divergence S2). Only events whose runpack was
 * verified again a moment ago are dropped, and the last checkpoint keeps its events when nothing follows it,
 * so that every reader finds the sequence.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import type { OutputFile } from "../ports/append.ts";
import type { Ports } from "../ports/ports.ts";
import {
  encodeJournalLine,
  type JournalRecord,
  type SessionCheckpoint,
} from "../session/records.ts";
import { Replay, type SessionTip } from "../session/replay.ts";
import { chainPath, cleanPath, lockPath, statePath } from "../session/session_paths.ts";
import { namesOneOf, refuseOneOf } from "./_paths.ts";
import { type LoadedSession, loadSession, type SessionRepair } from "./load_session.ts";
import { type HeldSession, type SessionPorts, withSession } from "./open_session.ts";
import { checkpointFindings } from "./verify_chain.ts";
import { saveState } from "./write_journal.ts";

/** Ports of a compaction. */
export type CompactPorts = SessionPorts & Pick<Ports, "digester" | "ed25519">;

/** What to compact. */
export interface CompactRequest {
  readonly journal: string;
  /** Where to; the journal itself when absent. */
  readonly out?: string;
  readonly dryRun: boolean;
  /** Called with bytes of the journal read and their total. */
  progress?(done: number, total: number): void;
}

/** What a compaction did, or would do. */
export interface CompactOutcome {
  readonly outputPath: string;
  readonly dryRun: boolean;
  readonly compacted: boolean;
  readonly eventsBefore: number;
  readonly eventsAfter: number;
  readonly checkpoints: number;
  readonly lastCheckpointSequence: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly repairs: readonly SessionRepair[];
}

/** First pass: what there is. */
interface Survey {
  readonly loaded: LoadedSession;
  readonly checkpoints: readonly SessionCheckpoint[];
  /** Lowest sequence that is kept. */
  readonly keepFrom: number;
  /** Whether the last checkpoint stands behind its own events. */
  readonly keepLast: boolean;
  /** Index of every checkpoint that loses events. */
  readonly losing: ReadonlySet<number>;
}

/** Bytes collected before they are handed on. */
const BUFFER = 1 << 18;

/** Reads the journal and decides what stays. */
async function survey(
  session: HeldSession,
  request: CompactRequest,
  ports: CompactPorts,
): Promise<Survey> {
  const checkpoints: SessionCheckpoint[] = [];
  /** Runs of event sequences that are physically there. */
  const present: { from: number; to: number }[] = [];
  function visit(record: JournalRecord): void {
    if (record.kind === "checkpoint") checkpoints.push(record.checkpoint);
    if (record.kind !== "event") return;
    const { sequence } = record.event;
    const last = present.at(-1);
    if (last?.to === sequence - 1) last.to = sequence;
    else present.push({ from: sequence, to: sequence });
  }
  const { progress } = request;
  const options = { full: true, visit, ...(progress !== undefined && { progress }) };
  const loaded = await loadSession(session, ports, options);
  const sealed = loaded.tip.lastCheckpointSequence;
  const keepLast = sealed > 0 && loaded.tip.lastSequence === sealed;
  const keepFrom = keepLast ? checkpoints.at(-1)?.sequence_start ?? 1 : sealed + 1;
  const losing = new Set(
    checkpoints.filter(({ sequence_start: start, sequence_end: end }) =>
      present.some(({ from, to }) => from <= end && to >= start && start < keepFrom)
    ).map((checkpoint) => checkpoint.checkpoint_index),
  );
  return { loaded, checkpoints, keepFrom, keepLast, losing };
}

/** Verifies every runpack whose events are to be dropped. @throws GaitError `verification_failed` */
async function verifyCovering(
  journal: string,
  { checkpoints, losing }: Survey,
  ports: CompactPorts,
): Promise<void> {
  const options = { beside: journal, policy: { keys: [] } };
  for (const checkpoint of checkpoints) {
    if (!losing.has(checkpoint.checkpoint_index)) continue;
    const found = await checkpointFindings(checkpoint, options, ports);
    if (found.length === 0) continue;
    throw new GaitError(
      "verification_failed",
      "Cannot compact the session: a runpack does not hold the events that would be dropped",
      {
        hint: "restore the runpack, or leave the journal as it is",
        details: { checkpoint_errors: found, first_bad_sequence: checkpoint.sequence_start },
      },
    );
  }
}

/** Takes the kept records, checks them as a reader would, and hands their bytes on. */
class Sink {
  readonly hash = new RunningSha256();
  readonly #replay = new Replay();
  readonly #buffer = new Uint8Array(BUFFER);
  readonly #output: OutputFile | undefined;
  #filled = 0;

  /** @param output Where bytes go; they are only counted when absent. */
  constructor(output: OutputFile | undefined) {
    this.#output = output;
  }
  async write(record: JournalRecord): Promise<void> {
    this.#replay.take(record);
    const line = utf8(encodeJournalLine(record));
    this.hash.update(line);
    if (this.#output === undefined) return;
    if (this.#filled + line.length > BUFFER) await this.flush();
    if (line.length > BUFFER) return await this.#output.write(line);
    this.#buffer.set(line, this.#filled);
    this.#filled += line.length;
  }
  async flush(): Promise<void> {
    if (this.#filled > 0) await this.#output?.write(this.#buffer.slice(0, this.#filled));
    this.#filled = 0;
  }
  get tip(): SessionTip {
    return this.#replay.tip();
  }
}

/** Second pass: the kept records in their new order. */
async function writeKept(
  session: HeldSession,
  plan: Survey,
  options: { readonly output: OutputFile | undefined; readonly ports: CompactPorts },
): Promise<Sink> {
  const sink = new Sink(options.output);
  const { checkpoints, keepLast, keepFrom, loaded } = plan;
  const first = keepLast ? checkpoints.slice(0, -1) : checkpoints;
  await sink.write({ kind: "header", header: loaded.tip.header });
  for (const checkpoint of first) await sink.write({ kind: "checkpoint", checkpoint });
  // Events are read in pieces and written between them, so a journal of any length fits.
  let kept: JournalRecord[] = [];
  let rest = Promise.resolve();
  const drain = (): void => {
    const batch = kept;
    kept = [];
    rest = rest.then(async () => {
      for (const record of batch) await sink.write(record);
    });
  };
  await loadSession(session, options.ports, {
    full: true,
    visit(record) {
      if (record.kind === "event" && record.event.sequence >= keepFrom) kept.push(record);
    },
    progress: drain,
  });
  drain();
  await rest;
  const last = checkpoints.at(-1);
  if (keepLast && last !== undefined) await sink.write({ kind: "checkpoint", checkpoint: last });
  await sink.flush();
  return sink;
}

/** Refuses to write over other files of the session, or into a folder that is not there. */
async function checkOutput(
  request: CompactRequest,
  plan: Survey,
  ports: CompactPorts,
): Promise<void> {
  const { journal, out } = request;
  if (out === undefined || cleanPath(out) === cleanPath(journal)) return;
  const { files } = ports;
  const packs = plan.checkpoints.map((checkpoint) => checkpoint.runpack_path);
  const others = [statePath(journal), lockPath(journal), chainPath(journal), ...packs];
  await refuseOneOf(out, others.filter((path) => path !== ""), { flag: "out", files });
  const cut = out.lastIndexOf("/");
  if (cut <= 0 || await files.stat(out.slice(0, cut)) !== undefined) return;
  throw new GaitError("file_not_found", `Cannot write ${out}: its folder does not exist`);
}

/** What happened, in numbers. */
function outcome(
  request: CompactRequest,
  plan: Survey,
  after: { readonly sink: Sink; readonly outputPath: string; readonly inPlace: boolean },
): CompactOutcome {
  const { loaded, checkpoints } = plan;
  const eventsAfter = after.sink.tip.eventCount;
  const bytesAfter = after.sink.hash.length;
  return {
    outputPath: after.outputPath,
    dryRun: request.dryRun,
    compacted: eventsAfter !== loaded.tip.eventCount || !after.inPlace ||
      bytesAfter !== loaded.size,
    eventsBefore: loaded.tip.eventCount,
    eventsAfter,
    checkpoints: checkpoints.length,
    lastCheckpointSequence: loaded.tip.lastCheckpointSequence,
    bytesBefore: loaded.size,
    bytesAfter,
    repairs: loaded.repairs,
  };
}

/** Puts the new content in place. */
async function commit(
  session: HeldSession,
  plan: Survey,
  target: { readonly path: string; readonly inPlace: boolean },
  ports: CompactPorts,
): Promise<void> {
  const output = await ports.appends.output(target.path);
  try {
    const sink = await writeKept(session, plan, { output, ports });
    await session.confirm(plan.loaded.size);
    await output.commit();
    if (!target.inPlace) return;
    const updatedAt = formatInstant(ports.clock.now());
    await saveState(session.path, { tip: sink.tip, hash: sink.hash, updatedAt }, ports);
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Compacts while the session is held. */
export async function compactHeld(
  session: HeldSession,
  request: CompactRequest,
  ports: CompactPorts,
): Promise<CompactOutcome> {
  const plan = await survey(session, request, ports);
  await checkOutput(request, plan, ports);
  const path = cleanPath(request.out ?? request.journal);
  const inPlace = await namesOneOf(path, [request.journal], ports.files);
  await verifyCovering(request.journal, plan, ports);
  const sink = await writeKept(session, plan, { output: undefined, ports });
  const result = outcome(request, plan, { sink, outputPath: path, inPlace });
  if (request.dryRun || !result.compacted) return result;
  await commit(session, plan, { path: inPlace ? session.path : path, inPlace }, ports);
  return result;
}

/**
 * Compacts a journal. Chain file and runpacks stay as they are, so a verification says the same before and
 * after; the next checkpoint has the same index, range and link.
 *
 * @throws GaitError `verification_failed` when a covering runpack does not hold, `path_not_allowed`, and what
 *   loading and writing throw; the journal is unchanged then
 */
export async function compactSession(
  request: CompactRequest,
  ports: CompactPorts,
): Promise<CompactOutcome> {
  return await withSession(
    request.journal,
    { create: false, ports },
    (session) => compactHeld(session, request, ports),
  );
}
