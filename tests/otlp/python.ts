/** The judge: Python with the official protocol definitions, in an environment of its own below a folder. */

import { ROOT } from "../../scripts/sources.ts";

const DIR = `${ROOT}tests/otlp`;
const MISSING = "Cannot judge OTLP payloads: python3 with venv and ensurepip is missing " +
  "(Debian: apt-get install python3-venv)";

/** What the judge says about a file. */
export interface Judgement {
  readonly file: string;
  /** Empty when the file is a request that every receiver understands. */
  readonly problems: readonly string[];
  /** Log records in it. */
  readonly records: number;
  /** Keys of their attributes. */
  readonly keys: readonly string[];
}

/** A judge. */
export interface Judge {
  /** Version of the protocol definitions and of Python. */
  readonly name: string;
  judge(files: readonly string[]): Promise<Judgement[]>;
}

/** Runs a program; `undefined` when it is not there. */
async function run(command: string, args: readonly string[], input = "") {
  try {
    const child = new Deno.Command(command, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writing = new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
    const { success, stdout, stderr } = await child.output();
    await writing;
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { success, stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Makes the environment. @throws Error with one sentence that says what is missing */
async function environment(folder: string): Promise<string> {
  const venv = `${folder}/venv`;
  const made = await run("python3", ["-m", "venv", venv]);
  if (made?.success !== true) throw new Error(MISSING);
  const python = `${venv}/bin/python`;
  const installed = await run(python, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"],
    ...["--only-binary", ":all:", "--require-hashes", "--requirement", `${DIR}/requirements.txt`],
  ]);
  if (installed?.success !== true) {
    const last = installed?.stderr.split("\n").at(-1) ?? "";
    throw new Error(`Cannot judge OTLP payloads: pip cannot install the judge: ${last}`);
  }
  return python;
}

/** What is judged by what. */
async function nameOf(python: string): Promise<string> {
  const script = "import sys, importlib.metadata as m; " +
    "print('opentelemetry-proto', m.version('opentelemetry-proto'), 'protobuf', " +
    "m.version('protobuf'), 'python', sys.version.split()[0])";
  return (await run(python, ["-c", script]))?.stdout ?? "";
}

/**
 * Sets the judge up.
 *
 * @param folder Where its environment goes.
 * @throws Error with one sentence
 */
export async function openJudge(folder: string): Promise<Judge> {
  const python = await environment(folder);
  return {
    name: await nameOf(python),
    async judge(files) {
      const args = ["-I", `${DIR}/judge.py`];
      const result = await run(python, args, files.map((file) => `${file}\n`).join(""));
      if (result?.success !== true) {
        throw new Error(`Cannot judge OTLP payloads: the judge failed: ${result?.stderr ?? ""}`);
      }
      const lines = result.stdout.split("\n").filter((line) => line !== "");
      if (lines.length !== files.length) {
        throw new Error(
          `Cannot judge OTLP payloads: ${lines.length} judgements of ${files.length}`,
        );
      }
      return lines.map((line): Judgement => JSON.parse(line));
    },
  };
}
