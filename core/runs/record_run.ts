/**
 * Recording a run: items in, runpacks out. A run whose calls do not fit into one pack becomes a chain of
 * packs, each naming the one before by its digest (docs/runpack.md).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import { checkRunId, decodeRun } from "../runpack/input_records.ts";
import { CAPTURE_MODES, type CaptureMode, runpackFileName } from "../runpack/model.ts";
import { Recorder } from "./_recorder.ts";
import { checkDirectory, packPath } from "./pack_path.ts";
import type { RecordContext, RecordedRun } from "./record_options.ts";
import type { RunItem, RunItems } from "./run_items.ts";

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

/** Reads the first item as the run; a run that starts with anything else has only a run id. */
function openRun(
  first: RunItem | undefined,
  context: RecordContext,
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
  const hasTimeline = events !== null;
  return { recorder: new Recorder({ head, mode, hasTimeline }, context), events: events ?? [] };
}

/**
 * Records a run.
 *
 * @param items The run and its records, closed in any case; memory does not grow with their number.
 * @param context Options, ports, and what collects findings.
 * @returns The packs, in order. When it throws, no pack of this run is left behind.
 * @throws GaitError `schema_violation`, `unsupported_value`, `path_not_allowed`, `already_exists`,
 *   `input_too_large`, `signer_failed` and codes of reading and writing
 */
export async function recordRun(
  items: RunItems,
  context: RecordContext,
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
  } finally {
    items.close?.();
  }
}
