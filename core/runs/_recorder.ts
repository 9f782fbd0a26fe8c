/**
 * A run while it is recorded: items go into the current pack, and into the next one when it is full.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import {
  decodeEvent,
  decodeIntent,
  type DecodeOptions,
  decodeReceipt,
  decodeRefsHead,
  decodeResult,
  type RunHead,
} from "../runpack/input_records.ts";
import {
  type CaptureMode,
  type CommonMembers,
  type Receipt,
  runpackFileName,
  type TimelineEvent,
} from "../runpack/model.ts";
import { type BuiltPack, PackWriter } from "../runpack/pack_writer.ts";
import { packPath, writePack } from "./pack_path.ts";
import { nextPartEvent, partLink, partRunId } from "./part_link.ts";
import type {
  RecordContext,
  RecordedPack,
  RecordedRun,
  RecordOptions,
  RecordPorts,
} from "./record_options.ts";
import type { RunItem } from "./run_items.ts";
import { selfVerify } from "./self_verify.ts";

/** A run while it is recorded. */
export class Recorder {
  readonly #head: RunHead;
  readonly #mode: CaptureMode;
  readonly #nullTimeline: boolean;
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
    run: { readonly head: RunHead; readonly mode: CaptureMode; readonly hasTimeline: boolean },
    context: RecordContext,
  ) {
    const { options } = context;
    this.#head = run.head;
    this.#mode = run.mode;
    this.#nullTimeline = !run.hasTimeline && !options.fillGaps;
    this.#options = options;
    this.#ports = context.ports;
    const dropContent = run.mode === "digest-only";
    this.#decode = {
      head: run.head,
      overrideRunId: options.runId !== "",
      fillDigests: options.fillGaps || dropContent,
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
        nullTimeline: this.#nullTimeline,
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
    full.addLastEvent(nextPartEvent(this.#head, this.#part + 1));
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
