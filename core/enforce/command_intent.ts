/**
 * The intent of running a program, made from what will really run: argument list, working directory, names
 * of the environment variables, and the executable itself (divergence C2).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { callerContext } from "../credential/request.ts";
import { sha256Hex } from "../digest/digest.ts";
import { rawCallDigest } from "../intent/digests.ts";
import { normalizeIntent } from "../intent/normalize.ts";
import type { Ports } from "../ports/ports.ts";
import { parseJson } from "../text/json.ts";
import type { LoadedIntent } from "./loaded_intent.ts";
import { readInput } from "./read_input.ts";

type CommandPorts = Pick<Ports, "files" | "env" | "digester" | "platform" | "terminal">;

/** The program that a command line names. */
export interface Executable {
  /** Real path. */
  readonly path: string;
  /** SHA-256 of its content, 64 hex digits. */
  readonly sha256: string;
  /**
   * Absolute path that it was found at and is started by: programs with many names, and interpreters of
   * virtual environments, look at the link that they were called through.
   */
  readonly command: string;
}

/** Who runs the program, as far as the caller says. */
export interface CommandContextFacts {
  readonly toolName: string;
  readonly identity: string;
  readonly riskClass: string;
  readonly sessionId: string;
}

/** Whether a path does not depend on the working directory. */
function isAbsolute(path: string, platform: string): boolean {
  return platform === "windows" ? /^([\\/]|[A-Za-z]:[\\/])/.test(path) : path.startsWith("/");
}

/** Candidate paths of a program name; what a relative entry of `PATH` finds depends on who owns the folder. */
function candidates(name: string, ports: CommandPorts): string[] {
  if (/[\\/]/.test(name)) return [name];
  const separator = ports.platform === "windows" ? ";" : ":";
  return (ports.env.get("PATH") ?? "").split(separator).filter((folder) =>
    isAbsolute(folder, ports.platform)
  )
    .map((folder) => `${folder}/${name}`);
}

/**
 * Finds the program that would run.
 *
 * @throws GaitError `dependency_missing` when there is none
 */
export async function resolveExecutable(name: string, ports: CommandPorts): Promise<Executable> {
  for (const candidate of candidates(name, ports)) {
    const info = await ports.files.stat(candidate);
    if (info === undefined || info.kind === "directory") continue;
    const path = await ports.files.realPath(candidate);
    const real = await ports.files.stat(path);
    const runnable = real?.mode === undefined || (real.mode & 0o111) !== 0;
    if (real?.kind !== "file" || !runnable) continue;
    const data = await ports.files.read(path, { maxBytes: LIMITS.executableBytes });
    const command = isAbsolute(candidate, ports.platform)
      ? candidate
      : `${ports.files.workingDirectory()}/${candidate}`;
    return { path, sha256: await sha256Hex(ports.digester, data), command };
  }
  throw new GaitError("dependency_missing", `Cannot find the program ${name}`, {
    details: { command: name },
  });
}

/**
 * Looks again at the program right before it runs.
 *
 * @throws GaitError `intent_mismatch` when it is not the one that was decided about any more
 */
export async function checkUnchanged(executable: Executable, ports: CommandPorts): Promise<void> {
  const now = await resolveExecutable(executable.command, ports);
  if (now.path === executable.path && now.sha256 === executable.sha256) return;
  throw new GaitError(
    "intent_mismatch",
    `Cannot run ${executable.command}: it was exchanged after the decision`,
    { hint: "find out who replaced the program, then run the command again" },
  );
}

/** Arguments of the call: everything that decides what runs. */
function callArgs(
  argv: readonly string[],
  executable: Executable,
  ports: CommandPorts,
): JsonObject {
  return {
    argv: [...argv],
    cwd: ports.files.workingDirectory(),
    env_names: ports.env.names(),
    executable: { path: executable.path, sha256: executable.sha256 },
  };
}

/** The command line as one text, so that rules can name it; unusual arguments are quoted as a shell would. */
function commandText(argv: readonly string[]): string {
  return argv.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  ).join(" ");
}

/** What running the program touches: the executable, and the command line that rules may name. */
function commandTargets(argv: readonly string[], executable: Executable): JsonObject[] {
  return [executable.path, commandText(argv)].map((value) => ({
    kind: "other",
    value,
    operation: "exec",
  }));
}

/** The intent that gait makes itself. */
function ownIntent(
  args: JsonObject,
  facts: CommandContextFacts,
  executable: Executable,
): JsonObject {
  return {
    schema_id: "gait.gate.intent_request",
    schema_version: "1.0.0",
    tool_name: facts.toolName,
    args,
    targets: commandTargets(args.argv as string[], executable),
    arg_provenance: [],
    context: {
      identity: facts.identity,
      workspace: args.cwd as string,
      risk_class: facts.riskClass,
      ...(facts.sessionId === "" ? {} : { session_id: facts.sessionId }),
    },
  };
}

/** Whether two JSON values are the same. */
function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Reads a given intent, which must describe the very call that will run. */
async function givenIntent(
  path: string,
  own: { readonly args: JsonObject; readonly targets: JsonObject[] },
  ports: CommandPorts,
): Promise<JsonObject> {
  const { args } = own;
  const data = await readInput(path, LIMITS.intentBytes, ports);
  const value = parseJson(data, { source: path, refuseUnsafeIntegers: true });
  const object = isJsonObject(value) ? value : {};
  const given = isJsonObject(object.args) ? object.args : {};
  for (const member of ["argv", "cwd"] as const) {
    if (same(given[member], args[member])) continue;
    throw new GaitError(
      "intent_mismatch",
      `Cannot use the intent: args.${member} is not what would run`,
      {
        place: { source: path, path: `args.${member}` },
        hint: "leave --intent out, or write the exact argument list and working directory into it",
      },
    );
  }
  // What really runs is a target whatever the intent names: leaving it out must not hide it from a rule.
  const targets = Array.isArray(object.targets) ? object.targets : [];
  return { ...object, args: { ...given, ...args }, targets: [...targets, ...own.targets] };
}

/**
 * Makes the intent of running a program.
 *
 * @param argv Program and arguments.
 * @param request Intent file ("" for none) and facts about the caller.
 * @throws GaitError `dependency_missing`, `intent_mismatch`, `intent_invalid`
 */
export async function commandIntent(
  argv: readonly string[],
  request: { readonly intentPath: string; readonly facts: CommandContextFacts },
  ports: CommandPorts,
): Promise<{ readonly intent: LoadedIntent; readonly executable: Executable }> {
  const executable = await resolveExecutable(argv[0] as string, ports);
  const args = callArgs(argv, executable, ports);
  const value = request.intentPath === ""
    ? ownIntent(args, request.facts, executable)
    : await givenIntent(
      request.intentPath,
      { args, targets: commandTargets(argv, executable) },
      ports,
    );
  const name = typeof value.tool_name === "string" ? value.tool_name : "";
  const raw = await rawCallDigest({ tool_name: name, args }, ports.digester);
  const source = request.intentPath === "" ? "command line" : request.intentPath;
  const intent = normalizeIntent(value);
  const caller = callerContext(value);
  return { intent: { source, intent, rawCallDigest: raw, caller }, executable };
}
