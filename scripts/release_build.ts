/**
 * Task `release:build`: every artifact that this machine can make, under `dist/release`, and one table of them.
 *
 * - `--version 1.2.3`: the version; without it the checkout's.
 * - `--private-key FILE`: the release key; without it nothing is signed and the table says so.
 * - `--base-url URL`: where the files will be published, for the installers.
 * - `--require-all`: exit with 1 when a binary is missing, as the release workflow wants it.
 *
 * @module
 */

import { emptyDir } from "@deno/dnt";
import { toBase64 } from "../core/base/bytes.ts";
import type { Signer } from "../core/ports/sign.ts";
import { buildBinaries, MAX_BYTES, OUTPUT } from "./compile.ts";
import { makeBundle, zipBundle } from "./release/bundle.ts";
import { seal } from "./release/dsse.ts";
import {
  artifactOf,
  PROVENANCE,
  releaseFindings,
  releaseSigner,
  SIGNATURE,
  signText,
  SUMS,
  sumsText,
} from "./release/files.ts";
import { filledFormula, type InstallerFacts, writeInstallers } from "./release/installers.ts";
import { describeSource, isDirty } from "./release/source.ts";
import {
  billOfMaterials,
  lockedComponents,
  provenance,
  type Source,
} from "./release/statements.ts";
import { type Row, table } from "./release/table.ts";
import { releaseVersion } from "./release/version.ts";
import { runDeno } from "./run_deno.ts";
import { readText, ROOT } from "./sources.ts";
import { say, warn } from "./terminal.ts";

/** Value of a flag, or "". */
function flagValue(name: string): string {
  const at = Deno.args.indexOf(name);
  return at < 0 ? "" : Deno.args[at + 1] ?? "";
}

/** JSON for a file. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

/** Whether a program answers `version --json` with the version that it was built with. */
async function answers(line: readonly string[], version: string): Promise<boolean> {
  const [command = "", ...leading] = line;
  try {
    const { code, stdout } = await new Deno.Command(command, {
      args: [...leading, "version", "--json"],
      stdin: "null",
      stderr: "null",
    }).output();
    return code === 0 && JSON.parse(new TextDecoder().decode(stdout)).version === version;
  } catch {
    return false;
  }
}

