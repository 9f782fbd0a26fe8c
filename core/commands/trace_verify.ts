import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { resolveVerifyKey, type VerifyKey } from "../keys/resolve_verify_key.ts";
import { PLAIN_FAILURE } from "../sign/verify_signature.ts";
import { decodeText } from "../text/decode.ts";
import type { TraceReport } from "../trace/trace_report.ts";
import { verifyTraceText } from "../trace/verify_trace_text.ts";
import { failureMembers } from "./frame/render.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";
import { isStrict } from "./flags/verify_profile.ts";
import { verifyKeyFlags, verifyKeyNeeds, verifyKeyOptions } from "./flags/key_flags.ts";

/** Path of the trace: a positional or `--path`, not both. */
function tracePath(args: Arguments): string {
  const paths = [...args.positionals, args.text("path")].filter((path) => path !== "");
  const [path, other] = paths;
  if (path === undefined || other !== undefined) {
    throw new GaitError("usage", "expected trace path", {
      hint: "name one trace: gait trace verify <path>",
    });
  }
  return path;
}

/**
 * Members that describe a failure. The reference gives no text when nothing but the arithmetic of the
 * signature fails (spec 01 §11.9); the first other finding is the error.
 */
function errorMembers(report: TraceReport): Record<string, unknown> {
  const { findings } = report;
  if (findings.length === 0) return {};
  const first = findings.find(({ message }) => message !== PLAIN_FAILURE);
  if (first === undefined) return { findings };
  const error = new GaitError(first.code, first.message);
  return { ...failureMembers(error), retryable: false, findings };
}

/** Lines for people. */
function textOf(path: string, report: TraceReport, key: VerifyKey | undefined): string[] {
  const anchor = key === undefined ? [] : [`verify key: ${key.keyId} (${key.source})`];
  if (report.ok) {
    const unknown = report.unknownSignedMembers;
    return [
      `trace verify ok: ${path}`,
      ...(report.signatureStatus === "unsigned" ? ["signature status: unsigned"] : []),
      ...(report.simulated ? ["simulated: this trace allows nothing"] : []),
      ...(unknown.length > 0 ? [`unknown signed members: ${unknown.length}`] : []),
      ...anchor,
    ];
  }
  return [
    `trace verify failed: ${path}`,
    "signature status: failed",
    ...report.findings.map(({ message }) => `finding: ${message}`),
    ...anchor,
  ];
}

/** Turns a report into the answer of the command. */
function toResult(path: string, report: TraceReport, key: VerifyKey | undefined): CommandResult {
  return {
    exit: report.ok ? 0 : 2,
    json: {
      ...errorMembers(report),
      ok: report.ok,
      path,
      trace_id: report.traceId,
      verdict: report.verdict,
      simulate_mode: report.simulated ?? false,
      signature_status: report.signatureStatus,
      key_id: report.keyId,
      verify_key_source: key?.source,
      unknown_signed_members: report.unknownSignedMembers,
    },
    text: textOf(path, report, key),
    tone: report.ok ? "good" : "bad",
  };
}

/** `gait trace verify` (spec 02 §15.8; divergences E6, E10, E12). */
export const command: Command = {
  spec: {
    path: ["trace", "verify"],
    summary: "verify a signed decision record",
    explain: "trace verify checks that a key you trust signed a trace and that nothing was changed",
    usage: "<path>",
    positionals: { min: 0, max: 1 },
    expected: "expected trace path",
    flags: [
      { name: "path", kind: "string", value: "path", summary: "the trace, instead of <path>" },
      ...verifyKeyFlags,
      {
        name: "allow-unsigned",
        kind: "boolean",
        summary: "accept a trace without signature; one that is there must still hold",
      },
      {
        name: "profile",
        kind: "string",
        value: "profile",
        summary: "strict also refuses members that this version does not know",
        choices: ["standard", "strict"],
      },
    ],
    examples: ["gait trace verify trace.json --public-key gait-out/keys/gait_public.key"],
    permissions: (args) => [
      {
        kind: "read",
        values: [...args.positionals, args.text("path")].filter((path) => path !== ""),
        why: "read the trace",
      },
      ...verifyKeyNeeds(args),
    ],
  },
  async run({ args, ports, warn }: CommandContext): Promise<CommandResult> {
    const path = tracePath(args);
    const strict = isStrict(args);
    const key = await resolveVerifyKey(verifyKeyOptions(args), ports);
    const allowUnsigned = args.flag("allow-unsigned");
    if (key === undefined && !allowUnsigned) {
      throw new GaitError("key_invalid", "public key not configured", {
        hint: "name the signer's key with --public-key or --public-key-env",
      });
    }
    const bytes = await ports.files.read(path, { maxBytes: LIMITS.recordBytes });
    const text = decodeText(bytes, { source: path });
    const request = { text, source: path, publicKey: key?.publicKey, allowUnsigned, strict };
    const report = await verifyTraceText(request, ports);
    if (report.signatureStatus === "unsigned") {
      warn({
        code: "trace_unsigned",
        message: "the trace has no signature; anyone may have written or changed it",
        severity: "critical",
      });
    }
    if (report.simulated) {
      warn({
        code: "trace_simulated",
        message: "the trace comes from a simulation; its verdict was enforced by nobody",
        severity: "critical",
      });
    }
    return toResult(path, report, key);
  },
};
