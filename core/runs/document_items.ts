/**
 * Items of a run that is one JSON document (spec 01 §11.4).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { inputObject, listMember, refuse, type ReportFinding } from "../runpack/run_input.ts";
import { parseJson } from "../text/json.ts";
import type { RunItem } from "./run_items.ts";

/** Members of the document. */
const MEMBERS: ReadonlySet<string> = new Set(["run", "intents", "results", "refs", "capture_mode"]);

/** Items of a list. */
function* itemsOf(
  list: readonly JsonValue[],
  kind: RunItem["kind"],
  path: string,
): Generator<RunItem> {
  for (let i = 0; i < list.length; i++) {
    yield { kind, value: list[i] as JsonValue, path: `${path}[${i}]` };
  }
}

/** Items of `refs`: its common members, then its receipts. */
function* refsItems(refs: JsonValue | undefined, report: ReportFinding): Generator<RunItem> {
  if (refs === undefined || refs === null) return;
  const from = inputObject(refs, { path: "refs", report });
  const receipts = listMember(from, "receipts") ?? [];
  const { receipts: _receipts, ...head } = from.value;
  yield { kind: "refs", value: head, path: "refs" };
  yield* itemsOf(receipts, "receipt", "refs.receipts");
}

/** The run with the capture mode of the document inside it. */
function runValue(document: JsonObject): JsonObject {
  const { run = null, capture_mode = null } = document;
  if (run !== null && !isJsonObject(run)) throw refuse("run", "it is no object");
  return { ...(run ?? {}), capture_mode };
}

/**
 * Reads a document.
 *
 * @param data UTF-8 JSON.
 * @param options Name of the input, and what takes findings.
 * @returns Its items, the run first.
 * @throws GaitError `json_syntax`, `json_duplicate_key`, `text_encoding`, `schema_violation` and other
 *   codes of strict reading; duplicate names are refused, numbers are read as doubles (divergence P6)
 */
export function documentItems(
  data: Uint8Array,
  options: { readonly source: string; readonly report: ReportFinding },
): RunItem[] {
  const { source, report } = options;
  const document = parseJson(data, { source, maxBytes: LIMITS.recordInputBytes });
  if (!isJsonObject(document)) {
    throw new GaitError("schema_violation", "Cannot record the run: the input is no object", {
      place: { source },
    });
  }
  for (const name of Object.keys(document)) {
    if (!MEMBERS.has(name)) report({ code: "unknown_member_dropped", path: name });
  }
  const from = inputObject(document, { path: "input", report });
  return [
    { kind: "run", value: runValue(document), path: "run" },
    ...refsItems(document.refs, report),
    ...itemsOf(listMember(from, "intents") ?? [], "intent", "intents"),
    ...itemsOf(listMember(from, "results") ?? [], "result", "results"),
  ];
}
