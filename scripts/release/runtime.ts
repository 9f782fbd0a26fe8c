/**
 * The runtime that a binary is built on. The compiler downloads it; where it cannot, `DENORT_BIN` names a file
 * with it.
 *
 * @module
 */

import { headerOf, systemOf } from "./program_format.ts";

/** Which runtime to build on. */
export type Runtime =
  | { readonly kind: "download" }
  | { readonly kind: "given"; readonly path: string }
  | { readonly kind: "refused"; readonly why: string };

/** First line that a program prints about itself; "" when it does not run here. */
async function versionLine(path: string): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(path, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).split("\n")[0] ?? "";
  } catch {
    return "";
  }
}

/**
 * Judges the runtime that was named.
 *
 * @param path Value of `DENORT_BIN`; `undefined` when it is not set.
 * @param system Name of the target that it must be for.
 */
export async function judgeRuntime(path: string | undefined, system: string): Promise<Runtime> {
  if (path === undefined || path === "") return { kind: "download" };
  try {
    if (!(await Deno.stat(path)).isFile) return { kind: "refused", why: "it is not a file" };
  } catch {
    return { kind: "refused", why: "it does not exist" };
  }
  // The command line program takes the embedded code for nothing and obeys whoever starts it.
  if (/^deno \d/.test(await versionLine(path))) {
    return { kind: "refused", why: "it is the deno program, not the denort runtime" };
  }
  const actual = systemOf(await headerOf(path));
  // The compiler would take it all the same.
  if (actual === system) return { kind: "given", path };
  return { kind: "refused", why: actual ? `it is for ${actual}` : "it is no runtime of ours" };
}

/** How to provide a runtime, in one sentence. */
export function runtimeHint(triple: string): string {
  return `download denort-${triple}.zip of Deno ${Deno.version.deno} on a machine with network, ` +
    "unpack it, and set DENORT_BIN to the file";
}
