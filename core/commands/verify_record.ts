import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { parseDetached, signaturePath, signedName } from "../sign/detached.ts";
import { decodeText } from "../text/decode.ts";
import { type DetachedReport, verifyDetached } from "../trust/verify_detached.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";
import { failureMembers } from "./frame/render.ts";
import {
  readVerifyPolicy,
  trustAnchorLines,
  trustAnchors,
  trustFlags,
  trustNeeds,
  type VerifyPolicy,
} from "./flags/trust_flags.ts";

/** The two files. */
interface Paths {
  readonly record: string;
  readonly signature: string;
}

/** The record, and where its signature is. @throws GaitError `usage` for a signature in its place */
function pathsOf(args: Arguments): Paths {
  const record = args.positionals[0] ?? "";
  if (record.endsWith(".sig.json")) {
    throw new GaitError("usage", "expected the record, not its signature", {
      hint: "name the record: its signature <name>.sig.json is found beside it",
    });
  }
  const given = args.text("signature");
  return { record, signature: given === "" ? signaturePath(record) : given };
}

/** Turns a report into the answer of the command. */
function toResult(paths: Paths, report: DetachedReport, policy: VerifyPolicy): CommandResult {
  const { ok, findings, signers } = report;
  const [first] = findings;
  const error = first === undefined ? undefined : new GaitError(first.code, first.message);
  return {
    exit: ok ? EXIT.ok : EXIT.verification,
    json: {
      ...(error === undefined ? {} : { ...failureMembers(error), retryable: false }),
      ok,
      path: paths.record,
      signature_path: paths.signature,
      record_schema_id: report.recordKind,
      sha256: report.sha256,
      signature_status: ok ? "verified" : "failed",
      signers: signers.map(({ keyId, identity }) => ({
        key_id: keyId,
        ...(identity === "" ? {} : { identity }),
      })),
      unknown_signers: report.unknownSigners,
      findings,
      trust_anchors: trustAnchors(policy.keys),
    },
    text: [
      ok ? `verify record: ok (${paths.record})` : `verify record failed: ${paths.record}`,
      ...findings.map(({ message }) => `finding: ${message}`),
      ...signers.map(({ keyId, identity }) =>
        `signed by: ${keyId}${identity === "" ? "" : ` ${identity}`}`
      ),
      ...trustAnchorLines(policy.keys),
    ],
    tone: ok ? "good" : "bad",
  };
}

/** `gait verify record`: evidence that has its signature in a file beside it (divergence E13). */
export const command: Command = {
  spec: {
    path: ["verify", "record"],
    summary: "verify a record by the signature in the file beside it",
    explain:
      "verify record checks that a key you trust signed an audit, credential or policy change record",
    usage: "<record.json>",
    positionals: { min: 1, max: 1 },
    expected: "expected <record.json>",
    flags: [
      {
        name: "signature",
        kind: "string",
        value: "path",
        summary: "the signature, when it does not lie beside the record",
      },
      {
        name: "profile",
        kind: "string",
        value: "profile",
        summary: "strict also refuses a signature that names no key",
        choices: ["standard", "strict"],
      },
      ...trustFlags,
    ],
    examples: ["gait verify record audit.json --public-key gait-out/keys/gait_public.key"],
    permissions: (args) => [
      {
        kind: "read",
        values: [
          ...args.positionals,
          args.text("signature") || signaturePath(args.positionals[0] ?? ""),
        ].filter((path) => path !== ""),
        why: "read the record and its signature",
      },
      ...trustNeeds(args),
    ],
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const paths = pathsOf(args);
    const policy = await readVerifyPolicy(args, ports);
    if (policy.keys.length === 0) {
      throw new GaitError("key_invalid", "public key not configured", {
        hint: "name the signer's key with --public-key, or a directory with --trust",
      });
    }
    const record = await ports.files.read(paths.record, { maxBytes: LIMITS.recordBytes });
    const bytes = await ports.files.read(paths.signature, { maxBytes: LIMITS.recordBytes });
    const source = paths.signature;
    const detached = parseDetached(decodeText(bytes, { source }), { source });
    const { keys, strict } = policy;
    const name = signedName(paths.record);
    const report = await verifyDetached({ detached, record, name, keys, strict }, ports);
    return toResult(paths, report, policy);
  },
};
