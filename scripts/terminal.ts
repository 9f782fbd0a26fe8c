// deno-lint-ignore-file no-console -- the one place where scripts talk to the person who runs them
/** Output of scripts: results to standard output, findings to standard error. */

/** Writes a line to standard output. */
export function say(line: string): void {
  console.log(line);
}

/** Writes a line to standard error. */
export function warn(line: string): void {
  console.error(line);
}

/**
 * Ends a check: prints its findings and exits with 1, or prints one line of success.
 *
 * @param findings One line each; empty when all is well.
 */
export function conclude(findings: readonly string[], success: string): void {
  for (const finding of findings) warn(finding);
  if (findings.length > 0) Deno.exit(1);
  say(success);
}
