/**
 * Everything in the golden data that one of our schemas describes.
 *
 * @module
 */

import yaml from "js-yaml";
import { isJsonObject } from "../../../core/base/json_value.ts";
import type { Finding } from "../../../schemas/schema_node.ts";
import { validateAdoptionReport } from "../../../schemas/generated/adoption_report.ts";
import { validateApprovalAuditRecord } from "../../../schemas/generated/approval_audit_record.ts";
import { validateApprovalToken } from "../../../schemas/generated/approval_token.ts";
import { validateApprovalStore } from "../../../schemas/generated/approval_store.ts";
import { validateAuthTokens } from "../../../schemas/generated/auth_tokens.ts";
import { validateApproverKeyring } from "../../../schemas/generated/approver_keyring.ts";
import { validateBrokerCredentialRecord } from "../../../schemas/generated/broker_credential_record.ts";
import { validateDelegationAuditRecord } from "../../../schemas/generated/delegation_audit_record.ts";
import { validateDelegationToken } from "../../../schemas/generated/delegation_token.ts";
import { validateDetachedSignature } from "../../../schemas/generated/detached_signature.ts";
import { validateDoctorResult } from "../../../schemas/generated/doctor_result.ts";
import { validateErrorEnvelope } from "../../../schemas/generated/error_envelope.ts";
import { validateGateEvalOutput } from "../../../schemas/generated/gate_eval_output.ts";
import { validateGateResult } from "../../../schemas/generated/gate_result.ts";
import { validateIntentInput } from "../../../schemas/generated/intent_input.ts";
import { validateIntentRequest } from "../../../schemas/generated/intent_request.ts";
import { validatePolicy } from "../../../schemas/generated/policy.ts";
import { validatePolicyChange } from "../../../schemas/generated/policy_change.ts";
import { validatePolicytestResult } from "../../../schemas/generated/policytest_result.ts";
import { validateProjectConfig } from "../../../schemas/generated/project_config.ts";
import { validateRateLimitLock } from "../../../schemas/generated/rate_limit_lock.ts";
import { validateRateLimitState } from "../../../schemas/generated/rate_limit_state.ts";
import { validateSignature } from "../../../schemas/generated/signature.ts";
import { validateTrace } from "../../../schemas/generated/trace.ts";

/** Validators by the path of their schema below `schemas/v1`, without `.schema.json`. */
export const VALIDATORS: Readonly<Record<string, (value: unknown) => Finding[]>> = {
  "cli/error_envelope": validateErrorEnvelope,
  "cli/gate_eval_output": validateGateEvalOutput,
  "config/project_config": validateProjectConfig,
  "doctor/adoption_report": validateAdoptionReport,
  "doctor/doctor_result": validateDoctorResult,
  "gate/approval_audit_record": validateApprovalAuditRecord,
  "gate/approval_store": validateApprovalStore,
  "gate/approval_token": validateApprovalToken,
  "gate/approver_keyring": validateApproverKeyring,
  "gate/broker_credential_record": validateBrokerCredentialRecord,
  "gate/delegation_audit_record": validateDelegationAuditRecord,
  "gate/delegation_token": validateDelegationToken,
  "gate/gate_result": validateGateResult,
  "gate/intent_input": validateIntentInput,
  "gate/intent_request": validateIntentRequest,
  "gate/policy": validatePolicy,
  "gate/rate_limit_lock": validateRateLimitLock,
  "gate/rate_limit_state": validateRateLimitState,
  "gate/signature": validateSignature,
  "gate/trace": validateTrace,
  "policytest/policytest_result": validatePolicytestResult,
  "service/auth_tokens": validateAuthTokens,
  "service/policy_change": validatePolicyChange,
  "sign/detached_signature": validateDetachedSignature,
};

/** One document of the golden data. */
export interface Sample {
  /** Key of {@linkcode VALIDATORS}. */
  readonly schema: string;
  /** Where it comes from. */
  readonly origin: string;
  readonly value: unknown;
}

const DATA = new URL("../../golden/data/gate/", import.meta.url);

