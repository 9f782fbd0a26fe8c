/**
 * When retention runs: with every decision as long as that is cheap and nobody else waits (spec 04 §10),
 * otherwise not more often than its own duration allows, one run at a time. Its cost stays a small share of
 * the service's time however many files there are. Where an age is bounded, it also runs while nobody asks,
 * because files grow old without requests.
 *
 * @module
 */

import { toGaitError } from "../../base/errors.ts";
import { trim } from "../../base/text_rules.ts";
import type { CallWarning } from "../../mcp/call_request.ts";
import type { ServiceConfig } from "../../ports/service.ts";
import { rotateLog } from "../../retention/rotate_log.ts";
import { type RetentionReport, runRetention } from "../../retention/run_retention.ts";
import { cleanPath } from "../../session/session_paths.ts";
import type { ServiceLog } from "../observe/access_log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";

/** Shortest time between two runs of a busy service, ms. */
const MIN_PAUSE_MS = 1_000;
/** Longest run that a single request does not feel, ms. */
const CHEAP_MS = 20;
/** Longest share of time that runs may take: one part in this many. */
const SHARE = 3;
/** How long a request waits to tell what its run removed; longer runs go on beside other requests, ms. */
const TELL_MS = 250;
/** Shortest and longest time between two runs while nobody asks, ms. */
const MIN_IDLE_MS = 5_000;
const MAX_IDLE_MS = 60_000;
/** Paths that one log line names. */
const MAX_NAMED = 50;

/** What the runner looks after. */
export interface RetentionScope {
  readonly config: ServiceConfig;
  readonly traceDir: string;
  readonly sessionDir: string;
  readonly runpackDir: string;
  readonly log: ServiceLog;
  readonly metrics: Metrics;
  sessionGone(journal: string): void;
}

/**
 * Time between two runs while nobody asks, ms: half of the shortest age, within limits; `undefined` when no
 * age is bounded.
 */
export function idleInterval(bounds: ServiceConfig["retention"]): number | undefined {
  const { trace, session, runpack, exports } = bounds;
  const ages = [trace, session, runpack, exports].map(({ maxAgeMs }) => maxAgeMs)
    .filter((age) => age > 0);
  if (ages.length === 0) return undefined;
  return Math.min(MAX_IDLE_MS, Math.max(MIN_IDLE_MS, Math.min(...ages) / 2));
}

/**
 * Bounds that count. A directory that is not named is the working directory, where other programs keep their
 * files: there the class is off (spec 04 §1.3).
 */
export function countedBounds(
  { retention, traceDir, sessionDir }: Pick<ServiceConfig, "retention" | "traceDir" | "sessionDir">,
): ServiceConfig["retention"] {
  const off = { maxAgeMs: 0, maxCount: 0 };
  return {
    ...retention,
    ...(trim(traceDir) === "" && { trace: off }),
    ...(trim(sessionDir) === "" && { session: off }),
  };
}

/** Runs retention beside decisions, and while there are none. */
export class RetentionRunner {
  readonly #scope: RetentionScope;
  readonly #ports: ServicePorts;
  readonly #kept = new Map<string, number>();
  #notBefore = -Infinity;
  #isCheap = true;
  #current: Promise<readonly CallWarning[]> | undefined;
  readonly #closing = new AbortController();

  constructor(scope: RetentionScope, ports: ServicePorts) {
    this.#scope = scope;
    this.#ports = ports;
  }

