/**
 * Task `bundle`: the command line program as minified files under `dist/bundle`; `cli.js` starts it. Fails when
 * a bundle loads a `node:` module or grows beyond its budget.
 *
 * @module
 */

import { runDeno } from "../run_deno.ts";
import { exists, ROOT } from "../sources.ts";
import { conclude, say, warn } from "../terminal.ts";
import { compileEagerly } from "./eager.ts";
import {
  bundleName,
  dispatcher,
  HOT_COMMANDS,
  hotEntry,
  SERVICE_ENTRIES,
  WHOLE_ENTRY,
  withBundledWorker,
} from "./entries.ts";
import { prepareTraining, trainedUse } from "./training.ts";

const ENTRIES = "dist/entries";
const OUTPUT = "dist/bundle";
const TRAINING = "dist/training";
/** All bundles together, bytes. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Bundles one entry, marks what to compile early, and returns its text. */
async function bundle(name: string, source: string): Promise<string> {
  const entry = `${ENTRIES}/${name}.ts`;
  const output = `${OUTPUT}/${name}.js`;
  await Deno.writeTextFile(ROOT + entry, source);
  const run = await runDeno(["bundle", "--quiet", "--minify", "--output", output, entry]);
  if (!run.success) {
    warn(run.stderr);
    Deno.exit(1);
  }
  if (name === "all") await prepareTraining(TRAINING, output);
  const isUsed = await trainedUse(name, output, TRAINING);
  const bundled = withBundledWorker(await Deno.readTextFile(ROOT + output));
  const text = compileEagerly(bundled, isUsed);
  await Deno.writeTextFile(ROOT + output, text);
  return text;
}

/** Problems of a bundle, one line each. */
export function bundleFindings(name: string, text: string): string[] {
  if (SERVICE_ENTRIES.has(name)) return [];
  const native = /["']node:[a-z_/]+["']/.exec(text)?.[0];
  return native === undefined ? [] : [`${name}.js names ${native}`];
}

if (import.meta.main) {
  for (const folder of [ENTRIES, OUTPUT, TRAINING]) {
    if (exists(folder)) await Deno.remove(ROOT + folder, { recursive: true });
    await Deno.mkdir(ROOT + folder, { recursive: true });
  }
  const sources = new Map([["all", WHOLE_ENTRY]]);
  for (const path of HOT_COMMANDS) sources.set(bundleName(path), hotEntry(path));
  for (const [name, source] of SERVICE_ENTRIES) sources.set(name, source);
  const findings: string[] = [];
  let bytes = 0;
  for (const [name, source] of sources) {
    const text = await bundle(name, source);
    const size = new TextEncoder().encode(text).length;
    bytes += size;
    findings.push(...bundleFindings(name, text));
    say(`${name}.js ${(size / 1024).toFixed(1)} KiB`);
  }
  if (bytes > MAX_BYTES) findings.push(`The bundles hold ${bytes} bytes, more than ${MAX_BYTES}`);
  await Deno.writeTextFile(`${ROOT}${OUTPUT}/cli.js`, dispatcher());
  for (const folder of [ENTRIES, TRAINING]) await Deno.remove(ROOT + folder, { recursive: true });
  conclude(findings, `Wrote ${OUTPUT}/cli.js`);
}
