/**
 * Recording a run: items in, runpacks out. A run whose calls do not fit into one pack becomes a chain of
 * packs, each naming the one before by its digest (docs/runpack.md).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import {
  checkRunId,
  decodeEvent,
  decodeIntent,
  type DecodeOptions,
  decodeReceipt,
  decodeRefsHead,
  decodeResult,
  decodeRun,
  type RunHead,
} from "../runpack/input_records.ts";
import {
  CAPTURE_MODES,
  type CaptureMode,
  type CommonMembers,
  type Receipt,
  runpackFileName,
  type TimelineEvent,
} from "../runpack/model.ts";
import { type BuiltPack, PackWriter } from "../runpack/pack_writer.ts";
import type { Findings } from "./findings.ts";
import { checkDirectory, packPath, writePack } from "./pack_path.ts";
import { nextPartEvent, partLink, partRunId } from "./part_link.ts";
import type { RunItem, RunItems } from "./run_items.ts";
import { selfVerify } from "./self_verify.ts";

/** How to record. */
export interface RecordOptions {
  /** Overrides every run id; "" for none. */
  readonly runId: string;
  /** Overrides the input's capture mode; "" for none. */
  readonly captureMode: string;
  /** When neither says it. */
  readonly defaultCaptureMode: CaptureMode;
  /** Compute digests that the input leaves out. */
  readonly fillDigests: boolean;
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

/**
 * Reads a capture mode.
 *
 * @throws GaitError `unsupported_value`
 */
export function readCaptureMode(text: string, otherwise: CaptureMode): CaptureMode {
  if (text === "") return otherwise;
  const mode = CAPTURE_MODES.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new GaitError(
    "unsupported_value",
    `Cannot record with capture mode ${JSON.stringify(text.slice(0, 64))}: it is not listed`,
    { hint: `use one of ${CAPTURE_MODES.join(", ")}` },
  );
}

/** A run while it is recorded. */
class Recorder {
  readonly #head: RunHead;
  readonly #mode: CaptureMode;
  readonly #decode: DecodeOptions;
  readonly #options: RecordOptions;
  readonly #ports: RecordPorts;
  readonly #packs: RecordedPack[] = [];
  readonly #created: string[] = [];
  #writer: PackWriter | undefined;
  #part = 1;
  #refsHead: CommonMembers | undefined;
  #keepsContent = false;

  constructor(
    run: { readonly head: RunHead; readonly mode: CaptureMode },
    context: {
      readonly options: RecordOptions;
      readonly ports: RecordPorts;
      readonly findings: Findings;
    },
  ) {
    const { options } = context;
    this.#head = run.head;
    this.#mode = run.mode;
    this.#options = options;
    this.#ports = context.ports;
    const dropContent = run.mode === "digest-only";
    this.#decode = {
      head: run.head,
      overrideRunId: options.runId !== "",
      fillDigests: options.fillDigests || dropContent,
      dropContent,
      report: context.findings.report,
    };
  }

