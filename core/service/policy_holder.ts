/**
 * The policy in force. A new one is read, checked and compiled aside and then swapped in one step; what
 * happens when it cannot be used is a choice, and blocking is the safe one: an emergency tightening with a
 * typing error must not leave the old policy in force unnoticed.
 *
 * @module
 */

import { GaitError, toGaitError } from "../base/errors.ts";
import { lower, trim } from "../base/text_rules.ts";
import type { LoadedPolicy } from "../enforce/loaded_policy.ts";

/** What to do when a reload fails. */
export type PolicyErrorMode = "block" | "keep";

/** One attempt to load the policy. */
export interface PolicyChange {
  readonly result: "loaded" | "unchanged" | "failed";
  readonly previous_digest: string;
  /** Digest in force afterwards; "" while everything is blocked. */
  readonly policy_digest: string;
  /** Code of the failure, "" for none. */
  readonly error_code: string;
  /** Why; for the operator's log, not for clients. */
  readonly error: string;
}

/** How policies are loaded. */
export interface PolicySource {
  /** Reads, checks and compiles. @throws GaitError */
  load(): Promise<LoadedPolicy>;
  readonly onError: PolicyErrorMode;
  /** Digest that the policy must have; "" for any. */
  readonly pinned: string;
}

/** Checks the pin. @throws GaitError `digest_mismatch` */
function checkPin(policy: LoadedPolicy, pinned: string): void {
  if (pinned === "" || policy.digest === lower(trim(pinned).replace(/^sha256:/, ""))) return;
  throw new GaitError("digest_mismatch", "the policy does not have the digest of --policy-digest", {
    details: { policy_digest: policy.digest },
  });
}

/** Holds the policy of a service. */
export class PolicyHolder {
  readonly #source: PolicySource;
  #policy: LoadedPolicy;
  #failure: GaitError | undefined;
  #loading: Promise<unknown> = Promise.resolve();

  private constructor(source: PolicySource, policy: LoadedPolicy) {
    this.#source = source;
    this.#policy = policy;
  }

  /** Loads the first policy. @throws GaitError for every reason not to start */
  static async open(source: PolicySource): Promise<PolicyHolder> {
    const policy = await source.load();
    checkPin(policy, source.pinned);
    return new PolicyHolder(source, policy);
  }

  /** The policy in force. @throws GaitError `policy_unavailable` */
  current(): LoadedPolicy {
    if (this.#failure !== undefined && this.#source.onError === "block") {
      throw new GaitError("policy_unavailable", "the policy cannot be used", {
        cause: this.#failure,
      });
    }
    return this.#policy;
  }

  /** Whether the policy on disk is the one in force, as far as known. */
  get healthy(): boolean {
    return this.#failure === undefined;
  }

  /** Digest of the last policy that could be used. */
  get digest(): string {
    return this.#policy.digest;
  }

  /** Loads the policy again; attempts run one after the other. */
  reload(): Promise<PolicyChange> {
    const next = this.#loading.then(() => this.#reload());
    this.#loading = next;
    return next;
  }

  async #reload(): Promise<PolicyChange> {
    const previous = this.#policy.digest;
    try {
      const policy = await this.#source.load();
      checkPin(policy, this.#source.pinned);
      const wasHealthy = this.healthy;
      this.#policy = policy;
      this.#failure = undefined;
      const result = policy.digest === previous && wasHealthy ? "unchanged" : "loaded";
      return {
        result,
        previous_digest: previous,
        policy_digest: policy.digest,
        error_code: "",
        error: "",
      };
    } catch (thrown) {
      const error = toGaitError(thrown);
      this.#failure = error;
      return {
        result: "failed",
        previous_digest: previous,
        policy_digest: this.#source.onError === "keep" ? previous : "",
        error_code: error.code,
        error: error.located,
      };
    }
  }
}
