import { buildDemoPack, DEMO_RUN_ID } from "../runpack/demo_pack.ts";
import { runpackFileName } from "../runpack/model.ts";
import { formatTicketFooter } from "../runpack/ticket_footer.ts";
import { checkDirectory, displayPath, packPath } from "../runs/pack_path.ts";
import { selfVerify } from "../runs/self_verify.ts";
import {
  PACK_SIGNING_FLAGS,
  packSigner,
  packSigningNeeds,
  writeDevPublicKey,
} from "./flags/pack_signing.ts";
import { COLOUR_NEED, INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

const OUT_DIR = "gait-out";

/** `gait demo` (spec 01 §11.1). */
export const command: Command = {
  spec: {
    path: ["demo"],
    summary: "write a small runpack that is the same everywhere",
    explain: "demo writes a deterministic runpack to gait-out and checks it",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: PACK_SIGNING_FLAGS,
    examples: ["gait demo"],
    permissions: (args) => [INPUT_NEED, OUTPUT_NEED, COLOUR_NEED, ...packSigningNeeds(args)],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { clock, digester, files } = context.ports;
    const start = clock.monotonic();
    const key = await packSigner(context);
    const pack = await buildDemoPack({ digester, signer: key?.signer });
    const path = packPath(OUT_DIR, runpackFileName(DEMO_RUN_ID));
    await checkDirectory(OUT_DIR, files);
    await files.replace(path, pack.chunks);
    await selfVerify(path, { signer: key?.signer, ports: context.ports });
    await writeDevPublicKey(path, key, context);
    const footer = formatTicketFooter({
      runId: DEMO_RUN_ID,
      manifestDigest: pack.manifest.manifest_digest,
    });
    const bundle = displayPath(path);
    return {
      exit: 0,
      json: {
        ok: true,
        run_id: DEMO_RUN_ID,
        bundle,
        ticket_footer: footer,
        verify: "ok",
        duration_ms: Math.round(clock.monotonic() - start),
        key_id: key?.signer.keyId,
      },
      text: [`run_id=${DEMO_RUN_ID}`, `bundle=${bundle}`, `ticket_footer=${footer}`, "verify=ok"],
    };
  },
};
