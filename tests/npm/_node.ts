/** Node in several versions, from npm's `node` package, and the package as users install it. */

import { ROOT } from "../../scripts/sources.ts";

/** What a process did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started. */
export interface How {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. */
export async function run(command: string, args: readonly string[], how: How = {}): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    ...how,
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a program that must succeed; gives its output. */
export async function must(
  command: string,
  args: readonly string[],
  how: How = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, how);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`);
}

/**
 * Major versions to test. `GAIT_NODE_VERSIONS=20,22,24` asks for all; without it the newest alone, beside
 * whatever Node is in `PATH`.
 */
export function wantedVersions(): string[] {
  const wanted = Deno.env.get("GAIT_NODE_VERSIONS") ?? "24";
  return wanted.split(",").filter((version) => /^\d+$/.test(version));
}

/** Program of a major version. */
export async function nodeOf(version: string): Promise<string> {
  const args = ["--yes", "--package", `node@${version}`, "-c", "node -p process.execPath"];
  return (await must("npm", ["exec", ...args], { cwd: "/" })).trim();
}

/** Programs to test, by their version. */
export async function nodes(): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  const paths = [(await must("node", ["-p", "process.execPath"])).trim()];
  for (const version of wantedVersions()) paths.push(await nodeOf(version));
  for (const path of paths) out.set((await must(path, ["--version"])).trim(), path);
  return out;
}

/** Whether Node and npm are there at all. */
export async function hasNode(): Promise<boolean> {
  try {
    return (await run("npm", ["--version"])).code === 0;
  } catch {
    return false;
  }
}

/** A project with the package installed from its tarball. */
export interface Project {
  /** Folder of the project. */
  readonly dir: string;
  /** The tarball. */
  readonly tarball: string;
  /** File that npm starts for `gait`. */
  readonly bin: string;
}

/** Version that the tested package carries. */
export const VERSION = "1.2.3-test.1";

/** Builds, packs and installs the package into an empty project below `dir`. */
export async function installed(dir: string): Promise<Project> {
  // A folder of its own, because tests run beside each other.
  const out = `dist/npm_${crypto.randomUUID().replaceAll("-", "")}`;
  let packed: string;
  try {
    const build = ["task", "--quiet", "build:npm", "--version", VERSION, "--out", out];
    await must(Deno.execPath(), build, { cwd: ROOT });
    packed = await must("npm", ["pack", "--silent", "--pack-destination", dir], {
      cwd: `${ROOT}${out}`,
    });
  } finally {
    await Deno.remove(`${ROOT}${out}`, { recursive: true }).catch(() => {});
  }
  const tarball = `${dir}/${packed.trim().split("\n").at(-1)}`;
  const project = `${dir}/project`;
  await Deno.mkdir(project);
  await Deno.writeTextFile(`${project}/package.json`, '{ "private": true, "type": "module" }\n');
  const quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
  await must("npm", ["install", ...quiet, tarball], { cwd: project });
  return { dir: project, tarball, bin: `${project}/node_modules/.bin/gait` };
}
