/**
 * The policy in force. A new one is read, checked and compiled aside and then swapped in one step; what
 * happens when it cannot be used is a choice, and blocking is the safe one: an emergency tightening with a
 * typing error must not leave the old policy in force unnoticed.
 *
 * @module
 */

import { GaitError, toGaitError } from "../../base/errors.ts";
import { readSha256 } from "../../digest/hex.ts";
import type { LoadedPolicy } from "../../enforce/loaded_policy.ts";

/** What to do when a reload fails. */
export type PolicyErrorMode = "block" | "keep";

/** One attempt to load the policy. */
export interface PolicyChange {
  readonly result: "loaded" | "unchanged" | "failed";
  readonly previous_digest: string;
  /** Digest in force afterwards; "" while everything is blocked. */
  readonly policy_digest: string;
  /** Digest of the policy that was read; "" when it could not be read. */
  readonly candidate_digest: string;
  /** Code of the failure, "" for none. */
  readonly error_code: string;
  /** Why; for the operator's log, not for clients. */
  readonly error: string;
  /** Code of the failure to record the failure, "" for none. */
  readonly evidence_error: string;
}

/** Leaves durable evidence of a change. @throws GaitError when it cannot */
export type RecordChange = (change: PolicyChange) => Promise<void>;

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
  if (pinned === "" || policy.digest === readSha256(pinned)) return;
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

  /**
   * Loads the policy again; attempts run one after the other.
   *
   * @param record Called before a policy comes into force, and after one was refused. A change that it
   * cannot record does not happen.
   */
  reload(record: RecordChange): Promise<PolicyChange> {
    const next = this.#loading.then(() => this.#reload(record));
    this.#loading = next;
    return next;
  }

  async #reload(record: RecordChange): Promise<PolicyChange> {
    const previous = this.#policy.digest;
    let candidate = "";
    try {
      const policy = await this.#source.load();
      candidate = policy.digest;
      checkPin(policy, this.#source.pinned);
      const change: PolicyChange = {
        result: candidate === previous && this.healthy ? "unchanged" : "loaded",
        previous_digest: previous,
        policy_digest: candidate,
        candidate_digest: candidate,
        error_code: "",
        error: "",
        evidence_error: "",
      };
      if (change.result === "loaded") await record(change);
      this.#policy = policy;
      this.#failure = undefined;
      return change;
    } catch (thrown) {
      return await this.#refuse(thrown, candidate, record);
    }
  }

  /** Notes a failure; it counts before its record is written, and whether or not that works. */
  async #refuse(
    thrown: unknown,
    candidate: string,
    record: RecordChange,
  ): Promise<PolicyChange> {
    const error = toGaitError(thrown);
    this.#failure = error;
    const change: PolicyChange = {
      result: "failed",
      previous_digest: this.#policy.digest,
      policy_digest: this.#source.onError === "keep" ? this.#policy.digest : "",
      candidate_digest: candidate,
      error_code: error.code,
      error: error.located,
      evidence_error: "",
    };
    try {
      await record(change);
      return change;
    } catch (failure) {
      return { ...change, evidence_error: toGaitError(failure).code };
    }
  }
}
