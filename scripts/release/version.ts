/**
 * The version of a release build (divergence C6).
 *
 * @module
 */

import { readText } from "../sources.ts";

/** Semantic version without build metadata, which registries drop. */
const SEMVER =
  /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/;

/** Version of the checkout. */
export function checkoutVersion(): string {
  return JSON.parse(readText("deno.json")).version;
}

/**
 * The version that a build carries: `--version 1.2.3` or `--version=v1.2.3`, as a tag spells it; the
 * checkout's when none is given.
 *
 * @throws Error when it is no semantic version
 */
export function releaseVersion(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === "--version" || arg.startsWith("--version="));
  const given = at < 0 ? undefined : args[at]?.split("=")[1] ?? args[at + 1] ?? "";
  const version = given === undefined ? checkoutVersion() : given.replace(/^v(?=\d)/, "");
  if (SEMVER.test(version)) return version;
  throw new Error(`Cannot build version ${JSON.stringify(version)}: it is no semantic version`);
}
