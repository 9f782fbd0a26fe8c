/**
 * The systems that get a binary.
 *
 * @module
 */

/** One system. */
export interface Target {
  /** Our name of it, as in file names. */
  readonly name: string;
  /** Name that the compiler uses. */
  readonly triple: string;
  /** Ending of the program's file. */
  readonly suffix: "" | ".exe";
}

/** All systems. */
export const TARGETS: readonly Target[] = [
  { name: "linux-x64", triple: "x86_64-unknown-linux-gnu", suffix: "" },
  { name: "linux-arm64", triple: "aarch64-unknown-linux-gnu", suffix: "" },
  { name: "macos-x64", triple: "x86_64-apple-darwin", suffix: "" },
  { name: "macos-arm64", triple: "aarch64-apple-darwin", suffix: "" },
  { name: "windows-x64", triple: "x86_64-pc-windows-msvc", suffix: ".exe" },
];

/** A target by our name or the compiler's. @throws Error when there is none */
export function targetOf(name: string): Target {
  const found = TARGETS.find((target) => target.name === name || target.triple === name);
  if (found !== undefined) return found;
  const names = TARGETS.map((target) => target.name).join(", ");
  throw new Error(`Cannot build for ${JSON.stringify(name)}: the targets are ${names}`);
}

/** The target of this machine; `undefined` when it is none of ours. */
export function hostTarget(): Target | undefined {
  return TARGETS.find(({ triple }) => triple === Deno.build.target);
}
