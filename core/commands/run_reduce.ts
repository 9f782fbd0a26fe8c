import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { encodeJsonRecord } from "../base/json_text.ts";
import { lower, trim } from "../base/text_rules.ts";
import { checkDistinctPaths, checkOutputPath } from "../enforce/output_path.ts";
import { runpackFileName } from "../runpack/model.ts";
import { buildRunpack } from "../runpack/pack_writer.ts";
import { REDUCE_PREDICATES, type ReducePredicate, reduceRun } from "../runpack/reduce.ts";
import { renormalize } from "../runpack/renormalize.ts";
import { cleanPath, directoryPart } from "../runs/pack_path.ts";
import { selfVerify } from "../runs/self_verify.ts";
import { type OpenedRunpack, openRunpack } from "./flags/open_runpack.ts";
import { unusablePack } from "./render/unusable_pack.ts";
import { namedRunpack } from "./flags/runpack_source.ts";
import { INPUT_NEED, OUTPUT_NEED, RUNPACK_NEED } from "./flags/needs.ts";
import {
  PACK_SIGNING_FLAGS,
  packSigner,
  packSigningNeeds,
  writeDevPublicKey,
} from "./flags/pack_signing.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Reads the predicate. @throws GaitError `unsupported_value` */
function readPredicate(args: Arguments): ReducePredicate {
  const text = lower(trim(args.text("predicate")));
  if (text === "") return "missing_result";
  const found = REDUCE_PREDICATES.find((each) => each === text);
  if (found !== undefined) return found;
  throw new GaitError("unsupported_value", `Unknown predicate ${JSON.stringify(text)}`, {
    hint: `use ${REDUCE_PREDICATES.join(" or ")}`,
  });
}

/** Where the reduced pack and its report go. @throws GaitError `path_not_allowed` */
function outputsOf(
  args: Arguments,
  input: { readonly path: string; readonly runId: string; readonly predicate: string },
): { readonly output: string; readonly report: string } {
  const name = runpackFileName(`${trim(input.runId)}_reduced_${input.predicate}`);
  const output = cleanPath(trim(args.text("out")) || `${directoryPart(input.path)}${name}`);
  const report = cleanPath(trim(args.text("report-out")) || `${output}.reduce_report.json`);
  checkOutputPath(output, "runpack");
  checkOutputPath(report, "report");
  checkDistinctPaths({ runpack: output, report }, [input.path]);
  return { output, report };
}

/** `gait run reduce` (spec 01 §11.8). */
export const command: Command = {
  spec: {
    path: ["run", "reduce"],
    summary: "cut a run down to its first failing call",
    explain: "run reduce writes a runpack with one failing call and what belongs to it",
    usage: "[<run_id|path>]",
    positionals: { min: 0, max: 1 },
    expected: "expected one run id or path",
    flags: [
      { name: "from", kind: "string", value: "run", summary: "run id or path of the runpack" },
      {
        name: "predicate",
        kind: "string",
        value: "name",
        summary: "what counts as failing",
        choices: REDUCE_PREDICATES,
      },
      { name: "out", kind: "string", value: "path", summary: "reduced runpack" },
      { name: "report-out", kind: "string", value: "path", summary: "report about the reduction" },
      ...PACK_SIGNING_FLAGS,
    ],
    examples: ["gait run reduce run_demo --predicate non_ok_status"],
    permissions: (args) => [INPUT_NEED, OUTPUT_NEED, RUNPACK_NEED, ...packSigningNeeds(args)],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const predicate = readPredicate(args);
    let opened: OpenedRunpack;
    try {
      opened = await openRunpack(namedRunpack(args, "from"), ports);
    } catch (thrown) {
      return unusablePack(thrown, { name: "run reduce" });
    }
    const { path, pack } = opened;
    const { report, pack: reduced } = reduceRun(pack, predicate);
    const outputs = outputsOf(args, { path, runId: pack.run.run_id, predicate });
    const key = await packSigner(context);
    const built = await buildRunpack(
      { ...renormalize(reduced), captureMode: pack.manifest.captureMode },
      { digester: ports.digester, signer: key?.signer },
    );
    await ports.files.replace(outputs.output, built.chunks);
    await selfVerify(outputs.output, { signer: key?.signer, ports });
    await writeDevPublicKey(outputs.output, key, context);
    await ports.files.replace(outputs.report, utf8(encodeJsonRecord(report)));
    return {
      exit: 0,
      json: {
        ok: true,
        input: path,
        output: outputs.output,
        report_path: outputs.report,
        run_id: report.run_id,
        reduced_run_id: report.reduced_run_id,
        predicate,
        report,
        key_id: key?.signer.keyId,
      },
      text: [`run reduce ok: ${path} -> ${outputs.output}`, `report: ${outputs.report}`],
      tone: "good",
    };
  },
};
