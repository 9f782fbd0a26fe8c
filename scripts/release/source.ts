/**
 * Where the sources come from, asked of git.
 *
 * @module
 */

import { ROOT } from "../sources.ts";
import type { Source } from "./statements.ts";

/** Output of a git command; "" when there is no repository. */
async function git(...args: string[]): Promise<string> {
  try {
    const { code, stdout } = await new Deno.Command("git", {
      args,
      cwd: ROOT,
      stdin: "null",
      stderr: "null",
    }).output();
    return code === 0 ? new TextDecoder().decode(stdout).trim() : "";
  } catch {
    return "";
  }
}

/** Time of the sources, RFC 3339: of the commit, or `SOURCE_DATE_EPOCH`. */
async function timeOf(): Promise<string> {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH") ||
    await git("show", "-s", "--format=%ct", "HEAD");
  const seconds = /^\d{1,11}$/.test(epoch) ? Number(epoch) : 0;
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Describes the sources of a version. */
export async function describeSource(version: string): Promise<Source> {
  const remote = await git("config", "--get", "remote.origin.url");
  return {
    version,
    commit: await git("rev-parse", "HEAD"),
    time: await timeOf(),
    // A path of this machine, or an address with a password in it, is nobody's business.
    repository: /^https:\/\/[^@\s]+$/.test(remote) ? remote : "",
    runtime: Deno.version.deno,
  };
}

/** Whether the checkout has changes that no commit holds. */
export async function isDirty(): Promise<boolean> {
  return await git("status", "--porcelain", "--untracked-files=no") !== "";
}
