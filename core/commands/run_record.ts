import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { documentItems } from "../runs/document_items.ts";
import { Findings } from "../runs/findings.ts";
import { lineItems } from "../runs/line_items.ts";
import { displayPath } from "../runs/pack_path.ts";
import type { RecordedPack, RecordedRun } from "../runs/record_options.ts";
import { recordRun } from "../runs/record_run.ts";
import type { RunItems } from "../runs/run_items.ts";
import { formatTicketFooter } from "../runpack/ticket_footer.ts";
import { CONFIG_FLAGS, CONFIG_NEEDS, loadSettings } from "./flags/config_flags.ts";
import { readProfile } from "./flags/gate_setup.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import {
  PACK_SIGNING_FLAGS,
  packSigner,
  packSigningNeeds,
  writeDevPublicKey,
} from "./flags/pack_signing.ts";
import type {
  Arguments,
  Command,
  CommandContext,
  CommandResult,
  FlagSpec,
} from "./frame/command.ts";

const FLAGS: readonly FlagSpec[] = [
  {
    name: "input",
    kind: "string",
    value: "path",
    summary: "run to record; - reads lines (JSONL) from standard input",
  },
  {
    name: "input-format",
    kind: "string",
    value: "format",
    summary: "form of the input; lines for - and *.jsonl, else one document",
    choices: ["json", "jsonl"],
  },
  { name: "out-dir", kind: "string", value: "path", summary: "directory of the runpack" },
  { name: "run-id", kind: "string", value: "id", summary: "run id of every record" },
  {
    name: "capture-mode",
    kind: "string",
    value: "mode",
    summary: "digest-only drops arguments and results after digesting them",
    choices: ["reference", "raw", "digest-only"],
  },
  {
    name: "strict",
    kind: "boolean",
    summary: "refuse digests, status values and members that the schemas forbid",
  },
  { name: "force", kind: "boolean", summary: "replace another runpack of the same run id" },
  {
    name: "profile",
    kind: "string",
    value: "name",
    summary: "oss-prod is strict, keeps digests only and refuses dev keys",
    choices: ["standard", "oss-prod"],
  },
  ...CONFIG_FLAGS,
  ...PACK_SIGNING_FLAGS,
];

/** Name of the input. @throws GaitError `usage` */
function inputName(args: Arguments): string {
  const [positional] = args.positionals;
  const flag = args.text("input");
  if (flag !== "" && positional !== undefined) {
    throw new GaitError("usage", "Name the input once: --input or a positional argument");
  }
  const name = flag || (positional ?? "");
  if (name === "") {
    throw new GaitError("usage", "No input is given", {
      hint: "pass --input run.json, or --input -",
    });
  }
  return name;
}

/** Whether the input comes as lines. @throws GaitError `unsupported_value` */
function readsLines(args: Arguments, input: string): boolean {
  const format = args.text("input-format");
  if (format === "") return input === "-" || /\.(jsonl|ndjson)$/i.test(input);
  if (format === "json" || format === "jsonl") return format === "jsonl";
  throw new GaitError("unsupported_value", `Unknown input format ${JSON.stringify(format)}`, {
    hint: "use json or jsonl",
  });
}

/** Items of the input. */
async function openInput(
  input: string,
  options: {
    readonly lines: boolean;
    readonly findings: Findings;
    readonly ports: CommandContext["ports"];
  },
): Promise<RunItems> {
  const { files, terminal } = options.ports;
  if (options.lines) {
    return lineItems(input === "-" ? terminal.inputChunks() : files.chunks(input), input);
  }
  const limit = { maxBytes: LIMITS.recordInputBytes };
  const data = input === "-" ? await terminal.readInput(limit) : await files.read(input, limit);
  return documentItems(data, { source: input, report: options.findings.report });
}

/** What one pack looks like in JSON. */
function packMembers(pack: RecordedPack) {
  return {
    run_id: pack.runId,
    bundle: displayPath(pack.path),
    manifest_digest: pack.manifestDigest,
    ticket_footer: formatTicketFooter(pack),
  };
}

/** Warns about raw content under a label that promises references (divergence E7), and about findings. */
function warnAbout(recorded: RecordedRun, findings: Findings, context: CommandContext): void {
  if (recorded.captureMode === "reference" && recorded.keepsContent) {
    context.warn({
      code: "raw_in_reference_mode",
      message: "capture mode reference keeps arguments and results as they are; " +
        "--capture-mode digest-only drops them",
      severity: "warning",
    });
  }
  for (const { code, message } of findings.summary()) {
    context.warn({ code: `record_${code}`, message, severity: "warning" });
  }
}

/** `gait run record` (spec 01 §11.4). */
export const command: Command = {
  spec: {
    path: ["run", "record"],
    summary: "pack the calls and results of a run",
    explain: "run record writes a deterministic runpack from a JSON document or a stream of lines",
    usage: "[<input>]",
    positionals: { min: 0, max: 1 },
    expected: "expected one input",
    flags: FLAGS,
    examples: [
      "gait run record --input run.json",
      "gait run record --input - --run-id run_nightly --capture-mode digest-only",
    ],
    permissions: (args) => [INPUT_NEED, OUTPUT_NEED, ...CONFIG_NEEDS, ...packSigningNeeds(args)],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const input = inputName(args);
    const { settings } = await loadSettings(context);
    const hardened = readProfile(settings) === "oss-prod";
    const findings = new Findings({ strict: args.flag("strict") || hardened });
    const lines = readsLines(args, input);
    const key = await packSigner(context, { durableOnly: hardened });
    const recorded = await recordRun(await openInput(input, { lines, findings, ports }), {
      options: {
        runId: args.text("run-id").trim(),
        captureMode: args.text("capture-mode").trim(),
        defaultCaptureMode: hardened ? "digest-only" : "reference",
        fillGaps: lines,
        outDir: args.given("out-dir") ? args.text("out-dir") : "./gait-out",
        force: args.flag("force"),
        signer: key?.signer,
      },
      ports,
      findings,
    });
    for (const pack of recorded.packs) await writeDevPublicKey(pack.path, key, context);
    warnAbout(recorded, findings, context);
    const packs = recorded.packs.map(packMembers);
    const text = packs.flatMap((pack) => [
      `run_id=${pack.run_id}`,
      `bundle=${pack.bundle}`,
      `ticket_footer=${pack.ticket_footer}`,
    ]);
    return {
      exit: 0,
      json: {
        ok: true,
        ...packs[0],
        ...(packs.length > 1 ? { parts: packs } : {}),
        key_id: key?.signer.keyId,
      },
      text,
    };
  },
};
