/**
 * The diagnosis: every check in its fixed order, and what they add up to (spec 05 §1).
 *
 * @module
 */

import { formatInstant } from "../base/instant.ts";
import { sortedSet } from "../base/text_rules.ts";
import { checkApprovalStore } from "./approval_store.ts";
import { type Check, type CheckStatus, worstOf } from "./check.ts";
import { checkOutputDir, checkTempDir, checkWorkdir } from "./directories.ts";
import { checkKeyAmbiguity, checkKeyConfig, checkKeyPermissions } from "./key_flags.ts";
import { checkServiceToken } from "./production_access.ts";
import { checkSigningKey, checkTokenKeys } from "./production_keys.ts";
import { checkBroker, checkPolicy } from "./production_policy.ts";
import {
  checkContextStrictness,
  checkKeyMode,
  checkProfile,
  checkReadinessConfig,
  checkRetention,
  checkServiceBoundary,
} from "./production_settings.ts";
import { checkProjectConfig } from "./project_config.ts";
import { checkRateLimitLock, checkRateLimitState } from "./rate_limits.ts";
import { checkRegistryCache } from "./registry_cache.ts";
import { checkRuntime, checkSchemas } from "./runtime.ts";
import { checkService } from "./service.ts";
import { checkSessionJournals, checkSessionLocks } from "./sessions.ts";
import {
  type DoctorPorts,
  type DoctorRequest,
  isUntrusted,
  readSubject,
  type Subject,
} from "./subject.ts";
import { checkTelemetry } from "./telemetry.ts";
import { checkTraceSegments } from "./trace_segments.ts";

/** What the checks add up to. */
export interface Diagnosis {
  readonly ok: boolean;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly status: CheckStatus;
  readonly nonFixable: boolean;
  readonly summary: string;
  /** Distinct, sorted. */
  readonly fixCommands: readonly string[];
  readonly checks: readonly Check[];
}

/** One check. */
type Examine = (subject: Subject, ports: DoctorPorts) => Promise<Check>;

/** Checks of every diagnosis; the first ones have the reference's names and order (spec 05 §1.2). */
const BASE: readonly Examine[] = [
  checkWorkdir,
  checkOutputDir,
  checkTempDir,
  checkSchemas,
  checkRegistryCache,
  checkRateLimitLock,
  checkKeyAmbiguity,
  checkKeyPermissions,
  checkKeyConfig,
  checkRuntime,
  checkProjectConfig,
  checkRateLimitState,
  checkApprovalStore,
  checkTraceSegments,
  checkSessionLocks,
  checkSessionJournals,
  checkTelemetry,
];

/** What the configuration says (spec 05 §1.4). */
const SETTINGS: readonly ((subject: Subject) => Check)[] = [
  checkProfile,
  checkKeyMode,
  checkRetention,
  checkServiceBoundary,
  checkContextStrictness,
];

/** Whether what it says is there. */
const RESOLVED: readonly Examine[] = [
  checkPolicy,
  checkSigningKey,
  checkTokenKeys,
  checkServiceToken,
  checkBroker,
];

/** The checks of production readiness; only the first one when the file cannot be used. */
async function productionChecks(subject: Subject, ports: DoctorPorts): Promise<Check[]> {
  const config = checkReadinessConfig(subject);
  if (subject.project.state === "unusable") return [config];
  const out = [config, ...SETTINGS.map((examine) => examine(subject))];
  for (const examine of RESOLVED) out.push(await examine(subject, ports));
  return isUntrusted(subject) ? out.map(withoutCommand) : out;
}

/** What a check says, without a command that whoever wrote the file may have had in mind. */
function withoutCommand({ fixCommand, ...others }: Check): Check {
  if (fixCommand === undefined) return others;
  return { hint: "inspect the configuration and trust it, then ask again", ...others };
}

/** Sums up (spec 05 §1.1). A diagnosis that fails is not `ok` in either mode (divergence O1). */
export function sumUp(checks: readonly Check[], createdAt: string): Diagnosis {
  const status = worstOf(checks.map((each) => each.status));
  const count = (wanted: CheckStatus) => checks.filter((each) => each.status === wanted).length;
  const nonFixable = checks.some((each) => each.nonFixable);
  return {
    ok: status !== "fail" && !nonFixable,
    createdAt,
    status,
    nonFixable,
    summary: `doctor: status=${status} failed=${count("fail")} warned=${count("warn")} ` +
      `non_fixable=${nonFixable}`,
    fixCommands: sortedSet(checks.flatMap(({ fixCommand }) => fixCommand ?? [])),
    checks,
  };
}

/**
 * Examines an installation. Nothing that is found there is run, and nothing is written but a probe in each
 * folder, which is removed again.
 *
 * @throws GaitError `permission_missing`, `dependency_missing`
 */
export async function diagnose(request: DoctorRequest, ports: DoctorPorts): Promise<Diagnosis> {
  const subject = await readSubject(request, ports);
  const checks: Check[] = [];
  for (const examine of BASE) checks.push(await examine(subject, ports));
  if (request.production) checks.push(...await productionChecks(subject, ports));
  checks.push(...await checkService(subject, ports));
  return sumUp(checks, formatInstant(ports.clock.now()));
}
