/**
 * Sessions on disk: locks that were left over, and journals that need repair (divergences S1, S3).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { loadSession } from "../journal/load_session.ts";
import type { HeldSession } from "../journal/open_session.ts";
import type { DirectoryEntry } from "../ports/files.ts";
import { cleanPath, lockPath } from "../session/session_paths.ts";
import { causeOf, type Check, checkOf, type Finding, finding, pathArgument } from "./check.ts";
import { lockFindings } from "./lock_files.ts";
import { below, lookAt } from "./look.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

/** Journals, and locks, of one directory that are looked at. */
const MOST_FILES = 200;
/** Longest journal that is read, bytes: longer ones take the command of their own. */
const MOST_BYTES = 16 * 1024 * 1024;

const JOURNAL = /\.journal\.jsonl$/;

/** Directories of sessions: those that are named, and where the examples and the service put them. */
function directoriesOf(subject: Subject): string[] {
  const { workdir, sessionDirs } = subject.request;
  const usual = [subject.outputDir, below(workdir, "gait-out")].flatMap((folder) => [
    below(folder, "sessions"),
    below(folder, "mcp-serve/sessions"),
  ]);
  return [...new Set([...sessionDirs.map(cleanPath), ...usual])];
}

/** Entries of a directory with one ending, the first few, and how many there are; none without one. */
async function entriesOf(
  directory: string,
  ending: RegExp,
  ports: DoctorPorts,
): Promise<{ readonly entries: readonly DirectoryEntry[]; readonly left: number }> {
  if ((await lookAt(directory, ports.files))?.kind !== "directory") return { entries: [], left: 0 };
  const all = (await ports.files.list(directory)).filter(({ name }) => ending.test(name));
  return { entries: all.slice(0, MOST_FILES), left: Math.max(0, all.length - MOST_FILES) };
}

/** Looks at files of every directory. */
async function each(
  subject: Subject,
  ending: RegExp,
  context: {
    readonly ports: DoctorPorts;
    readonly look: (path: string) => Promise<Finding[]>;
  },
): Promise<Finding[]> {
  const out: Finding[] = [];
  for (const directory of directoriesOf(subject)) {
    try {
      const { entries, left } = await entriesOf(directory, ending, context.ports);
      for (const { name } of entries) out.push(...await context.look(`${directory}/${name}`));
      if (left > 0) {
        out.push(finding("pass", `${left} more files were not looked at: ${directory}`));
      }
    } catch (error) {
      out.push(finding("warn", `sessions cannot be examined: ${causeOf(error)}`));
    }
  }
  return out;
}

/** Locks of sessions. */
export async function checkSessionLocks(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const look = (path: string) => lockFindings(path, "session lock", ports);
  const findings = await each(subject, /\.lock$/, { ports, look });
  return checkOf("session_locks", findings, "no stale session locks detected");
}

/** Reads a journal that nobody uses; `undefined` when somebody does. */
async function readIdle(path: string, ports: DoctorPorts) {
  const isUsed = async () => await ports.files.stat(lockPath(path)) !== undefined;
  if (await isUsed()) return undefined;
  const file = await ports.appends.open(path, { create: false });
  try {
    const session: HeldSession = {
      path,
      file,
      confirm: () => Promise.reject(new GaitError("lock_lost", `Cannot write ${path}: only read`)),
    };
    const loaded = await loadSession(session, ports);
    // What was written meanwhile may have been seen in part.
    return await isUsed() || await file.size() !== loaded.size ? undefined : loaded;
  } finally {
    file.close();
  }
}

/** Looks at one journal. */
async function examine(path: string, ports: DoctorPorts): Promise<Finding[]> {
  const info = await ports.files.stat(path);
  if (info === undefined) return [];
  if (info.kind !== "file") return [finding("warn", `journal is no regular file: ${path}`)];
  if (info.size > MOST_BYTES) {
    const size = `${info.size} bytes`;
    return [finding("pass", `journal was not read, because it has ${size}: ${path}`)];
  }
  const repair = `gait run session repair --journal ${pathArgument(path)}`;
  try {
    const loaded = await readIdle(path, ports);
    const faults = loaded?.repairs.filter(({ kind }) => kind !== "state_rebuilt") ?? [];
    return faults.map(({ message }) =>
      finding("warn", `${message}: ${path}`, { fixCommand: `${repair} --apply` })
    );
  } catch (error) {
    return [finding("fail", `${causeOf(error)}: ${path}`, {
      hint: `${repair} --dry-run shows what can be mended`,
    })];
  }
}

/** Journals of sessions. */
export async function checkSessionJournals(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const look = (path: string) => examine(path, ports);
  const findings = await each(subject, JOURNAL, { ports, look });
  return checkOf("session_journals", findings, "no session journal needs repair");
}
