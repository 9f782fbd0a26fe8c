/**
 * Every limit that bounds work on input from outside. One place, so that a reviewer can see them all;
 * `docs/limits.md` is generated from it.
 *
 * @module
 */

/** Limits in bytes, counts or milliseconds, as each name says. */
export const LIMITS = {
  /** Policy file, bytes. */
  policyBytes: 8 * 1024 * 1024,
  /** Intent file or request, bytes. */
  intentBytes: 4 * 1024 * 1024,
  /** Configuration file, bytes. */
  configBytes: 256 * 1024,
  /** Key file, bytes. */
  keyBytes: 4 * 1024,
  /** Trace, token or other single record read from disk, bytes. */
  recordBytes: 4 * 1024 * 1024,
  /** JSON or YAML text for which the caller names no limit of its own, bytes. */
  textBytes: 64 * 1024 * 1024,
  /** Nesting depth of a JSON or YAML document. */
  textDepth: 256,
  /** Nesting depth of a value to canonicalise; above `textDepth`, so whatever was read can be wrapped. */
  jcsDepth: 512,
  /** Nodes of one JSON or YAML document. */
  textNodes: 2_000_000,
  /** Nodes that aliases of one YAML document may expand to. */
  yamlAliasNodes: 10_000,
  /** Length of one YAML or JSON scalar, UTF-16 units. */
  scalarLength: 4 * 1024 * 1024,
  /** Rules of one policy. */
  policyRules: 100_000,
  /** Patterns in one endpoint list. */
  endpointPatterns: 100_000,
  /** Targets of one intent. */
  intentTargets: 10_000,
  /** Executable that an enforced command runs, bytes. */
  executableBytes: 1024 * 1024 * 1024,
  /** Intent fixtures of one run. */
  fixtures: 20_000,
  /** Depth of folders searched for fixtures. */
  fixtureDepth: 32,
  /** Findings reported by one validation before the list is cut. */
  findings: 100,
  /** Output of an external signer, bytes. */
  signerOutputBytes: 16 * 1024,
  /** Time for an external signer, ms. */
  signerTimeoutMs: 10_000,
  /** Counters of one rate limit state file. */
  rateLimitCounters: 100_000,
  /** Entries of one store of spent approvals. */
  approvalStoreEntries: 100_000,
  /** A state file of counters or spent approvals, bytes. */
  stateBytes: 32 * 1024 * 1024,
  /** Approval or delegation tokens presented with one call. */
  presentedTokens: 64,
  /** Output of a credential broker command, bytes (spec 02 §11). */
  brokerOutputBytes: 16_384,
  /** Time for a credential broker command, ms (spec 02 §11). */
  brokerTimeoutMs: 5_000,
  /** Wait for a lock by default, ms (spec 02 §8). */
  lockWaitMs: 3_000,
  /** Age after which a lock without a living owner is taken over, ms (spec 02 §8). */
  lockStaleMs: 15_000,
} as const;