  /** Units that were kept, by class. */
  get kept(): readonly (readonly [string, number])[] {
    return [...this.#kept];
  }

  /**
   * Runs if it is due; what was removed is told when that is known soon.
   *
   * @param service `isAlone` when no other request is worked on or waits.
   */
  async afterDecision(
    service: { readonly isAlone: boolean },
  ): Promise<readonly CallWarning[]> {
    const { clock } = this.#ports;
    const run = this.#runIfDue(service.isAlone && this.#isCheap);
    if (run === undefined) return [];
    const late = new AbortController();
    try {
      return await Promise.race([
        run,
        clock.sleep(TELL_MS, late.signal).then(() => []),
      ]);
    } finally {
      late.abort("over");
    }
  }

  /** Runs it from time to time until it is closed, when an age is bounded. */
  start(): void {
    const interval = idleInterval(this.#scope.config.retention);
    if (interval !== undefined) void this.#repeat(interval);
  }

  /** Ends the repetition and waits for a run that is under way. */
  async close(): Promise<void> {
    this.#closing.abort("closed");
    await this.#current;
  }

  async #repeat(interval: number): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // Only closing ends the wait early; it rejects then.
      await clock.sleep(interval, signal).catch(() => {});
      if (!signal.aborted) await this.#runIfDue();
    }
  }

  /** Starts a run; `undefined` when there is one, or the last one is too recent. */
  #runIfDue(isFree = false): Promise<readonly CallWarning[]> | undefined {
    const { clock } = this.#ports;
    if (this.#current !== undefined) return undefined;
    if (!isFree && clock.monotonic() < this.#notBefore) return undefined;
    const run = this.#runOnce().finally(() => this.#current = undefined);
    this.#current = run;
    return run;
  }

  /** One run; it never fails, because nothing depends on it. */
  async #runOnce(): Promise<readonly CallWarning[]> {
    const { clock } = this.#ports;
    const began = clock.monotonic();
    try {
      const reports = await this.#run();
      await this.#rotate();
      return reports.flatMap((report) => this.#note(report));
    } catch (error) {
      this.#scope.log.event("failure", {
        error_code: toGaitError(error).code,
        during: "retention",
      });
      return [];
    } finally {
      const ended = clock.monotonic();
      this.#isCheap = ended - began <= CHEAP_MS;
      this.#notBefore = ended + Math.max(MIN_PAUSE_MS, (ended - began) * SHARE);
    }
  }

  #run(): Promise<RetentionReport[]> {
    const { config, log, traceDir, sessionDir, runpackDir, sessionGone } = this.#scope;
    return runRetention({
      traceDir,
      sessionDir,
      runpackDir,
      excluded: new Set([config.exports.log, config.exports.otel, config.accessLog].map(cleanPath)),
      bounds: config.retention,
      announce: ({ kind, files }) =>
        log.event("retention", {
          kind,
          dry_run: config.retention.dryRun,
          files: files.length,
          paths: files.slice(0, MAX_NAMED).join(" "),
        }),
      sessionGone,
    }, this.#ports);
  }

  async #rotate(): Promise<void> {
    const { config, log, metrics } = this.#scope;
    const { exports: bounds, dryRun } = config.retention;
    for (const path of [config.exports.log, config.exports.otel]) {
      if (path === "") continue;
      try {
        const { piece, removed } = await rotateLog(path, { ...bounds, dryRun }, this.#ports);
        if (piece !== "") log.event("rotation", { path, piece });
        if (removed.length > 0) log.event("retention", { kind: "export", files: removed.length });
        if (!dryRun) metrics.add("gait_retention_removed_total", "export", removed.length);
      } catch (error) {
        log.event("failure", { error_code: toGaitError(error).code, path });
      }
    }
  }

  /** Metrics and the reference's warning about one class. */
  #note(report: RetentionReport): CallWarning[] {
    const { kind, removedAge, removedCount, files, error } = report;
    const { metrics, log, config } = this.#scope;
    if (error !== "") {
      log.event("failure", { error_code: error, retention: kind });
      const message = `retention_${kind}_error=${error}`;
      return [{ code: "retention_failed", message, severity: "warning" }];
    }
    this.#kept.set(kind, report.kept);
    if (files.length === 0) return [];
    if (config.retention.dryRun) {
      const message = `retention_${kind}_dry_run=${files.length}`;
      return [{ code: "retention_dry_run", message, severity: "notice" }];
    }
    metrics.add("gait_retention_removed_total", kind, files.length);
    const message = `retention_${kind}_removed_age=${removedAge} removed_count=${removedCount}`;
    return [{ code: "retention_removed", message, severity: "notice" }];
  }
}
