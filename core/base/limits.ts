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
  /** Body of a request to the service by default, bytes (spec 04 §1.3). */
  serviceBodyBytes: 1024 * 1024,
  /** Time for reading the body of a request, ms (spec 04 §5.3). */
  serviceBodyMs: 30_000,
  /** Requests that the service works on at the same time, by default. */
  serviceConcurrency: 64,
  /** Requests that wait for their turn, by default; further ones are answered 503. */
  serviceQueue: 256,
  /** Time for finishing requests at shutdown, ms. */
  serviceDrainMs: 10_000,
  /** Time within which the headers of a request must arrive, ms (spec 04 §5.3). */
  serviceHeaderMs: 5_000,
  /** Header lines of a request together, bytes. */
  serviceHeaderBytes: 8 * 1024,
  /** Time that an idle connection is kept, ms (spec 04 §5.3). */
  serviceIdleMs: 60_000,
  /** Connections that the service keeps open at most; further ones are closed. */
  serviceConnections: 1_024,
  /** Files that the service needs beside its connections; where fewer are free, both get half. */
  serviceOpenFiles: 512,
  /** Requests of one connection whose answers were not taken yet; with more it is closed. */
  servicePipelined: 64,
  /** Time that writing evidence may take before the service counts as not ready, ms. */
  evidenceSlowMs: 3_000,
  /** Time that requests wait for evidence to be written, ms; they are answered 503 then. */
  evidenceWaitMs: 10_000,
  /** Time for the first answer of the thread that writes evidence, ms. */
  evidenceStartMs: 10_000,
  /** Time between two looks at the trace directory, ms. */
  evidenceCheckMs: 1_000,
  /** File of token hashes, bytes. */
  authTokensBytes: 1024 * 1024,
  /** Entries of that file. */
  authTokens: 10_000,
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
  /** Name of an approver, UTF-16 units: comparing names costs the square of a run of combining marks. */
  approverNameUnits: 1024,
  /** Wait for the lock of the store of spent approvals, ms: a crowd may come with one token. */
  approvalLockWaitMs: 30_000,
  /** Age after which a lock without a living owner is taken over, ms (spec 02 §8). */
  lockStaleMs: 15_000,
  /** One line of a session journal, bytes (spec 03 §3.1). */
  journalLineBytes: 8 * 1024 * 1024,
  /** State index of a session, bytes. */
  sessionStateBytes: 64 * 1024,
  /** Chain file of a session, bytes. */
  chainBytes: 64 * 1024 * 1024,
  /** One member of a checkpoint's runpack, bytes: what readers accept (spec 01 §7.4). */
  checkpointMemberBytes: 100 * 1024 * 1024,
  /** One record of a telemetry or export log, bytes. */
  logRecordBytes: 1024 * 1024,
  /** Wait for the lock of a telemetry file, ms (divergence S9). */
  telemetryWaitMs: 250,
  /** Records that may wait for an OTLP collector, at most. */
  otlpQueueRecords: 100_000,
  /** Records of one request to an OTLP collector. */
  otlpBatchRecords: 512,
  /** Body of such a request, bytes: what common receivers and proxies in front of them take by default. */
  otlpRequestBytes: 1_000_000,
  /** Body of a request that is not made smaller because no answer came, bytes. */
  otlpSmallRequestBytes: 64 * 1024,
  /** Records that wait for a collector together: bytes for each one that may wait. */
  otlpQueuedRecordBytes: 8 * 1024,
  /** One text in such a record, UTF-16 units. */
  otlpTextUnits: 4 * 1024,
  /** Texts of one list in such a record. */
  otlpListTexts: 128,
  /** One text of such a list, UTF-16 units. */
  otlpListTextUnits: 256,
  /** Further headers for a collector. */
  otlpHeaders: 32,
  /** Value of one of them, UTF-16 units. */
  otlpHeaderUnits: 4 * 1024,
  /** Answer of a collector, bytes; nothing behind them is read. */
  otlpAnswerBytes: 64 * 1024,
  /** Time for one exchange with a collector, ms. */
  otlpExchangeMs: 10_000,
  /** Longest wait that a collector may ask for (`Retry-After`), ms. */
  otlpRetryAfterMs: 300_000,
  /** Time for telling a collector what waits at shutdown, ms. */
  otlpFlushMs: 5_000,
  /** Settings that a running service tells to doctor, bytes. */
  doctorAnswerBytes: 256 * 1024,
  /** Time for asking it, ms. */
  doctorAskMs: 5_000,
  /** One line of an adoption log, bytes (spec 05 §1.5). */
  adoptionLineBytes: 1024 * 1024,
  /** Events of one adoption log. */
  adoptionEvents: 1_000_000,
  /** Content of one member of a runpack, bytes; the reference refuses more (spec 01 §7.4). */
  runpackMemberBytes: 100 * 1024 * 1024,
  /** A run handed in as one JSON document, bytes; longer runs come as JSONL. */
  recordInputBytes: 256 * 1024 * 1024,
  /** Archive file (runpack, evidence pack), bytes. */
  archiveBytes: 512 * 1024 * 1024,
  /** Entries of one archive. */
  archiveEntries: 10_000,
  /** Name of an archive member, bytes. */
  archiveNameBytes: 1024,
  /** Uncompressed member of an archive, bytes (spec 01 §7.4). */
  archiveMemberBytes: 100 * 1024 * 1024,
  /** All members of an archive, uncompressed, bytes. */
  archiveTotalBytes: 1024 * 1024 * 1024,
  /** Uncompressed over compressed size of a member; deflate itself cannot exceed 1032. */
  archiveRatio: 1040,
  /** One line of a JSONL file, bytes (spec 01 §4). */
  jsonlLineBytes: 10 * 1024 * 1024,
  /** Keys in one trust directory. */
  trustedKeys: 256,
  /** Signatures of one manifest that are checked. */
  manifestSignatures: 64,
} as const;
