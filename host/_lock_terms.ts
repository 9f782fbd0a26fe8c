/**
 * What lock files of both hosts have in common: their content, and how it is judged (spec 02 §8, spec 03 §8,
 * divergence S3). Deno and Node exclude each other by these files alone.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import { formatInstant, parseTimestamp } from "../core/base/instant.ts";
import type { LockStyle } from "../core/ports/locks.ts";

/** Who holds a lock, as far as its file tells. */
export interface Holder {
  readonly pid?: number;
  readonly created_at?: string;
  /** Age, ms. */
  readonly age_ms?: number;
  /** Whether the owner is known, or must be taken, to live. */
  readonly alive: boolean;
}

/** How a look at somebody else's lock ended. */
export type Verdict =
  | { readonly kind: "free"; readonly abandoned: boolean }
  | { readonly kind: "held"; readonly holder: Holder };

/** Members of a lock file of any origin that matter. */
export interface LockContent {
  readonly pid?: number;
  readonly created_at?: string;
  /** Machine and container of the owner, when it wrote the file under Node. */
  readonly host?: string;
  /** When the owner's process started, when it wrote the file under Node. */
  readonly started?: string;
  /** The owner holds a lock of the operating system on the file, which Node cannot see. */
  readonly os_lock?: boolean;
}

/** Longest content that is read. */
export const MAX_CONTENT = 4096;
/** How old a held lock's `created_at` may get before it is renewed, ms. */
export const RENEW_MS = 5_000;
/** A takeover lasts no longer than a few system calls; older marks are of a process that died in it, ms. */
export const TAKEOVER_MS = 10_000;

const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
const SCHEMAS: Readonly<Record<LockStyle, string>> = {
  rate_limit: "gait.gate.rate_limit_lock",
  session: "gait.runpack.session_lock",
  append: "gait.append_lock",
};

/**
 * Content of a lock file: one JSON line, as the reference writes it, and what only we read.
 *
 * @param own Process of the owner and the time, ns.
 * @param ours Members that say how the owner can be judged.
 */
export function lockText(
  style: LockStyle,
  own: { readonly pid: number; readonly now: bigint },
  ours: Omit<LockContent, "pid" | "created_at">,
): string {
  const { pid, now } = own;
  const schema = { schema_id: SCHEMAS[style], schema_version: "1.0.0" };
  const content = style === "rate_limit"
    ? { ...schema, pid, created_at: formatInstant(now), ...ours }
    : { created_at: formatInstant(now - now % NANOS_PER_SECOND), ...ours, pid, ...schema };
  return `${JSON.stringify(content)}\n`;
}

/** Reads the content of a lock file of any origin; what is not there or no sense is left out. */
export function parseLockContent(bytes: Uint8Array): LockContent {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value !== "object" || value === null) return {};
    const { pid, created_at, host, started, os_lock } = value as Record<string, unknown>;
    return {
      ...(typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0 && { pid }),
      ...(typeof created_at === "string" && { created_at: created_at.slice(0, 40) }),
      ...(typeof host === "string" && { host }),
      ...(typeof started === "string" && { started }),
      ...(os_lock === true && { os_lock }),
    };
  } catch {
    return {};
  }
}

/**
 * Age of a lock, ms: by `created_at`, and by the file's time where the content tells nothing sensible or the
 * family is judged by both (spec 02 §8).
 *
 * @param changed When the file was changed, ms since the epoch.
 */
export function lockAge(created: string | undefined, changed: number, style: LockStyle): number {
  const byFile = Date.now() - changed;
  const instant = created === undefined ? undefined : parseTimestamp(created)?.instant;
  if (instant === undefined) return byFile;
  const byContent = Date.now() - Number(instant / NANOS_PER_MS);
  if (byContent < 0) return byFile;
  return style === "rate_limit" ? Math.max(byContent, byFile) : byContent;
}

/** The holder that a lock file names. */
export function holderOf(
  { pid, created_at }: LockContent,
  facts: { readonly age: number; readonly alive: boolean },
): Holder {
  return {
    ...(pid !== undefined && { pid }),
    ...(created_at !== undefined && { created_at }),
    age_ms: Math.max(0, Math.round(facts.age)),
    alive: facts.alive,
  };
}

/** Name of the mark that keeps takers of an abandoned lock apart. */
export function takeoverMark(path: string): string {
  return `${path}.takeover`;
}

/** The error of an owner whose lock is not its own any more. */
export function lockLost(path: string): GaitError {
  return new GaitError(
    "lock_lost",
    `Cannot go on with ${path}: another program took it over`,
    { details: { path } },
  );
}
