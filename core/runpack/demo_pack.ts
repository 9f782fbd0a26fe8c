/**
 * The demo run: the same bytes on every machine (spec 01 §11.1).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import { sha256HexOfText } from "../digest/running_sha256.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import {
  type CommonMembers,
  type IntentRecord,
  type Receipt,
  type ResultRecord,
  RUNPACK_SCHEMA_VERSION,
  SCHEMA_ID,
} from "./model.ts";
import type { SealPorts } from "./manifest.ts";
import { buildRunpack, type BuiltPack } from "./pack_writer.ts";

/** Run id of the demo. */
export const DEMO_RUN_ID = "run_demo";
const CREATED_AT = "2026-02-05T00:00:00Z";

/** The three calls. */
const CALLS: readonly { readonly tool: string; readonly args: JsonObject }[] = [
  { tool: "tool.search", args: { query: "gait demo: offline verification" } },
  { tool: "tool.fetch", args: { url: "https://example.local/demo" } },
  { tool: "tool.summarize", args: { input_ref: "ref_1" } },
];

/** Common members; the version is part of the golden bytes and does not follow the build's. */
function common(schemaId: string): CommonMembers {
  return {
    created_at: CREATED_AT,
    producer_version: "0.0.0-dev",
    run_id: DEMO_RUN_ID,
    schema_id: schemaId,
    schema_version: RUNPACK_SCHEMA_VERSION,
  };
}

function intent(n: number): IntentRecord {
  const { tool = "", args = {} } = CALLS[n - 1] ?? {};
  return {
    args,
    args_digest: sha256HexOfText(canonicalize(args)),
    intent_id: `intent_${n}`,
    tool_name: tool,
    ...common(SCHEMA_ID.intent),
  };
}

function result(n: number): ResultRecord {
  const content = { message: `demo result ${n}`, ok: true };
  return {
    intent_id: `intent_${n}`,
    result: content,
    result_digest: sha256HexOfText(canonicalize(content)),
    status: "ok",
    ...common(SCHEMA_ID.result),
  };
}

function receipt(n: number): Receipt {
  return {
    content_digest: sha256HexOfText(`content-${n}`),
    query_digest: sha256HexOfText(`query-${n}`),
    redaction_mode: "reference",
    ref_id: `ref_${n}`,
    retrieved_at: CREATED_AT,
    source_locator: CALLS[n - 1]?.tool ?? "",
    source_type: "demo",
  };
}

/** Builds the demo pack, unsigned unless there is a signer. @throws GaitError `signer_failed` */
export async function buildDemoPack(ports: SealPorts): Promise<BuiltPack> {
  const numbers = CALLS.map((_, i) => i + 1);
  return await buildRunpack({
    run: {
      ...common(SCHEMA_ID.run),
      env: { arch: "demo", os: "demo", runtime: "go" },
      timeline: [
        { event: "start", ts: CREATED_AT },
        { event: "finish", ts: "2026-02-05T00:00:02Z" },
      ],
    },
    intents: numbers.map(intent),
    results: numbers.map(result),
    refs: { ...common(SCHEMA_ID.refs), receipts: numbers.map(receipt) },
    captureMode: "reference",
  }, ports);
}
