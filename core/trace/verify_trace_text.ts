/**
 * Verification of a trace from its text.
 *
 * @module
 */

import { toGaitError } from "../base/errors.ts";
import { isJsonObject } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import type { SignPorts } from "../sign/signer.ts";
import { parseTrace } from "./parse_trace.ts";
import type { TraceReport } from "./trace_report.ts";
import { type TraceRequest, verifyTrace } from "./verify_trace.ts";

/** A text to verify. */
export interface TraceTextRequest extends Omit<TraceRequest, "record"> {
  /** Content of a trace file. */
  readonly text: string;
  /** Name of the input, for messages. */
  readonly source?: string;
}

/** Reads two members for display from a text that is refused anyway; the last of duplicates counts. */
function displayMembers(text: string): { traceId: string; verdict: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    const { trace_id, verdict } = value;
    return {
      traceId: typeof trace_id === "string" ? trace_id : "",
      verdict: typeof verdict === "string" ? verdict : "",
    };
  } catch {
    return undefined;
  }
}

/**
 * Verifies the text of a trace. A member that stands twice is a failed verification rather than bad
 * input: two readers could see two different records under one signature.
 *
 * @param request Text, trusted key, and how strict to be.
 * @param ports Hash and signature scheme.
 * @throws GaitError for a text that is no trace at all, `key_invalid` as `verifyTrace`
 *
 * @example
 * ```ts
 * import { verifyTraceText, webDigester, webEd25519 } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const text = '{"schema_id":"gait.gate.trace","verdict":"allow"}';
 * const report = await verifyTraceText(
 *   { text, source: "trace.json", publicKey: new Uint8Array(32) },
 *   { digester: webDigester, ed25519: webEd25519 },
 * );
 * assertEquals(report.ok, false);
 * assertEquals(report.findings[0]?.code, "signature_missing");
 * ```
 */
export async function verifyTraceText(
  request: TraceTextRequest,
  ports: SignPorts,
): Promise<TraceReport> {
  const { text, source, ...rest } = request;
  try {
    const record = parseTrace(text, source === undefined ? {} : { source });
    return await verifyTrace({ ...rest, record }, ports);
  } catch (thrown) {
    const error = toGaitError(thrown);
    const shown = error.code === "json_duplicate_key" ? displayMembers(text) : undefined;
    if (shown === undefined) throw thrown;
    return {
      ...shown,
      ok: false,
      signatureStatus: "failed",
      keyId: "",
      findings: [{ code: "verification_failed", message: printable(error.message, 200) }],
      unknownSignedMembers: [],
    };
  }
}
