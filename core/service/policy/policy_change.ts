/**
 * Evidence of policy changes: one signed record for each reload that changed, or should have changed, what
 * decides. The record is durable before the policy is in force.
 *
 * @module
 */

import { formatInstant } from "../../base/instant.ts";
import { encodeJsonPretty } from "../../base/json_text.ts";
import { isNameTaken, writeRecords } from "../../enforce/record_writer.ts";
import { fileStamp, inDirectory } from "../../mcp/artifact_names.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Signer } from "../../ports/sign.ts";
import { encodeDetached, signaturePath, signDetached } from "../../sign/detached.ts";
import type { PolicyChange } from "./policy_holder.ts";

/** What asked for a reload. */
export type PolicyTrigger = "sighup" | "watch";

/**
 * What came of a reload: the new policy is in force, or the old one stays, or nothing is allowed until a
 * policy can be used.
 */
export type PolicyOutcome = "applied" | "refused" | "blocked";

/** The record. */
export interface PolicyChangeRecord {
  readonly schema_id: "gait.service.policy_change";
  readonly schema_version: "1.0.0";
  /** RFC 3339, UTC. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly policy_path: string;
  readonly trigger: PolicyTrigger;
  readonly outcome: PolicyOutcome;
  /** Digest of the last policy that could be used, 64 hex digits. */
  readonly old_policy_digest: string;
  /** Digest of the policy that was read; absent when it could not be read. */
  readonly new_policy_digest?: string;
  /** Why it was not applied. */
  readonly error_code?: string;
}

/** What the record tells beside the change. */
export interface PolicyChangeContext {
  readonly trigger: PolicyTrigger;
  /** Path as configured. */
  readonly policyPath: string;
  /** Directory of the record. */
  readonly directory: string;
  readonly signer: Signer;
}

/** Ports that writing needs. */
export type PolicyChangePorts = Pick<Ports, "files" | "clock" | "digester" | "version">;

/** How often another time is tried when a name is taken. */
const NAME_ATTEMPTS = 5;

/** What came of it. */
function outcomeOf(change: PolicyChange): PolicyOutcome {
  if (change.result !== "failed") return "applied";
  return change.policy_digest === "" ? "blocked" : "refused";
}

/** Name of a record: when it was, and which policy it is about. */
function recordName({ created_at, new_policy_digest }: PolicyChangeRecord): string {
  const policy = new_policy_digest?.slice(0, 12) ?? "unusable";
  return `policy_change_${fileStamp(created_at)}_${policy}.json`;
}

/** Builds the record. */
function buildRecord(
  change: PolicyChange,
  { trigger, policyPath }: PolicyChangeContext,
  { clock, version }: PolicyChangePorts,
): PolicyChangeRecord {
  const { candidate_digest: candidate, error_code } = change;
  return {
    schema_id: "gait.service.policy_change",
    schema_version: "1.0.0",
    created_at: formatInstant(clock.now()),
    producer_version: version,
    policy_path: policyPath,
    trigger,
    outcome: outcomeOf(change),
    old_policy_digest: change.previous_digest,
    ...(candidate === "" ? {} : { new_policy_digest: candidate }),
    ...(error_code === "" ? {} : { error_code }),
  };
}

/** Signs and writes once. */
async function attempt(
  change: PolicyChange,
  context: PolicyChangeContext,
  ports: PolicyChangePorts,
): Promise<void> {
  const record = buildRecord(change, context, ports);
  const subject = recordName(record);
  const text = encodeJsonPretty(record);
  const { signer } = context;
  const { digester, version: producerVersion } = ports;
  const detached = await signDetached({ subject, text, producerVersion }, { signer, digester });
  const path = inDirectory(context.directory, subject);
  await writeRecords([
    { path: signaturePath(path), text: encodeDetached(detached), explicit: false },
    { path, text, explicit: false },
  ], ports.files);
}

/**
 * Writes the record of a change and its detached signature (divergence E13), both or none.
 *
 * @param ports `files` must make each file durable by itself.
 * @throws GaitError `signer_failed`, or of the write that failed
 */
export async function writePolicyChange(
  change: PolicyChange,
  context: PolicyChangeContext,
  ports: PolicyChangePorts,
): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await attempt(change, context, ports);
    } catch (error) {
      if (tries >= NAME_ATTEMPTS || !isNameTaken(error)) throw error;
    }
  }
}
