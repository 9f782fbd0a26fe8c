/**
 * What a compiled program carries: read back from the file itself, so that nobody has to believe the flags of
 * the build.
 *
 * @module
 */

/** Permissions as the runtime stores them: `null` is none, `[]` is all of the kind. */
export type StoredPermissions = Readonly<Record<string, boolean | readonly string[] | null>>;

/** The part of the stored description that is checked. */
export interface Payload {
  readonly permissions: StoredPermissions;
  readonly entrypoint: string;
  readonly unstable: readonly string[];
  /** Whether it keeps a cache of compiled code between runs. */
  readonly codeCache: boolean;
}

/** Start of the description in the file. */
const MARK = new TextEncoder().encode('{"argv":[');
/** Longest description, bytes. */
const MAX_DESCRIPTION = 1 << 20;

/** Last position of some bytes, or -1. */
export function lastIndexOf(data: Uint8Array, part: Uint8Array): number {
  for (
    let at = data.lastIndexOf(part[0] ?? 0);
    at >= 0;
    at = data.lastIndexOf(part[0] ?? 0, at - 1)
  ) {
    if (part.every((byte, i) => data[at + i] === byte)) return at;
    if (at === 0) break;
  }
  return -1;
}

/** Length of the JSON object that a text starts with. */
function objectLength(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "{") depth++;
    else if (!quoted && char === "}" && --depth === 0) return at + 1;
  }
  return 0;
}

/**
 * Reads the description of a compiled program.
 *
 * @returns `undefined` when the file carries none.
 */
export function readPayload(program: Uint8Array): Payload | undefined {
  const at = lastIndexOf(program, MARK);
  if (at < 0) return undefined;
  const text = new TextDecoder().decode(program.subarray(at, at + MAX_DESCRIPTION));
  try {
    const stored = JSON.parse(text.slice(0, objectLength(text)));
    return {
      permissions: stored.permissions,
      entrypoint: stored.entrypoint_key,
      unstable: stored.unstable_config.features,
      // A description without the field is none that we know, so it counts as the worse of the two.
      codeCache: stored.code_cache_key !== null,
    };
  } catch {
    return undefined;
  }
}

/** Kinds that no program of ours gets. */
const NEVER = ["ffi"];

/**
 * What is wrong with the stored permissions, one line each.
 *
 * @param flags Flags that the program should carry, e.g. `--allow-read`.
 */
export function permissionFindings(
  stored: StoredPermissions,
  flags: readonly string[],
): string[] {
  const findings: string[] = [];
  const wanted = new Map(flags.map((flag) => {
    const [name = "", values] = flag.replace("--allow-", "").split("=");
    return [name, values === undefined ? [] : values.split(",")] as const;
  }));
  for (const kind of ["read", "write", "env", "run", "net", "sys", ...NEVER]) {
    const actual = JSON.stringify(stored[`allow_${kind}`] ?? null);
    const expected = JSON.stringify(wanted.get(kind) ?? null);
    if (actual !== expected) findings.push(`allow-${kind} is ${actual}, not ${expected}`);
  }
  if (stored.allow_all === true) findings.push("everything is allowed");
  if (JSON.stringify(stored.deny_import) !== "[]") findings.push("importing code is not denied");
  if (stored.prompt !== false) findings.push("the program would ask for more permissions");
  return findings;
}
