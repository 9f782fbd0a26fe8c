/**
 * Task `ok`: everything that must hold before a change is committed. The checks run two at a time and
 * stop at the first that fails, unless `--keep-going` asks for all of them; the tests come last and show
 * their own output. `--no-tests` leaves them out.
 *
 * @module
 */

import { runDeno, showDeno } from "./run_deno.ts";
import { say, warn } from "./terminal.ts";

/** One check: a name and arguments for `deno`. */
interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

/** A check that is a task of `deno.json`. */
function task(name: string): Check {
  return { name, args: ["task", "--quiet", name] };
}

/** The checks, the ones that fail most often first. */
const CHECKS: readonly Check[] = [
  { name: "fmt", args: ["fmt", "--check", "--quiet"] },
  task("lint"),
  task("ranks"),
  task("check"),
  task("purity"),
  task("docs:check"),
  task("schemas:check"),
  task("doc:lint"),
  task("doc:check"),
  task("test:docs"),
];

/** Checks that run at the same time. */
const WIDTH = 2;

/** Runs one check and prints its line; its output only when it fails. */
async function runCheck(check: Check, signal: AbortSignal): Promise<boolean> {
  const start = performance.now();
  const { success, stdout, stderr } = await runDeno(check.args, { signal });
  if (signal.aborted) return false;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (!success) warn(`${stdout}${stderr}`.trimEnd());
  (success ? say : warn)(`${success ? "ok  " : "FAIL"} ${check.name} (${seconds} s)`);
  return success;
}

/**
 * Runs all checks, some at a time.
 *
 * @returns Whether all of them hold.
 */
async function runChecks(
  checks: readonly Check[],
  options: { keepGoing: boolean },
): Promise<boolean> {
  const abort = new AbortController();
  const waiting = [...checks];
  let failures = 0;
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check && !abort.signal.aborted; check = waiting.shift()) {
      if (await runCheck(check, abort.signal)) continue;
      failures++;
      if (!options.keepGoing) abort.abort();
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return failures === 0;
}

if (import.meta.main) {
  const keepGoing = Deno.args.includes("--keep-going");
  const isGood = await runChecks(CHECKS, { keepGoing }) &&
    (Deno.args.includes("--no-tests") || await showDeno(["task", "--quiet", "test"]));
  if (!isGood) Deno.exit(1);
  say("All checks hold");
}
