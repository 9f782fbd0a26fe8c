/**
 * Sealing the events since the last checkpoint into a runpack (spec 03 §5).
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import type { Bytes } from "../base/bytes.ts";
import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import type { RunEnvironment } from "../runpack/model.ts";
import { encodeChain } from "../session/chain.ts";
import { checkpointDigest } from "../session/checkpoint_digest.ts";
import { CheckpointPack } from "../session/checkpoint_pack.ts";
import {
  type JournalRecord,
  SESSION_SCHEMA_VERSION,
  SESSION_SCHEMAS,
  type SessionCheckpoint,
} from "../session/records.ts";
import type { SessionTip } from "../session/replay.ts";
import { chainPath, cleanPath, lockPath, statePath } from "../session/session_paths.ts";
import { refuseOneOf } from "./_paths.ts";
import { type LoadedSession, loadSession, type SessionRepair } from "./load_session.ts";
import { type HeldSession, type SessionPorts, withSession } from "./open_session.ts";
import { encodeRecord, JournalWriter, saveState } from "./write_journal.ts";

/** Ports of a checkpoint. */
export type CheckpointPorts = SessionPorts & Pick<Ports, "digester" | "platform" | "architecture">;

/** What to seal, and where to. */
export interface CheckpointRequest {
  readonly journal: string;
  /** Path of the runpack. */
  readonly out: string;
  /** Further copy of the chain. */
  readonly chainOut?: string;
  readonly signer?: Signer | undefined;
  /** Most bytes of one member, for tests. */
  readonly memberBytes?: number;
  /** Called with bytes of the journal read and their total. */
  progress?(done: number, total: number): void;
}

/** A sealed range. */
export interface CheckpointOutcome {
  readonly checkpoint: SessionCheckpoint;
  /** Where the chain can be read: the copy when one was asked for. */
  readonly chainPath: string;
  /** Events that did not fit and need another checkpoint. */
  readonly remainingEvents: number;
  readonly tip: SessionTip;
  /** Size of the journal afterwards, bytes. */
  readonly journalSize: number;
  readonly repairs: readonly SessionRepair[];
  readonly stateFailure: string | undefined;
}

/** What reading the whole journal gives. */
interface Reading {
  readonly loaded: LoadedSession;
  readonly checkpoints: SessionCheckpoint[];
  readonly pack: CheckpointPack;
  readonly createdAt: string;
  /** Events behind the last checkpoint. */
  readonly newEvents: number;
}

/** Reads the journal, checks all of it, and collects what is new. */
async function readAll(
  session: HeldSession,
  request: CheckpointRequest,
  ports: CheckpointPorts,
): Promise<Reading> {
  const before = await loadSession(session, ports);
  const { lastCheckpointSequence: sealed, lastCheckpointIndex, header } = before.tip;
  const createdAt = formatInstant(ports.clock.now());
  const env: RunEnvironment = {
    os: ports.platform,
    arch: ports.architecture ?? "unknown",
    runtime: "deno",
  };
  const pack = new CheckpointPack({
    sessionRunId: header.run_id,
    index: lastCheckpointIndex + 1,
    createdAt,
    producerVersion: ports.version,
    env,
  }, request.memberBytes);
  const checkpoints: SessionCheckpoint[] = [];
  let full = false;
  let newEvents = 0;
  function visit(record: JournalRecord): void {
    if (record.kind === "checkpoint") checkpoints.push(record.checkpoint);
    if (record.kind !== "event" || record.event.sequence <= sealed) return;
    newEvents++;
    full ||= !pack.add(record.event);
  }
  const { progress } = request;
  const options = { full: true, visit, ...(progress !== undefined && { progress }) };
  const loaded = await loadSession(session, ports, options);
  return { loaded, checkpoints, pack, createdAt, newEvents };
}

