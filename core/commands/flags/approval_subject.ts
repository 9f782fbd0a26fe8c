/**
 * What is approved: digests, or the files they are computed from.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { loadIntent } from "../../enforce/loaded_intent.ts";
import { loadPolicy } from "../../enforce/loaded_policy.ts";
import { intentDigests } from "../../intent/digests.ts";
import type { CommandContext, FlagSpec } from "../frame/command.ts";

/** Flags that name what is approved. */
export const SUBJECT_FLAGS: readonly FlagSpec[] = [
  { name: "intent-digest", kind: "string", value: "sha256", summary: "digest of the intent" },
  { name: "policy-digest", kind: "string", value: "sha256", summary: "digest of the policy" },
  {
    name: "delegation-binding-digest",
    kind: "string",
    value: "sha256",
    summary: "digest of the delegation, when the intent has one",
  },
  { name: "intent", kind: "string", value: "path", summary: "intent instead of its digests" },
  { name: "policy", kind: "string", value: "path", summary: "policy instead of its digest" },
];

/** What is approved. */
export interface ApprovalSubject {
  readonly digests: {
    readonly intent_digest: string;
    readonly policy_digest: string;
    readonly delegation_binding_digest: string;
  };
  /** Scope when `--scope` is not given; "" when the intent is not known. */
  readonly defaultScope: string;
}

/** A digest from a flag and from a file must agree. */
function agreed(flag: string, given: string, computed: string | undefined): string {
  if (computed === undefined) return given;
  if (given !== "" && given.trim().toLowerCase() !== computed) {
    throw new GaitError("digest_mismatch", `--${flag} is not the digest of the given file`, {
      details: { given, computed },
    });
  }
  return computed;
}

/**
 * Reads the subject.
 *
 * @throws GaitError `digest_mismatch` and what reading throws
 */
export async function approvalSubject(context: CommandContext): Promise<ApprovalSubject> {
  const { args, ports } = context;
  const [intentPath, policyPath] = [args.text("intent"), args.text("policy")];
  const intent = intentPath === "" ? undefined : (await loadIntent(intentPath, ports)).intent;
  const digests = intent && await intentDigests(intent, ports.digester);
  const policy = policyPath === "" ? undefined : await loadPolicy(policyPath, ports);
  const binding = args.text("delegation-binding-digest");
  return {
    digests: {
      intent_digest: agreed("intent-digest", args.text("intent-digest"), digests?.intent_digest),
      policy_digest: agreed("policy-digest", args.text("policy-digest"), policy?.digest),
      delegation_binding_digest: agreed(
        "delegation-binding-digest",
        binding,
        digests?.delegation_binding_digest,
      ),
    },
    defaultScope: intent === undefined ? "" : `tool:${intent.tool_name}`,
  };
}
