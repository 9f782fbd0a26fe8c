/**
 * Verification of a trace against a set of trusted keys with terms.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { SignPorts } from "../sign/signer.ts";
import { decodeText } from "../text/decode.ts";
import { termsReason, type TrustedKey } from "../trust/trusted_key.ts";
import { parseTrace, type TraceDocument } from "./parse_trace.ts";
import type { TraceReport } from "./trace_report.ts";
import { verifyTraceText } from "./verify_trace_text.ts";

/** What is to be verified. */
export interface KeyedTraceRequest {
  /** Content of the trace file. */
  readonly bytes: Uint8Array;
  /** Name of the input, for messages. */
  readonly source: string;
  readonly keys: readonly TrustedKey[];
  readonly strict: boolean;
}

/** What was found. */
export interface TraceCheck {
  readonly report: TraceReport;
  /** Why the terms of the key refuse a trace whose signature holds. */
  readonly reason?: string;
  /** The trace; absent when it does not hold. */
  readonly document?: TraceDocument;
}

/**
 * Verifies a trace with the first key that it verifies with; without one the report of the first key stands.
 *
 * @throws GaitError `key_invalid` without a key, and codes of `verifyTraceText`
 */
export async function verifyTraceWithKeys(
  request: KeyedTraceRequest,
  ports: SignPorts,
): Promise<TraceCheck> {
  const { bytes, source, keys, strict } = request;
  const text = decodeText(bytes, { source });
  let first: TraceReport | undefined;
  for (const key of keys) {
    const { publicKey } = key;
    const report = await verifyTraceText({ text, source, publicKey, strict }, ports);
    if (report.ok) {
      const document = parseTrace(text, { source });
      const reason = termsReason(key, document.record.created_at);
      return { report, document, ...(reason === undefined ? {} : { reason }) };
    }
    first ??= report;
  }
  if (first !== undefined) return { report: first };
  throw new GaitError("key_invalid", "public key not configured", {
    hint: "name the signer's key with --public-key, or a directory with --trust",
  });
}
