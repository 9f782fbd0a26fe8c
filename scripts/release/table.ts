/**
 * The table that ends a release build.
 *
 * @module
 */

import { artifactOf } from "./files.ts";

/** One artifact. */
export interface Row {
  readonly name: string;
  /** Permissions that it carries; "" when that means nothing. */
  readonly permissions: string;
  /** How far it was verified. */
  readonly verified: string;
  /** Why it was not made, or "". */
  readonly problem: string;
  readonly made: boolean;
}

/** Size for people. */
function sizeText(bytes: number): string {
  return bytes < 1 << 20
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}

/** Lays the rows out. */
export async function table(folder: string, rows: readonly Row[]): Promise<string> {
  const lines = [["artifact", "size", "sha256", "verified", "permissions"]];
  for (const { name, made, verified, permissions } of rows) {
    const size = made ? sizeText((await Deno.stat(`${folder}/${name}`)).size) : "not made";
    const sum = made ? (await artifactOf(folder, name)).sha256.slice(0, 16) : "";
    lines.push([name, size, sum, verified, permissions]);
  }
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  ).join("\n");
}
