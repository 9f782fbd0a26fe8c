import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { documentItems } from "../runs/document_items.ts";
import { Findings } from "../runs/findings.ts";
import { lineItems } from "../runs/line_items.ts";
import { displayPath } from "../runs/pack_path.ts";
import type { RecordedPack, RecordedRun } from "../runs/record_options.ts";
import { recordRun } from "../runs/record_run.ts";
import type { RunItems } from "../runs/run_items.ts";
import { sessionItems } from "../runs/session_items.ts";
import { formatTicketFooter } from "../runpack/ticket_footer.ts";
import { CONFIG_FLAGS, CONFIG_NEEDS, loadSettings } from "./flags/config_flags.ts";
import { readProfile } from "./flags/gate_setup.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import { SESSION_NEEDS, shown, withJournal } from "./flags/session_flags.ts";
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
  {
    name: "journal",
    kind: "string",
    value: "path",
    summary: "session to record instead of an input",
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

/** Name of the input; "" when a session is recorded. @throws GaitError `usage` */
function inputName(args: Arguments): string {
  const [positional] = args.positionals;
  const flag = args.text("input");
  if (args.given("journal")) {
    if (flag === "" && positional === undefined && !args.given("input-format")) return "";
    throw new GaitError("usage", "Name what to record once: --journal or an input");
  }
  if (flag !== "" && positional !== undefined) {
    throw new GaitError("usage", "Name the input once: --input or a positional argument");
  }
  const name = flag || (positional ?? "");
  if (name === "") {
    throw new GaitError("usage", "No input is given", {
      hint: "pass --input run.json, --input - or --journal session.journal.jsonl",
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

/** Opens the journal of a session. */
async function openJournal(context: CommandContext): Promise<RunItems> {
  return await withJournal(context, async ({ given, path }) => {
    const { items, compacted } = await sessionItems(path, context.ports);
    if (compacted > 0) {
      context.warn({
        code: "journal_compacted",
        message: `${compacted} earlier events of ${shown(given)} are not recorded: only the ` +
          "runpacks of its checkpoints hold them",
        severity: "warning",
      });
    }
    return items;
  });
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
    explain: "run record writes a deterministic runpack from a JSON document, a stream of lines " +
      "or a session journal",
    usage: "[<input>]",
    positionals: { min: 0, max: 1 },
    expected: "expected one input",
    flags: FLAGS,
    examples: [
      "gait run record --input run.json",
      "gait run record --input - --run-id run_nightly --capture-mode digest-only",
      "gait run record --journal demo.journal.jsonl --out-dir packs",
    ],
    permissions: (args) => [
      INPUT_NEED,
      OUTPUT_NEED,
      ...CONFIG_NEEDS,
      ...packSigningNeeds(args),
      ...(args.given("journal") ? SESSION_NEEDS : []),
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const input = inputName(args);
    const { settings } = await loadSettings(context);
    const hardened = readProfile(settings) === "oss-prod";
    const findings = new Findings({ strict: args.flag("strict") || hardened });
    const lines = input === "" || readsLines(args, input);
    const key = await packSigner(context, { durableOnly: hardened });
    const items = input === ""
      ? await openJournal(context)
      : await openInput(input, { lines, findings, ports });
    const recorded = await recordRun(items, {
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
    // A session holds references anyway.
    const keepsContent = recorded.keepsContent && input !== "";
    warnAbout({ ...recorded, keepsContent }, findings, context);
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
