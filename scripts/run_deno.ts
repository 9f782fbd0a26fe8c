/** Runs the same `deno` that runs the script, from the root of the repository. */

import { ROOT } from "./sources.ts";

/** What a run left behind. */
export interface DenoRun {
  readonly success: boolean;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** Runs `deno` with the given arguments; the run ends early when the signal aborts. */
export async function runDeno(
  args: readonly string[],
  options: { signal?: AbortSignal; cwd?: string; env?: Record<string, string> } = {},
): Promise<DenoRun> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    ...options,
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs `deno` on the terminal of the caller. */
export async function showDeno(args: readonly string[]): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT });
  return (await command.spawn().status).success;
}
