/**
 * The rank table as data: which folder may import which. The lint plugin, the cycle check and the table
 * in `docs/architecture.md` all read it from here.
 *
 * @module
 */

/** One ranked folder. */
export interface RankedFolder {
  /** Path from the repository root, no trailing slash. */
  readonly folder: string;
  /** A folder imports equal or lower ranks only. */
  readonly rank: number;
  /** What lives there, for `docs/architecture.md`. */
  readonly holds: string;
}

/** All ranked folders; within rank 2 the order matters: a folder imports only those above it. */
export const RANKED: readonly RankedFolder[] = [
  { folder: "core/base", rank: 0, holds: "errors, limits, instants, bytes, text rules" },
  { folder: "schemas", rank: 0, holds: "JSON Schemas and the types and validators made from them" },
  { folder: "core/ports", rank: 1, holds: "interfaces to the outside world, nothing else" },
  { folder: "core/text", rank: 1, holds: "strict readers: JSON, JSONC, policy YAML" },
  { folder: "core/jcs", rank: 1, holds: "canonical JSON (RFC 8785)" },
  { folder: "core/digest", rank: 1, holds: "typed digests and their comparison" },
  { folder: "core/sign", rank: 1, holds: "Ed25519 signatures over canonical JSON" },
  { folder: "core/trust", rank: 1, holds: "trusted keys, their terms, sets of signatures" },
  { folder: "core/zip", rank: 1, holds: "deterministic zip writer, bounded reader" },
  { folder: "core/intent", rank: 2, holds: "tool-call intents: normalise and digest" },
  { folder: "core/policy", rank: 2, holds: "policies: parse, validate, compile, match" },
  { folder: "core/token", rank: 2, holds: "what approval and delegation tokens have in common" },
  { folder: "core/approval", rank: 2, holds: "approval tokens and their audit" },
  { folder: "core/delegation", rank: 2, holds: "delegation tokens and chains" },
  { folder: "core/credential", rank: 2, holds: "credential requests, leases and evidence" },
  { folder: "core/quota", rank: 2, holds: "rate limits: counting and their state" },
  { folder: "core/gate", rank: 2, holds: "decide(): the pure verdict" },
  { folder: "core/trace", rank: 2, holds: "signed records of decisions" },
  { folder: "core/runpack", rank: 2, holds: "record, read, verify, diff, replay, reduce" },
  { folder: "core/session", rank: 2, holds: "append-only journals, checkpoints, chains" },
  { folder: "core/config", rank: 3, holds: "configuration files: read, merge, trust" },
  { folder: "core/keys", rank: 3, holds: "key sources, key pairs on disk, external signers" },
  {
    folder: "core/journal",
    rank: 3,
    holds: "sessions on disk: append, checkpoint, compact, repair",
  },
  { folder: "core/enforce", rank: 3, holds: "the one use case: decide, collect, sign, persist" },
  { folder: "core/runs", rank: 3, holds: "recording, reducing and reading runs on disk" },
  { folder: "core/mcp", rank: 3, holds: "MCP proxy, bridge and gateway" },
  { folder: "core/export", rank: 3, holds: "exporters, one file per format" },
  { folder: "core/regress", rank: 3, holds: "regression fixtures and runs" },
  { folder: "core/wal", rank: 3, holds: "write-ahead segments of small files, and recovery" },
  {
    folder: "core/evidence",
    rank: 3,
    holds: "evidence of a service that a thread of its own writes",
  },
  { folder: "core/retention", rank: 3, holds: "files that pile up: what goes, in whole units" },
  { folder: "core/guard", rank: 3, holds: "evidence packs and retention" },
  { folder: "core/registry", rank: 3, holds: "signed skill packs" },
  { folder: "core/scout", rank: 3, holds: "inventory of tools in a workspace" },
  { folder: "core/doctor", rank: 3, holds: "diagnosis of an installation" },
  { folder: "core/migrate", rank: 3, holds: "migration of older artifacts" },
  { folder: "core/telemetry", rank: 3, holds: "local, opt-in operational events" },
  { folder: "core/commands", rank: 4, holds: "one thin file per command" },
  { folder: "core/service", rank: 4, holds: "the service: from a request to its answer" },
  { folder: "core/sdk", rank: 4, holds: "what agent code imports" },
];