/** What a case recorded, as far as this corpus reads it. */
interface Run {
  readonly argv?: readonly string[];
  readonly expect: {
    readonly exit_code?: number;
    readonly stdout?: unknown;
    readonly files_out?: Readonly<Record<string, unknown>>;
  };
}
/** One case. */
interface Case extends Run {
  readonly id: string;
  readonly steps?: readonly Run[];
}

/** Schemas of a parsed JSON record, by its `schema_id`. */
function schemasOf(value: unknown): string[] {
  if (!isJsonObject(value) || "ok" in value || typeof value.schema_id !== "string") return [];
  const name = `gate/${value.schema_id.replace(/^gait\.gate\./, "")}`;
  return name === "gate/intent_request" || !(name in VALIDATORS) ? [] : [name];
}

/** Parses JSON; `undefined` when the text is none. */
function parse(text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}

/** All files of the golden data, as paths. */
async function* walk(directory: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(directory)) {
    const url = new URL(encodeURIComponent(entry.name) + (entry.isDirectory ? "/" : ""), directory);
    if (entry.isDirectory) yield* walk(url);
    else yield url;
  }
}

/** Samples of one input file. */
async function samplesOfFile(url: URL): Promise<Sample[]> {
  const origin = url.pathname.slice(DATA.pathname.length);
  const text = await Deno.readTextFile(url);
  if (/\.ya?ml$/.test(origin)) {
    const value = parse(text, (source) => yaml.load(source));
    const schema = origin.startsWith("cli-config/cfg") ? "config/project_config" : "gate/policy";
    return value === undefined ? [] : [{ schema, origin, value }];
  }
  if (!origin.endsWith(".json") || origin.endsWith("cases.json")) return [];
  const value = parse(text, JSON.parse);
  if (isJsonObject(value) && "tool_name" in value && "context" in value) {
    return ["gate/intent_input", "gate/intent_request"].map((schema) => ({
      schema,
      origin,
      value,
    }));
  }
  return schemasOf(value).map((schema) => ({ schema, origin, value }));
}

/** Samples of one recorded run. */
function samplesOfRun(id: string, run: Run, argv: readonly string[]): Sample[] {
  const out: Sample[] = [];
  for (const [name, value] of Object.entries(run.expect.files_out ?? {})) {
    const origin = `${id}: ${name}`;
    out.push(...schemasOf(value).map((schema) => ({ schema, origin, value })));
    if (isJsonObject(value) && "signature" in value) {
      out.push({ schema: "gate/signature", origin, value: value.signature });
    }
    if (isJsonObject(value) && "$yaml" in value) {
      out.push({ schema: "gate/policy", origin, value: value.$yaml });
    }
  }
  const { stdout } = run.expect;
  if (!isJsonObject(stdout)) return out;
  const command = argv.slice(0, 2).join(" ");
  if (command === "gate eval") {
    out.push({ schema: "cli/gate_eval_output", origin: id, value: stdout });
  }
  if (command === "policy test" && "verdict" in stdout) {
    out.push({ schema: "policytest/policytest_result", origin: id, value: stdout });
  }
  if ("error" in stdout) out.push({ schema: "cli/error_envelope", origin: id, value: stdout });
  if (command === "policy fmt" && typeof stdout.formatted === "string") {
    out.push({ schema: "gate/policy", origin: `${id}: fmt`, value: yaml.load(stdout.formatted) });
  }
  return out;
}

/** Reads the whole corpus. */
export async function readCorpus(): Promise<Sample[]> {
  const out: Sample[] = [];
  for await (const url of walk(DATA)) {
    out.push(...await samplesOfFile(url));
    if (!url.pathname.endsWith("/cases.json")) continue;
    const cases: Case[] = JSON.parse(await Deno.readTextFile(url));
    for (const each of cases) {
      for (const run of each.steps ?? [each]) {
        out.push(...samplesOfRun(each.id, run, run.argv ?? each.argv ?? []));
      }
    }
  }
  return out;
}
