/**
 * How a run is recorded, and what comes of it.
 *
 * @module
 */

import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import type { CaptureMode } from "../runpack/model.ts";
import type { Findings } from "./findings.ts";

/** How to record. */
export interface RecordOptions {
  /** Overrides every run id; "" for none. */
  readonly runId: string;
  /** Overrides the input's capture mode; "" for none. */
  readonly captureMode: string;
  /** When neither says it. */
  readonly defaultCaptureMode: CaptureMode;
  /**
   * Complete what the input leaves out: compute digests, write an empty timeline. Off for documents, whose
   * packs have the bytes of the reference: empty digests, `timeline: null`.
   */
  readonly fillGaps: boolean;
  readonly outDir: string;
  /** Replace other packs. */
  readonly force: boolean;
  readonly signer?: Signer | undefined;
  /** Most bytes of one member; for tests. */
  readonly memberBytes?: number;
}

/** What recording needs. */
export type RecordPorts = Pick<
  Ports,
  "files" | "clock" | "digester" | "ed25519" | "version" | "platform" | "architecture"
>;

/** One pack that was written. */
export interface RecordedPack {
  readonly runId: string;
  readonly path: string;
  readonly manifestDigest: string;
}

/** What was recorded. */
export interface RecordedRun {
  /** One pack, or all packs of a chain in order. */
  readonly packs: readonly RecordedPack[];
  readonly captureMode: CaptureMode;
  /** Whether any pack holds arguments or results. */
  readonly keepsContent: boolean;
}

/** Everything that recording works with. */
export interface RecordContext {
  readonly options: RecordOptions;
  readonly ports: RecordPorts;
  /** Collects what is odd about the input. */
  readonly findings: Findings;
}
