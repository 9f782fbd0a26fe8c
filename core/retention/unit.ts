/**
 * Files that belong together and go together (divergence S10): a trace with its side files, a session with
 * its state, chain and checkpoints, a runpack.
 *
 * @module
 */

/** A file of a directory that retention looks after. */
export interface KeptFile {
  readonly path: string;
  /** Last segment of the path. */
  readonly name: string;
  /** Time of last modification, ms since the epoch. */
  readonly modifiedMs: number;
}

/** Files that go together. */
export interface Unit {
  /** Path of the file that the unit is named after. */
  readonly path: string;
  readonly files: readonly KeptFile[];
  /** Newest modification that counts for its age, ms since the epoch. */
  readonly modifiedMs: number;
  /** Whether it must not go, whatever its age. */
  readonly isLive: boolean;
}

/** Suffixes of files beside a record. */
const BESIDE = /\.(sig\.json|public\.key)$/;

/** A name without what marks a file beside a record. */
function stemOf(name: string): string {
  return BESIDE.test(name) ? name.replace(BESIDE, "") : name.replace(/\.json$/, "");
}

/** Files by a key. */
function groupBy(files: readonly KeptFile[], key: (file: KeptFile) => string) {
  const out = new Map<string, KeptFile[]>();
  for (const file of files) {
    const name = key(file);
    const list = out.get(name);
    if (list === undefined) out.set(name, [file]);
    else list.push(file);
  }
  return out;
}

/** A unit of some files, the first of which names it. */
function unit(files: readonly KeptFile[], isLive: boolean): Unit {
  const [main] = files;
  return {
    path: main?.path ?? "",
    files,
    modifiedMs: Math.max(...files.map((file) => file.modifiedMs)),
    isLive,
  };
}

/** Files of a session, behind its base name. */
const OF_SESSION = /\.journal(?:\.jsonl(?:\.state\.json)?|_chain\.json)$/;

/** Whether a file is a trace: spec 04 §10, without files that stand beside one, and those of sessions. */
export function isTraceName(name: string): boolean {
  return /trace.*\.json$/i.test(name) && !BESIDE.test(name) && !OF_SESSION.test(name);
}

/** Whether a file is another record of a decision. */
export function isSideRecordName(name: string): boolean {
  return /^(approval_audit|delegation_audit|credential_evidence)_.*\.json$/.test(name) &&
    !BESIDE.test(name);
}

/**
 * Whether a file is the evidence of a policy change, or its signature. It belongs to no decision and no
 * session, and never goes.
 */
export function isPolicyChangeName(name: string): boolean {
  return /^policy_change_\d{8}T\d{6}\.\d{9}_(?:[0-9a-f]{12}|unusable)(?:\.sig)?\.json$/.test(name);
}

/** Records of a kind, each with what stands beside it. */
export function recordUnits(
  files: readonly KeptFile[],
  isRecord: (name: string) => boolean,
): Unit[] {
  const stems = groupBy(files, (file) => stemOf(file.name));
  return files.filter((file) => isRecord(file.name)).map((file) => {
    const beside = (stems.get(stemOf(file.name)) ?? []).filter((other) => BESIDE.test(other.name));
    return unit([file, ...beside], false);
  });
}

const CHECKPOINT = /^(.*)_cp_\d+\.zip$/;
const JOURNAL = ".journal.jsonl";

/** Base name of the session that a checkpoint belongs to; `undefined` for other archives. */
export function checkpointBase(name: string): string | undefined {
  return CHECKPOINT.exec(name)?.[1];
}

/** Runpacks that belong to no session that is still there. */
export function runpackUnits(
  files: readonly KeptFile[],
  sessions: ReadonlySet<string>,
): Unit[] {
  return files.filter(({ name }) => /\.zip$/i.test(name)).filter(({ name }) => {
    const base = checkpointBase(name);
    return base === undefined || !sessions.has(base);
  }).map((file) => unit([file], false));
}

/** Base names of the sessions whose journal is there. */
export function sessionBases(files: readonly KeptFile[]): Set<string> {
  return new Set(
    files.filter(({ name }) => name.endsWith(JOURNAL))
      .map(({ name }) => name.slice(0, -JOURNAL.length)),
  );
}

/** Base name of the session that a file belongs to; `undefined` for files of no session. */
function sessionBase(name: string): string | undefined {
  if (!/\.(json|jsonl|state)$/i.test(name)) return undefined;
  const pattern = OF_SESSION.test(name) ? OF_SESSION : /\.(json|jsonl|state)$/i;
  return name.replace(pattern, "");
}

/** How sessions are told apart. */
export interface SessionFacts {
  /** Archives of the runpack directory: checkpoints go with their session. */
  readonly archives: readonly KeptFile[];
  /** A session whose journal or lock is younger is live, ms since the epoch. */
  readonly liveSinceMs: number;
}

/** Sessions with everything that belongs to them. */
export function sessionUnits(files: readonly KeptFile[], facts: SessionFacts): Unit[] {
  // A lock that a killed process left must not keep its session for ever; one that is held is kept young.
  const locked = new Set(
    files.filter(({ name, modifiedMs }) =>
      name.endsWith(".lock") && modifiedMs >= facts.liveSinceMs
    ).map(({ name }) => name),
  );
  const groups = groupBy(
    files.filter(({ name }) => sessionBase(name) !== undefined),
    ({ name }) => sessionBase(name) ?? "",
  );
  return [...groups].map(([base, members]) => {
    const journal = members.find(({ name }) => name === `${base}${JOURNAL}`);
    const ordered = journal === undefined
      ? members
      : [journal, ...members.filter((file) => file !== journal)];
    const isLive = journal !== undefined &&
      (locked.has(`${journal.name}.lock`) || journal.modifiedMs >= facts.liveSinceMs);
    const checkpoints = facts.archives.filter(({ name }) => checkpointBase(name) === base);
    const whole = unit([...ordered, ...(journal === undefined ? [] : checkpoints)], isLive);
    return journal === undefined ? whole : { ...whole, modifiedMs: journal.modifiedMs };
  });
}
