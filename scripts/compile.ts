/**
 * Task `compile`: binaries under `dist/release`. `--target linux-x64` chooses one system (all without it),
 * `--version 1.2.3` sets the version, `--code-cache` leaves the runtime's cache of compiled code on. Exits with 1 when a binary that was asked for cannot be built.
 *
 * @module
 */

import { type BinaryResult, buildBinary } from "./release/binary.ts";
import { makeBundle, type ReleaseBundle } from "./release/bundle.ts";
import { targetOf, TARGETS } from "./release/targets.ts";
import { releaseVersion } from "./release/version.ts";
import { ROOT } from "./sources.ts";
import { conclude, say, warn } from "./terminal.ts";

/** Where finished files go. */
export const OUTPUT = `${ROOT}dist/release`;
/** All code that a binary carries, bytes. */
export const MAX_BYTES = 2 * 1024 * 1024;

/** Builds the binaries of some targets. */
export async function buildBinaries(
  bundle: ReleaseBundle,
  options: {
    readonly version: string;
    readonly targets: readonly string[];
    readonly codeCache?: boolean;
  },
): Promise<BinaryResult[]> {
  const chosen = options.targets.length > 0 ? options.targets.map(targetOf) : TARGETS;
  const results: BinaryResult[] = [];
  for (const target of chosen) {
    results.push(
      await buildBinary({
        target,
        version: options.version,
        bundle: bundle.folder,
        flags: bundle.flags,
        output: OUTPUT,
        codeCache: options.codeCache ?? false,
      }),
    );
  }
  return results;
}

/** Values of `--target`. */
export function wantedTargets(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    if (arg.startsWith("--target=")) return [arg.slice("--target=".length)];
    return arg === "--target" ? [args[i + 1] ?? ""] : [];
  });
}

/** Runs the task. */
async function main(): Promise<string[]> {
  const version = releaseVersion(Deno.args);
  const targets = wantedTargets(Deno.args);
  targets.forEach(targetOf);
  const bundle = await makeBundle(version);
  if (bundle.size > MAX_BYTES) {
    return [`The code holds ${bundle.size} bytes, more than ${MAX_BYTES}`];
  }
  await Deno.mkdir(OUTPUT, { recursive: true });
  const codeCache = Deno.args.includes("--code-cache");
  const results = await buildBinaries(bundle, { version, targets, codeCache });
  for (const { target, path, verified } of results) {
    say(`${target.name}: ${path === undefined ? "not built" : "built"}, verified: ${verified}`);
  }
  return results.filter(({ problem }) => problem !== "").map(({ problem }) => problem);
}

if (import.meta.main) {
  try {
    conclude(await main(), `Wrote binaries to dist/release`);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
