/** Program for Node: the recorded vectors over memory ports, and the host cases over the Node ports. */

import fs from "node:fs";
import os from "node:os";
import process from "node:process";
import { nodePorts } from "../../host/node/ports.ts";
import { HOST_CASES } from "../contract/host_cases.ts";
import { runAll } from "./_deno_on_node.ts";

/** Runs the host cases, each in a folder of its own. */
async function runHostCases(): Promise<number> {
  const ports = await nodePorts("test");
  let failed = 0;
  for (const { name, everywhere, run } of HOST_CASES) {
    if (process.platform === "win32" && !everywhere) continue;
    const dir = fs.mkdtempSync(`${os.tmpdir()}/gait-host-`);
    try {
      await run({ ports, dir, link: (target, path) => fs.symlinkSync(target, path) });
    } catch (error) {
      failed++;
      process.stdout.write(`FAILED ${name}\n${error instanceof Error ? error.stack : error}\n`);
    } finally {
      fs.rmSync(dir, { recursive: true, force: true });
    }
  }
  process.stdout.write(`${HOST_CASES.length} host cases, ${failed} failed\n`);
  return failed;
}

await import("../golden/doctor_test.ts");
await import("../golden/gate_test.ts");
await import("../golden/runpack_read_test.ts");
await import("../golden/runpack_write_test.ts");
await import("../golden/session_test.ts");
process.exit(await runHostCases() + await runAll() === 0 ? 0 : 1);