/** Builds and packs the npm package. @throws Error when either fails */
async function packNpm(version: string): Promise<string> {
  const task = ["task", "--quiet", "build:npm", "--version", version];
  const built = await runDeno(task);
  if (!built.success) throw new Error(`Cannot build the npm package: ${built.stderr.trim()}`);
  const { code, stdout, stderr } = await new Deno.Command("npm", {
    args: ["pack", "--silent", "--pack-destination", OUTPUT],
    cwd: `${ROOT}dist/npm`,
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(`Cannot pack for npm: ${new TextDecoder().decode(stderr)}`);
  if (!await answers(["node", `${ROOT}dist/npm/bin/gait.js`], version)) {
    throw new Error(
      `Cannot ship the npm package: it does not answer version --json with ${version}`,
    );
  }
  return new TextDecoder().decode(stdout).trim();
}

/** Rows of the binaries and of what runs on other runtimes. */
async function makeArtifacts(version: string): Promise<Row[]> {
  const bundle = await makeBundle(version);
  if (bundle.size > MAX_BYTES) throw new Error(`The code holds ${bundle.size} bytes`);
  const permissions = bundle.flags.join(" ");
  const rows: Row[] = [];
  for (const result of await buildBinaries(bundle, { version, targets: [] })) {
    const name = `gait-${version}-${result.target.name}${result.target.suffix}`;
    const { verified, problem } = result;
    rows.push({ name, permissions, verified, problem, made: problem === "" });
  }
  const zip = `gait-${version}-deno.zip`;
  const entry = `${bundle.folder}/cli.js`;
  if (!await answers([Deno.execPath(), "run", "--no-prompt", "--allow-read", entry], version)) {
    throw new Error(`The bundle does not answer version --json with ${version}`);
  }
  await zipBundle(bundle.folder, `${OUTPUT}/${zip}`);
  rows.push({ name: zip, permissions, verified: "version, size", problem: "", made: true });
  const npm = await packNpm(version).then(
    (name) => ({ name, problem: "", made: true }),
    (error: Error) => ({ name: "npm package", problem: error.message, made: false }),
  );
  rows.push({
    ...npm,
    permissions: "none enforced (Node)",
    verified: npm.made ? "version, types" : "nothing",
  });
  return rows;
}

/** Row of a file that was written. */
function document(name: string): Row {
  return { name, permissions: "", verified: "written", problem: "", made: true };
}

/** Writes the formula, if every program that it names is there. */
async function makeFormula(facts: InstallerFacts, rows: readonly Row[]): Promise<Row> {
  const made = rows.filter((row) => row.made);
  const sums = await Promise.all(made.map(({ name }) => artifactOf(OUTPUT, name)));
  const checksums = new Map(sums.map(({ name, sha256 }) => [name, sha256]));
  const text = filledFormula(readText("packaging/homebrew/gait.rb"), facts, checksums);
  if (text === undefined) {
    const problem = "it needs --base-url and the binaries for Linux and macOS";
    return { ...document("gait.rb"), verified: "nothing", problem, made: false };
  }
  await Deno.writeTextFile(`${OUTPUT}/gait.rb`, text);
  return document("gait.rb");
}

/** Writes bill of materials, installers and formula. */
async function makeDocuments(
  source: Source,
  signer: Signer | undefined,
  programs: readonly Row[],
): Promise<Row[]> {
  const bom = `gait-${source.version}.cdx.json`;
  const locked = lockedComponents(JSON.parse(readText("deno.lock")));
  await Deno.writeTextFile(`${OUTPUT}/${bom}`, jsonText(billOfMaterials(source, locked)));
  const key = signer === undefined ? "" : toBase64(signer.publicKey);
  const facts = { version: source.version, key, baseUrl: flagValue("--base-url") };
  const installers = await writeInstallers(OUTPUT, facts);
  return [...[bom, ...installers].map(document), await makeFormula(facts, programs)];
}

/** Writes checksums, and with a key their signature and the provenance. */
async function seals(source: Source, rows: Row[], signer: Signer | undefined): Promise<string[]> {
  const names = rows.filter(({ made }) => made).map(({ name }) => name).sort();
  const artifacts = await Promise.all(names.map((name) => artifactOf(OUTPUT, name)));
  const text = sumsText(artifacts);
  await Deno.writeTextFile(`${OUTPUT}/${SUMS}`, text);
  const statement = new TextEncoder().encode(jsonText(provenance(source, artifacts)));
  if (signer === undefined) return await releaseFindings(OUTPUT, undefined);
  await Deno.writeTextFile(`${OUTPUT}/${SIGNATURE}`, await signText(text, signer));
  await Deno.writeTextFile(`${OUTPUT}/${PROVENANCE}`, jsonText(await seal(statement, signer)));
  return await releaseFindings(OUTPUT, signer.publicKey);
}

/** Runs the task; gives the exit code. */
async function main(): Promise<number> {
  const version = releaseVersion(Deno.args);
  const keyPath = flagValue("--private-key");
  const signer = keyPath === "" ? undefined : await releaseSigner(keyPath);
  const source = await describeSource(version);
  await emptyDir(OUTPUT);
  const rows = await makeArtifacts(version);
  rows.push(...await makeDocuments(source, signer, rows));
  const findings = await seals(source, rows, signer);
  say(await table(OUTPUT, rows));
  if (signer === undefined) say("Nothing is signed: give the release key with --private-key");
  if (await isDirty()) say("The checkout has uncommitted changes: this build is no release");
  for (const { name, problem } of rows) if (problem !== "") warn(`${name}: ${problem}`);
  for (const finding of findings) warn(finding);
  const missing = rows.some(({ made }) => !made) && Deno.args.includes("--require-all");
  return findings.length > 0 || missing ? 1 : 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