  /** Records one item. */
  async add(item: RunItem): Promise<void> {
    const { kind, value, path } = item;
    switch (kind) {
      case "intent": {
        const record = decodeIntent(value, path, this.#decode);
        this.#keepsContent ||= record.args !== undefined;
        return await this.#put((writer, run_id) => writer.addIntent({ ...record, run_id }), path);
      }
      case "result": {
        const record = decodeResult(value, path, this.#decode);
        this.#keepsContent ||= record.result !== undefined;
        return await this.#put((writer, run_id) => writer.addResult({ ...record, run_id }), path);
      }
      case "receipt": {
        const receipt = decodeReceipt(value, path, this.#decode.report);
        return await this.addReceipt(receipt, path);
      }
      case "event":
        return await this.addEvent(decodeEvent(value, path, this.#decode.report), path);
      case "refs":
        this.#refsHead = decodeRefsHead(value, path, this.#decode);
        return;
      case "run":
        throw new GaitError("schema_violation", "Cannot record the run: it must come first, once", {
          place: { path },
        });
    }
  }

  /** Adds an event. */
  async addEvent(event: TimelineEvent, path: string): Promise<void> {
    await this.#put((writer) => writer.addEvent(event), path);
  }

  /** Adds a receipt. */
  async addReceipt(receipt: Receipt, path: string): Promise<void> {
    await this.#put((writer) => writer.addReceipt(receipt), path);
  }

  /** Writes the last pack. */
  async finish(): Promise<RecordedRun> {
    await this.#write(this.#open());
    return { packs: this.#packs, captureMode: this.#mode, keepsContent: this.#keepsContent };
  }

  /** Takes back every file that this recording made. */
  async undo(): Promise<void> {
    for (const path of this.#created.reverse()) await this.#ports.files.remove(path);
  }

  get #runId(): string {
    return partRunId(this.#head.run_id, this.#part);
  }

  #open(): PackWriter {
    this.#writer ??= new PackWriter(
      { ...this.#head, run_id: this.#runId, capture_mode: this.#mode },
      {
        ...(this.#options.memberBytes === undefined
          ? {}
          : { memberBytes: this.#options.memberBytes }),
        refsHead: this.#refsHead && { ...this.#refsHead, run_id: this.#runId },
      },
    );
    return this.#writer;
  }

  /** Puts a record into the current pack, or into the next one when it is full. */
  async #put(add: (writer: PackWriter, runId: string) => boolean, path: string): Promise<void> {
    if (add(this.#open(), this.#runId)) return;
    await this.#nextPart();
    if (add(this.#open(), this.#runId)) return;
    throw new GaitError("input_too_large", `Cannot record ${path}: it fits into no runpack`, {
      place: { path },
    });
  }

  /** Closes the current pack and begins the next one with a link to it. */
  async #nextPart(): Promise<void> {
    const full = this.#open();
    full.addEvent(nextPartEvent(this.#head, this.#part + 1));
    await this.#write(full);
    this.#writer = undefined;
    this.#part++;
    const previous = this.#packs.at(-1);
    const [first] = this.#packs;
    if (previous === undefined || first === undefined) return;
    this.#open().addReceipt(partLink(this.#head, { part: this.#part, first, previous }));
  }

  async #write(writer: PackWriter): Promise<void> {
    const { files, digester } = this.#ports;
    const { outDir, force, signer } = this.#options;
    const pack: BuiltPack = await writer.finish({ digester, signer });
    const path = packPath(outDir, runpackFileName(this.#runId));
    if (await writePack(path, pack.chunks, { replace: force, files })) this.#created.push(path);
    await selfVerify(path, { signer, ports: this.#ports });
    this.#packs.push({
      runId: this.#runId,
      path,
      manifestDigest: pack.manifest.manifest_digest,
    });
  }
}

/** Reads the first item as the run; a run that starts with anything else has only a run id. */
function openRun(
  first: RunItem | undefined,
  context: {
    readonly options: RecordOptions;
    readonly ports: RecordPorts;
    readonly findings: Findings;
  },
) {
  const { options, ports, findings } = context;
  const value = first?.kind === "run" ? first.value : null;
  const { head, events, captureMode } = decodeRun(value, {
    created_at: formatInstant(ports.clock.now()),
    producer_version: ports.version,
    env: { arch: ports.architecture ?? "unknown", os: ports.platform, runtime: "deno" },
    run_id: options.runId === "" ? "" : checkRunId(options.runId, "--run-id"),
  }, findings.report);
  const mode = readCaptureMode(options.captureMode || captureMode, options.defaultCaptureMode);
  // Refuses a bad directory before anything is read or written.
  packPath(options.outDir, runpackFileName(head.run_id));
  return { recorder: new Recorder({ head, mode }, context), events };
}

/**
 * Records a run.
 *
 * @param items The run and its records; memory does not grow with their number.
 * @param context Options, ports, and what collects findings.
 * @returns The packs, in order. When it throws, no pack of this run is left behind.
 * @throws GaitError `schema_violation`, `unsupported_value`, `path_not_allowed`, `already_exists`,
 *   `input_too_large`, `signer_failed` and codes of reading and writing
 */
export async function recordRun(
  items: RunItems,
  context: {
    readonly options: RecordOptions;
    readonly ports: RecordPorts;
    readonly findings: Findings;
  },
): Promise<RecordedRun> {
  let recorder: Recorder | undefined;
  try {
    await checkDirectory(context.options.outDir, context.ports.files);
    for await (const item of items) {
      if (recorder === undefined) {
        const opened = openRun(item, context);
        recorder = opened.recorder;
        for (const event of opened.events) await recorder.addEvent(event, "run.timeline");
        if (item.kind === "run") continue;
      }
      await recorder.add(item);
    }
    recorder ??= openRun(undefined, context).recorder;
    return await recorder.finish();
  } catch (error) {
    await recorder?.undo().catch(() => {});
    throw error;
  }
}