/** Writes chunks under a name that appears at the end. */
async function writeOutput(
  path: string,
  chunks: readonly Bytes[],
  ports: CheckpointPorts,
): Promise<void> {
  const output = await ports.appends.output(path);
  try {
    for (const chunk of chunks) await output.write(chunk);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** The files that a checkpoint must not overwrite. */
function ownFiles(journal: string): string[] {
  return [journal, statePath(journal), lockPath(journal), chainPath(journal)];
}

/** Refuses outputs that would destroy something (divergence S7). */
async function checkOutputs(
  request: CheckpointRequest,
  earlier: readonly SessionCheckpoint[],
  ports: CheckpointPorts,
): Promise<void> {
  const { journal, out, chainOut } = request;
  const { files } = ports;
  const packs = earlier.map((checkpoint) => checkpoint.runpack_path).filter((path) => path !== "");
  await refuseOneOf(out, [...ownFiles(journal), ...packs], { flag: "out", files });
  if (chainOut === undefined) return;
  const [, state, lock] = ownFiles(journal) as [string, string, string];
  await refuseOneOf(chainOut, [journal, state, lock, out, ...packs], { flag: "chain-out", files });
}

/** The record of a sealed pack. */
function recordOf(
  reading: Reading,
  sealed: { readonly out: string; readonly manifestDigest: string; readonly version: string },
): SessionCheckpoint {
  const { tip } = reading.loaded;
  const previous = tip.lastCheckpointDigest;
  const start = tip.lastCheckpointSequence + 1;
  const link = {
    manifest_digest: sealed.manifestDigest,
    ...(previous !== "" && { prev_checkpoint_digest: previous }),
    checkpoint_index: tip.lastCheckpointIndex + 1,
    sequence_start: start,
    sequence_end: start + reading.pack.count - 1,
  };
  return {
    schema_id: SESSION_SCHEMAS.checkpoint,
    schema_version: SESSION_SCHEMA_VERSION,
    created_at: reading.createdAt,
    producer_version: sealed.version,
    session_id: tip.header.session_id,
    run_id: tip.header.run_id,
    runpack_path: cleanPath(sealed.out),
    ...link,
    checkpoint_digest: checkpointDigest(link),
  };
}

/** Writes the chain and its copy. */
async function writeChains(
  request: CheckpointRequest,
  reading: Pick<Reading, "loaded" | "checkpoints">,
  ports: CheckpointPorts,
): Promise<string> {
  const own = chainPath(request.journal);
  const data = utf8(encodeChain(reading.loaded.tip.header, reading.checkpoints));
  await ports.files.replace(own, data);
  if (request.chainOut === undefined) return own;
  await ports.files.replace(request.chainOut, data);
  return request.chainOut;
}

/** The answer when nothing is new; a chain that lags behind is mended first. */
async function nothingNew(
  request: CheckpointRequest,
  reading: Reading,
  ports: CheckpointPorts,
): Promise<GaitError> {
  if (reading.checkpoints.length > 0) await mendChain(request, reading, ports);
  return new GaitError("no_new_events", "Cannot write a checkpoint: no new session events");
}

/** Writes the chain anew when it is not what the journal says. */
async function mendChain(
  request: CheckpointRequest,
  reading: Reading,
  ports: CheckpointPorts,
): Promise<void> {
  const wanted = utf8(encodeChain(reading.loaded.tip.header, reading.checkpoints));
  const path = chainPath(request.journal);
  try {
    const found = await ports.files.read(path, { maxBytes: wanted.length });
    if (found.length === wanted.length && found.every((byte, i) => byte === wanted[i])) return;
  } catch (error) {
    const wrong = error instanceof GaitError &&
      (error.code === "file_not_found" || error.code === "input_too_large");
    if (!wrong) throw error;
  }
  await ports.files.replace(path, wanted);
}

/** Seals what was read. */
async function seal(
  session: HeldSession,
  request: CheckpointRequest,
  reading: Reading,
  ports: CheckpointPorts,
): Promise<CheckpointOutcome> {
  const { loaded, pack, checkpoints } = reading;
  const built = await pack.finish({ digester: ports.digester, signer: request.signer });
  const writer = new JournalWriter(session, loaded);
  await writer.settle();
  await writeOutput(request.out, built.chunks, ports);
  const checkpoint = recordOf(reading, {
    out: request.out,
    manifestDigest: built.manifest.manifest_digest,
    version: ports.version,
  });
  await writer.write([encodeRecord({ kind: "checkpoint", checkpoint })]);
  await writer.sync();
  checkpoints.push(checkpoint);
  const { tip } = writer;
  const update = { tip, hash: loaded.hash, updatedAt: reading.createdAt };
  const failure = await saveState(session.path, update, ports);
  return {
    checkpoint,
    chainPath: await writeChains(request, reading, ports),
    remainingEvents: reading.newEvents - pack.count,
    tip,
    journalSize: loaded.hash.length,
    repairs: loaded.repairs,
    stateFailure: failure?.message,
  };
}

/**
 * Writes a checkpoint: runpack, then record, then state and chain, all while the session is held. A crash in
 * between leaves at worst a runpack that nobody names, or a chain that the next checkpoint writes anew.
 *
 * @throws GaitError `no_new_events`, `path_not_allowed`, and what loading and writing throw
 */
export async function checkpointSession(
  request: CheckpointRequest,
  ports: CheckpointPorts,
): Promise<CheckpointOutcome> {
  return await withSession(request.journal, { create: false, ports }, async (session) => {
    await checkOutputs(request, [], ports);
    const reading = await readAll(session, request, ports);
    await checkOutputs(request, reading.checkpoints, ports);
    if (reading.newEvents === 0) throw await nothingNew(request, reading, ports);
    if (reading.pack.count === 0) {
      throw new GaitError("input_too_large", "Cannot write a checkpoint: one event exceeds a pack");
    }
    return await seal(session, request, reading, ports);
  });
}
