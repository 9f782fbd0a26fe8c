/**
 * Task `coverage`: runs the tests and fails when less than 90 % of the lines of
 * `core/` run. Prints the files with the most lines left.
 *
 * @module
 */

import { type FileCoverage, lineRate, parseLcov, unloaded } from "./lcov.ts";
import { runDeno, showDeno } from "./run_deno.ts";
import { exists, listFiles, readText, ROOT } from "./sources.ts";
import { conclude, say, warn } from "./terminal.ts";

const MINIMUM = 0.9;
const SHOWN = 15;
const RAW = `${ROOT}coverage/raw`;

/** Tests to run; programs that they start count too, through the environment that they inherit. */
const SUITES = ["unit", "contract", "property", "golden", "fault", "cli", "service"];

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** One line for each of the files with the most lines that did not run. */
function worstFiles(files: readonly FileCoverage[]): string[] {
  return files.toSorted((a, b) => (b.lines - b.hit) - (a.lines - a.hit))
    .filter(({ lines, hit }) => hit < lines)
    .slice(0, SHOWN)
    .map((file) =>
      `${percent(lineRate([file])).padStart(8)}  ${file.lines - file.hit} lines left  ${file.path}`
    );
}

/** Drops what programs left behind that a test killed while they were writing. */
async function dropUnfinished(): Promise<void> {
  for (const path of listFiles("coverage/raw")) {
    try {
      JSON.parse(readText(path));
    } catch {
      await Deno.remove(ROOT + path);
    }
  }
}

if (import.meta.main) {
  if (exists("coverage")) await Deno.remove(`${ROOT}coverage`, { recursive: true });
  const suites = SUITES.map((name) => `tests/${name}`).filter((path) => exists(path));
  const test = ["task", "--quiet", "test:flags", `--coverage=${RAW}`, "--quiet", ...suites];
  const isGreen = await showDeno(test);
  await dropUnfinished();
  const report = await runDeno(["coverage", "--lcov", "--include=/core/", RAW]);
  if (!report.success) {
    warn(report.stderr);
    Deno.exit(1);
  }
  const sources = listFiles("core").filter((path) => path.endsWith(".ts"));
  const texts = new Map(sources.map((path) => [path, readText(path)]));
  const loaded = parseLcov(report.stdout, ROOT).filter(({ path }) => path.startsWith("core/"));
  const files = [...loaded, ...unloaded(texts, loaded)];
  for (const line of worstFiles(files)) say(line);
  const rate = lineRate(files);
  const summary = `${percent(rate)} of the lines of core/ run`;
  const findings = rate < MINIMUM ? [`${summary}, fewer than ${percent(MINIMUM)}`] : [];
  if (!isGreen) findings.push("The tests do not pass");
  conclude(findings, summary);
}
