/**
 * Reloading the policy of a running service: evidence first, then the change, then log and metric.
 *
 * @module
 */

import type { ServiceLog } from "./observe/access_log.ts";
import type { Metrics } from "./observe/metrics.ts";
import type { OpenedDecider } from "./open_decider.ts";
import {
  type PolicyChangePorts,
  type PolicyTrigger,
  writePolicyChange,
} from "./policy/policy_change.ts";

/** What a reload works with. */
export interface ReloadScope {
  readonly opened: OpenedDecider;
  /** Path as configured. */
  readonly policyPath: string;
  readonly log: ServiceLog;
  readonly metrics: Metrics;
}

/** Reads the policy again, and says what came of it. */
export async function reloadPolicy(
  trigger: PolicyTrigger,
  scope: ReloadScope,
  ports: PolicyChangePorts,
): Promise<void> {
  const { opened, policyPath, log, metrics } = scope;
  const context = {
    trigger,
    policyPath,
    directory: opened.directories.trace.path,
    signer: opened.key.signer,
  };
  const change = await opened.policy.reload((next) => writePolicyChange(next, context, ports));
  metrics.add("gait_policy_reloads_total", change.result);
  log.event("policy_reload", { trigger, ...change });
}
