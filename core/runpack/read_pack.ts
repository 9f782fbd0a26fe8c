/**
 * Reading a runpack for everything that is not verification: nothing is returned unless container,
 * manifest, members and records hold together (spec 01 §11.5). Signatures are not looked at.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { SignPorts } from "../sign/signer.ts";
import type { RefsRecord, ResultRecord, RunRecord } from "./model.ts";
import { type IntentRecord, MEMBER } from "./model.ts";
import type { VerifyReport } from "./verify_report.ts";
import { verifyRunpack } from "./verify_runpack.ts";
import { readZip } from "../zip/read_zip.ts";
import { type ManifestDocument, readManifest } from "./read_manifest.ts";

/** A runpack that was read. */
export interface ReadPack {
  readonly manifest: ManifestDocument;
  readonly run: RunRecord;
  readonly intents: readonly IntentRecord[];
  readonly results: readonly ResultRecord[];
  readonly refs: RefsRecord;
  /** What the check on reading found; it is `ok`. */
  readonly report: VerifyReport;
}

/** Records as they arrive, by member. */
interface Collected {
  readonly intents: IntentRecord[];
  readonly results: ResultRecord[];
  run?: RunRecord;
  refs?: RefsRecord;
}

/** Puts a record where it belongs; each member's checker hands over records of its own kind. */
function collect(into: Collected, path: string, record: unknown): void {
  if (path === MEMBER.intents) into.intents.push(record as IntentRecord);
  else if (path === MEMBER.results) into.results.push(record as ResultRecord);
  else if (path === MEMBER.run) into.run = record as RunRecord;
  else if (path === MEMBER.refs) into.refs = record as RefsRecord;
}

/** The failure for a pack that does not hold. */
function refusal({ findings }: VerifyReport): GaitError {
  const [first] = findings;
  if (first === undefined) return new GaitError("internal_failure", "Cannot read the runpack");
  const place = first.path === undefined ? {} : { place: { source: first.path } };
  return new GaitError(first.code, `Cannot use the runpack: ${first.message}`, {
    ...place,
    details: { findings },
  });
}

/**
 * Reads a runpack.
 *
 * @param bytes The whole archive.
 * @param ports Hash and signature scheme.
 * @throws GaitError the first finding, or what `verifyRunpack` throws
 */
export async function readRunpack(bytes: Uint8Array, ports: SignPorts): Promise<ReadPack> {
  const collected: Collected = { intents: [], results: [] };
  const onRecord = (path: string, record: unknown) => collect(collected, path, record);
  const report = await verifyRunpack(bytes, { keys: [], onRecord }, ports);
  const { run, refs, intents, results } = collected;
  const manifest = readZip(bytes).find(MEMBER.manifest);
  if (!report.ok || run === undefined || refs === undefined || manifest === undefined) {
    throw refusal(report);
  }
  return { manifest: readManifest(manifest.read()), run, refs, intents, results, report };
}
