/**
 * Verifies a pack with a member of 90 MiB, or does nothing, and prints the peak of its resident memory
 * in MB. The pack is made by another process, because making it costs memory too.
 *
 * @module
 */

import { webDigester } from "../core/digest/web_digester.ts";
import { verifyRunpack } from "../core/runpack/verify_runpack.ts";
import { webEd25519 } from "../core/sign/web_ed25519.ts";

/** Peak of the resident memory, MB; the current one where the system does not keep the peak. */
function peakMb(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    const match = /VmHWM:\s+(\d+) kB/.exec(status);
    if (match !== null) return Number(match[1]) / 1024;
  } catch {
    // No such file: another system.
  }
  return Deno.memoryUsage().rss / 1024 / 1024;
}

const [mode, path] = Deno.args;
if (mode === "verify" && path !== undefined) {
  const ports = { digester: webDigester, ed25519: webEd25519 };
  const report = await verifyRunpack(Deno.readFileSync(path), { keys: [] }, ports);
  if (!report.ok) throw new Error("the pack does not verify");
}
// deno-lint-ignore no-console -- the parent reads this line
console.log(peakMb());
