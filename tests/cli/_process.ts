/** Real `gait` processes in folders of their own. */

import { ROOT } from "../../scripts/sources.ts";

/** Flags that a developer's shell would give. */
export const WIDE: readonly string[] = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
];

/** What a process did. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  // deno-lint-ignore no-explicit-any -- tests look into members of every shape
  readonly json: any;
}

/** How a process is started. */
export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** Permission flags; {@linkcode WIDE} when absent. */
  readonly flags?: readonly string[];
}

let compiled: Promise<string> | undefined;

/** Folder of compiled modules, so that a home of its own does not start from nothing. */
export function denoDir(): Promise<string> {
  compiled ??= new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output()
    .then(({ stdout }) => JSON.parse(new TextDecoder().decode(stdout)).denoDir as string);
  return compiled;
}

/** The environment of a process: nothing of ours but what is named. */
export async function environment(
  dir: string,
  own: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const coverage = Deno.env.get("DENO_COVERAGE_DIR");
  return {
    PATH: "/usr/bin:/bin",
    HOME: `${dir}/home`,
    DENO_DIR: await denoDir(),
    ...(coverage === undefined ? {} : { DENO_COVERAGE_DIR: coverage }),
    ...own,
  };
}

/** Arguments of the runtime for a script of the repository. */
export function runtimeArgs(script: string, flags: readonly string[]): string[] {
  const talk = flags.some((flag) => flag.startsWith("--log-level")) ? [] : ["--quiet"];
  return ["run", ...talk, "--no-prompt", ...flags, `${ROOT}${script}`];
}

/** Runs one command line in a folder. */
export async function gait(
  dir: string,
  argv: readonly string[],
  start: Start = {},
): Promise<Finished> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...runtimeArgs("cli.ts", start.flags ?? WIDE), ...argv],
    cwd: `${dir}/work`,
    env: await environment(dir, start.env),
    clearEnv: true,
    stdin: "null",
  }).output();
  const out = new TextDecoder().decode(stdout);
  return {
    code,
    stdout: out,
    stderr: new TextDecoder().decode(stderr),
    json: out.startsWith("{") ? JSON.parse(out) : undefined,
  };
}

/** Runs work in a fresh folder with `home` and `work` below it, and removes it. */
export async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await Deno.makeTempDir({ prefix: "gait-cli-" });
  try {
    for (const name of ["home", "work"]) await Deno.mkdir(`${dir}/${name}`);
    return await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Writes a file of the working folder, with its parents. */
export async function put(dir: string, name: string, data: string | Uint8Array): Promise<void> {
  const path = `${dir}/work/${name}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  await Deno.writeFile(path, bytes, { mode: 0o600 });
}

/** Every regular file below a folder, by relative path. */
export async function filesBelow(root: string, prefix = ""): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  for await (const { name, isDirectory, isFile } of Deno.readDir(`${root}/${prefix}`)) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    if (isDirectory) { for (const entry of await filesBelow(root, path)) out.set(...entry); }
    else if (isFile) out.set(path, await Deno.readTextFile(`${root}/${path}`));
  }
  return out;
}
