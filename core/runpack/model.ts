/**
 * The records of a runpack (spec 01 §8), as they are after decoding. Members stand in the order of
 * canonical JSON; an optional member is absent, never empty.
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import type { Signature } from "../sign/signature.ts";

/** Names of the members of the archive. */
export const MEMBER = {
  intents: "intents.jsonl",
  manifest: "manifest.json",
  refs: "refs.json",
  results: "results.jsonl",
  run: "run.json",
} as const;

/** The four members that the manifest lists, in its order; all are required. */
export const CONTENT_MEMBERS = [MEMBER.intents, MEMBER.refs, MEMBER.results, MEMBER.run] as const;

/** `schema_id` of every record. */
export const SCHEMA_ID = {
  intent: "gait.runpack.intent",
  manifest: "gait.runpack.manifest",
  refs: "gait.runpack.refs",
  result: "gait.runpack.result",
  run: "gait.runpack.run",
} as const;

/** `schema_version` that is written. */
export const RUNPACK_SCHEMA_VERSION = "1.0.0";

/** What a run id must look like (spec 01 §8.7, divergence E8): it becomes part of a file name. */
export const RUN_ID_PATTERN = /^run_[A-Za-z0-9_-]+$/;

/** Longest run id, so that every file name made from it fits every file system. */
export const RUN_ID_MAX_LENGTH = 160;

/**
 * How much a pack keeps. `reference` and `raw` keep `args` and `result`; `digest-only` (divergence E7)
 * drops both after their digests are taken.
 */
export type CaptureMode = "reference" | "raw" | "digest-only";

/** Every capture mode. */
export const CAPTURE_MODES: readonly CaptureMode[] = ["reference", "raw", "digest-only"];

/** Members that every record has. */
export interface CommonMembers {
  /** RFC 3339, offset kept, shortest fraction. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly run_id: string;
  readonly schema_id: string;
  readonly schema_version: string;
}

/** Where a run took place; the reference drops every other member. */
export interface RunEnvironment {
  /** Processor in Go naming, for example `amd64`. */
  readonly arch: string;
  /** Operating system in Go naming, for example `darwin`. */
  readonly os: string;
  readonly runtime: string;
}

/** One event of a run. */
export interface TimelineEvent {
  readonly event: string;
  /** Id of the intent that the event belongs to. */
  readonly ref?: string;
  /** RFC 3339. */
  readonly ts: string;
}

/** `run.json`. */
export interface RunRecord extends CommonMembers {
  readonly env: RunEnvironment;
  /** Written as a list; `null` only in packs of the reference that were recorded without one. */
  readonly timeline: readonly TimelineEvent[] | null;
}

/** One line of `intents.jsonl`. */
export interface IntentRecord extends CommonMembers {
  /** Absent when empty. */
  readonly args?: JsonObject;
  readonly args_digest: string;
  readonly intent_id: string;
  readonly tool_name: string;
}

/** One line of `results.jsonl`. */
export interface ResultRecord extends CommonMembers {
  readonly intent_id: string;
  /** Absent when empty. */
  readonly result?: JsonObject;
  readonly result_digest: string;
  /** `ok` or `error`; older packs hold other texts. */
  readonly status: string;
}

/** One piece of material that a run used. */
export interface Receipt {
  readonly content_digest: string;
  readonly query_digest: string;
  readonly redaction_mode: string;
  readonly ref_id: string;
  /** Absent when empty. */
  readonly retrieval_params?: JsonObject;
  /** RFC 3339. */
  readonly retrieved_at: string;
  readonly sensitivity_label?: string;
  readonly source_locator: string;
  readonly source_type: string;
}

/** `refs.json`. */
export interface RefsRecord extends CommonMembers {
  readonly receipts: readonly Receipt[];
}

/** One entry of `manifest.files`. */
export interface ManifestFile {
  readonly path: string;
  /** SHA-256 of the uncompressed member, lower-case hex. */
  readonly sha256: string;
}

/** `manifest.json`. */
export interface ManifestRecord extends CommonMembers {
  readonly capture_mode: string;
  /** Sorted by path: {@linkcode CONTENT_MEMBERS}. */
  readonly files: readonly ManifestFile[];
  /** 64 lower-case hex digits; see `manifest_digest.ts` for what it covers. */
  readonly manifest_digest: string;
  /** Absent when there are none. */
  readonly signatures?: readonly Signature[];
}

/** A whole runpack, decoded. */
export interface Runpack {
  readonly manifest: ManifestRecord;
  readonly run: RunRecord;
  readonly intents: readonly IntentRecord[];
  readonly results: readonly ResultRecord[];
  readonly refs: RefsRecord;
}

/** The records of a runpack without its manifest, which follows from them. */
export type RunContent = Omit<Runpack, "manifest">;

/** File name of a runpack by convention (spec 01 §8). */
export function runpackFileName(runId: string): string {
  return `runpack_${runId}.zip`;
}
