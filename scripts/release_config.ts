/**
 * Task `release:config`: the same configuration without `links`, so that compile and publish on a
 * networked machine use the real std.
 *
 * @module
 */

import { ROOT } from "./sources.ts";
import { say } from "./terminal.ts";

/** Where the configuration of a release goes. */
const OUTPUT = "dist/deno.release.json";

/**
 * What a release does not use: the local stand-ins, the lock file that records them, and the tools of a
 * checkout, whose paths start at the root.
 */
const DEVELOPMENT_ONLY = ["links", "lock", "tasks", "lint", "fmt", "test", "bench"];

/** Fields whose strings are paths from the configuration file. */
const PATHS = ["exclude", "exports", "publish"];

/**
 * The configuration of a release, made from the one of a checkout.
 *
 * @param config Parsed `deno.json`.
 * @param base Way from the new file back to the repository root, ending in `/`.
 */
export function releaseConfig(
  config: Readonly<Record<string, unknown>>,
  base: string,
): Record<string, unknown> {
  const kept = Object.entries(config).filter(([key]) => !DEVELOPMENT_ONLY.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => {
    const rebase = (path: string): string => base + path.replace(/^\.\//, "");
    return [key, PATHS.includes(key) ? mapText(value, rebase) : value];
  }));
}

/** Applies a function to every string of a value. */
function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mapText(v, change)]));
}

if (import.meta.main) {
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  await Deno.mkdir(`${ROOT}dist`, { recursive: true });
  await Deno.writeTextFile(
    ROOT + OUTPUT,
    JSON.stringify(releaseConfig(config, "../"), null, 2) + "\n",
  );
  say(`Wrote ${OUTPUT}`);
}
