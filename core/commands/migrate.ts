import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";
import { checkOutputPath } from "../enforce/output_path.ts";
import { migrateRunpack } from "../migrate/migrate_runpack.ts";
import { runpackFileName } from "../runpack/model.ts";
import { cleanPath, directoryPart, sameBytes } from "../runs/pack_path.ts";
import { selfVerify } from "../runs/self_verify.ts";
import { type OpenedRunpack, openRunpack } from "./flags/open_runpack.ts";
import { namedRunpack } from "./flags/runpack_source.ts";
import { unusablePack } from "./render/unusable_pack.ts";
import { INPUT_NEED, OUTPUT_NEED, RUNPACK_NEED } from "./flags/needs.ts";
import {
  PACK_SIGNING_FLAGS,
  packSigner,
  packSigningNeeds,
  writeDevPublicKey,
} from "./flags/pack_signing.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Where the migrated pack goes. @throws GaitError `path_not_allowed` */
function outputOf(args: Arguments, { path, pack }: OpenedRunpack): string {
  const name = runpackFileName(`${trim(pack.run.run_id)}_migrated`);
  const output = cleanPath(trim(args.text("out")) || `${directoryPart(path)}${name}`);
  checkOutputPath(output, "runpack");
  if (output === cleanPath(path)) {
    throw new GaitError("path_not_allowed", `Cannot migrate ${path} onto itself`, {
      hint: "name another file with --out",
    });
  }
  return output;
}

/** Refuses what no migration exists for. @throws GaitError `unsupported_value` */
function checkRequest(args: Arguments, input: string): void {
  const target = args.given("target") ? trim(args.text("target")) : "v1";
  if (target !== "v1") {
    throw new GaitError("unsupported_value", `Unknown target ${JSON.stringify(target)}`, {
      hint: "use v1, the only one",
    });
  }
  if (/[\\/.]/.test(input) && !/\.zip$/i.test(input)) {
    throw new GaitError("unsupported_value", "Cannot migrate the file: only .zip runpacks can be");
  }
}

/** `gait migrate` (spec 01 §11.11). */
export const command: Command = {
  spec: {
    path: ["migrate"],
    summary: "write an older runpack again in today's form",
    explain:
      "migrate reads a runpack strictly and writes it again; signatures are never lost silently",
    usage: "[<run_id|path>]",
    positionals: { min: 0, max: 1 },
    expected: "expected one run id or path",
    flags: [
      { name: "input", kind: "string", value: "run", summary: "run id or path of the runpack" },
      { name: "out", kind: "string", value: "path", summary: "migrated runpack" },
      { name: "target", kind: "string", value: "v1", summary: "version to write", choices: ["v1"] },
      {
        name: "drop-signatures",
        kind: "boolean",
        summary: "write without the signatures of the input",
      },
      ...PACK_SIGNING_FLAGS,
    ],
    examples: ["gait migrate run_demo --out demo_migrated.zip"],
    permissions: (args) => [INPUT_NEED, OUTPUT_NEED, RUNPACK_NEED, ...packSigningNeeds(args)],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const name = namedRunpack(args, "input");
    checkRequest(args, name);
    let opened: OpenedRunpack;
    try {
      opened = await openRunpack(name, ports);
    } catch (thrown) {
      return unusablePack(thrown, { name: "migrate" });
    }
    const output = outputOf(args, opened);
    const key = await packSigner(context);
    const { chunks, signatures } = await migrateRunpack(opened.pack, {
      dropSignatures: args.flag("drop-signatures"),
      signer: key?.signer,
    }, ports);
    const status = sameBytes(opened.bytes, chunks) ? "no_change" : "migrated";
    await ports.files.replace(output, chunks);
    await selfVerify(output, { signer: key?.signer, ports });
    await writeDevPublicKey(output, key, context);
    if (signatures === "dropped") {
      context.warn({
        code: "signatures_dropped",
        message: "the signatures of the input are not in the output",
        severity: "warning",
      });
    }
    return {
      exit: 0,
      json: {
        ok: true,
        input: opened.path,
        output,
        artifact: "runpack",
        status,
        run_id: opened.pack.run.run_id,
        ...(signatures === "none" ? {} : { signatures }),
        key_id: key?.signer.keyId,
      },
      text: [`migrate ok: ${opened.path} -> ${output} (${status})`],
      tone: "good",
    };
  },
};
