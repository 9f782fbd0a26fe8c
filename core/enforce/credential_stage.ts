/**
 * Credential brokers (spec 02 §11): asked only when the verdict is `allow` at that point.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import {
  checkBrokerCommand,
  COMMAND_ALLOWLIST_ENV,
  readBrokerAnswer,
} from "../credential/command.ts";
import {
  credentialHmacKey,
  envCredential,
  envCredentialKey,
  type IssuedCredential,
  stubCredential,
} from "../credential/issue.ts";
import {
  type BrokerKind,
  type CredentialRequest,
  credentialRequest,
  encodeCredentialRequest,
} from "../credential/request.ts";
import type { Rule } from "../policy/policy.ts";
import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import { amend, type Draft } from "./draft.ts";
import type { LoadedIntent } from "./loaded_intent.ts";

type CredentialPorts = Pick<Ports, "env" | "processes" | "digester">;

/** Which broker, and how it is asked. */
export interface BrokerSetup {
  readonly kind: BrokerKind;
  /** Prefix of variable names for the env broker. */
  readonly envPrefix: string;
  readonly reference: string;
  readonly scopes: readonly string[];
  readonly command: string;
  readonly commandArgs: readonly string[];
}

/** What is asked for whom. */
export interface CredentialStageRequest {
  readonly rule: Rule | undefined;
  readonly intent: LoadedIntent;
  readonly broker: BrokerSetup;
  /** Variables that hold private keys, which the broker must not see. */
  readonly keyVariables: readonly string[];
  readonly signer: Signer;
  /** Leaves bare hashes of secrets out of the evidence (divergence E13). */
  readonly keyedOnly: boolean;
  /** A simulated call asks no broker (divergence G7). */
  readonly simulate: boolean;
}

/** The draft after the broker, and what it issued. */
export interface CredentialStage {
  readonly draft: Draft;
  readonly request: CredentialRequest | undefined;
  readonly issued: IssuedCredential | undefined;
}

/** Asks the command broker. */
async function askCommand(
  request: CredentialRequest,
  { broker, keyVariables }: CredentialStageRequest,
  ports: CredentialPorts,
): Promise<IssuedCredential | undefined> {
  const command = checkBrokerCommand(broker.command, {
    allowlist: ports.env.get(COMMAND_ALLOWLIST_ENV),
  });
  if (command === undefined) return undefined;
  const run = await ports.processes.run({
    command,
    args: broker.commandArgs,
    blankVariables: keyVariables.filter((name) => !/[=\0]/.test(name)),
    stdin: encodeCredentialRequest(request),
    timeoutMs: LIMITS.brokerTimeoutMs,
    maxOutputBytes: LIMITS.brokerOutputBytes,
  });
  const answer = readBrokerAnswer(run);
  return answer.kind === "issued" ? answer.credential : undefined;
}

/** Asks the configured broker; `undefined` when it issues nothing. */
async function ask(
  request: CredentialRequest,
  stage: CredentialStageRequest,
  ports: CredentialPorts,
): Promise<IssuedCredential | undefined> {
  const { broker, signer } = stage;
  switch (broker.kind) {
    case "off":
      return undefined;
    case "stub":
      return await stubCredential(request, ports.digester);
    case "env": {
      const key = envCredentialKey(request, broker.envPrefix);
      const value = ports.env.get(key);
      const hmacKey = await credentialHmacKey(signer, ports.digester);
      const { keyedOnly } = stage;
      return await envCredential(ports.digester, { key, value, hmacKey, keyedOnly });
    }
    case "command":
      return await askCommand(request, stage, ports);
  }
}

/** A broker that cannot be run issues nothing; why is not shown, the details may hold secrets. */
async function askSafely(
  request: CredentialRequest,
  stage: CredentialStageRequest,
  ports: CredentialPorts,
): Promise<IssuedCredential | undefined> {
  if (stage.broker.kind === "command") {
    // A command that may never run is a mistake in the setup, not a failed issue.
    checkBrokerCommand(stage.broker.command, { allowlist: ports.env.get(COMMAND_ALLOWLIST_ENV) });
  }
  try {
    return await ask(request, stage, ports);
  } catch (error) {
    // So is a permission that the runtime was not given.
    if (error instanceof GaitError && error.code === "permission_missing") throw error;
    return undefined;
  }
}

/**
 * Obtains the credential that the matched rule asks for.
 *
 * @throws GaitError `invalid_input` when the command broker is set up wrongly, `permission_missing` when the
 *   runtime does not let it run
 */
export async function applyCredential(
  draft: Draft,
  stage: CredentialStageRequest,
  ports: CredentialPorts,
): Promise<CredentialStage> {
  const { rule, broker } = stage;
  const none = { request: undefined, issued: undefined };
  if (rule === undefined || !rule.require_broker_credential || draft.verdict !== "allow") {
    return { draft, ...none };
  }
  const missing = ["broker_credential_missing"];
  if (broker.kind === "off") {
    const reasons = ["broker_credential_required"];
    return { draft: amend(draft, { verdict: "block", reasons, violations: missing }), ...none };
  }
  if (stage.simulate) {
    return { draft: amend(draft, { reasons: ["broker_credential_not_requested"] }), ...none };
  }
  const { intent, caller } = stage.intent;
  const request = credentialRequest({ tool_name: intent.tool_name, caller }, rule, broker);
  const issued = await askSafely(request, stage, ports);
  if (issued === undefined) {
    return {
      draft: amend(draft, { verdict: "block", reasons: missing, violations: missing }),
      ...none,
    };
  }
  return { draft: amend(draft, { reasons: ["broker_credential_present"] }), request, issued };
}