/** Pairs that the ranks would allow and the design does not. */
export const FORBIDDEN: readonly (readonly [from: string, to: string])[] = [
  ["core/runpack", "core/policy"],
  ["core/commands", "core/service"],
  ["core/commands", "core/sdk"],
  ["core/service", "core/commands"],
  ["core/service", "core/sdk"],
  ["core/sdk", "core/commands"],
  ["core/sdk", "core/service"],
];

/** The only port files that ranks 0–2 may import: pure computation, no I/O. */
export const PURE_PORTS: readonly string[] = ["core/ports/digest.ts", "core/ports/sign.ts"];

/** Highest rank that `host/` may import: it implements ports and knows no use case. */
export const HOST_MAX_RANK = 1;

/** Files that put real ports and core together; only they, tests and measurements import `host/`. */
export const ROOTS: readonly string[] = [
  "cli.ts",
  "server.ts",
  "server_worker.ts",
  "evidence_worker.ts",
  "mod.ts",
  "runtime.ts",
  "host/node/main.ts",
  "host/node/server.ts",
];

/** The entry of the table that a file belongs to, or `undefined`. */
export function rankedFolderOf(path: string): RankedFolder | undefined {
  return RANKED.find(({ folder }) => path.startsWith(`${folder}/`));
}

/** Whether a file may import `host/`. */
export function mayImportHost(path: string): boolean {
  return ROOTS.includes(path) || /^(host|tests|perf|scripts|examples)\//.test(path);
}

/**
 * Why an import between two files breaks the rank table.
 *
 * @param from Importing file, path from the repository root.
 * @param to Imported file, path from the repository root.
 * @returns `undefined` when the import is fine.
 */
export function importProblem(from: string, to: string): string | undefined {
  if (to.startsWith("host/") && !mayImportHost(from)) {
    return "Only composition roots and tests may import host/";
  }
  const target = rankedFolderOf(to);
  if (from.startsWith("host/")) return ROOTS.includes(from) ? undefined : hostProblem(target);
  if (from.startsWith("core/") && rankedFolderOf(from) === undefined) {
    return `The folder of ${from} has no rank in scripts/ranks.ts`;
  }
  const source = rankedFolderOf(from);
  if (source === undefined) return undefined;
  if (target === undefined) {
    return `${source.folder} may import ranked folders only, and ${to} is in none`;
  }
  return source === target ? undefined : pairProblem(source, target, to);
}

function hostProblem(target: RankedFolder | undefined): string | undefined {
  if (target === undefined || target.rank <= HOST_MAX_RANK) return undefined;
  return `host/ may import ranks 0 to ${HOST_MAX_RANK} only, and ${target.folder} has rank ${target.rank}`;
}

function pairProblem(source: RankedFolder, target: RankedFolder, to: string): string | undefined {
  if (target.rank > source.rank) {
    return `${source.folder} (rank ${source.rank}) must not import ${target.folder} (rank ${target.rank})`;
  }
  if (FORBIDDEN.some(([from, barred]) => from === source.folder && barred === target.folder)) {
    return `${source.folder} must not import ${target.folder}`;
  }
  const inOrder = RANKED.indexOf(target) < RANKED.indexOf(source);
  if (source.rank === 2 && target.rank === 2 && !inOrder) {
    return `${source.folder} must not import ${target.folder}: rank 2 imports in listed order only`;
  }
  if (source.rank <= 2 && target.folder === "core/ports" && !PURE_PORTS.includes(to)) {
    return `Ranks 0 to 2 import no I/O port: only ${PURE_PORTS.join(" and ")}`;
  }
  return undefined;
}
