/**
 * The service as a port: what a command tells it, as plain data that can cross to a worker, and what it gets
 * back. The composition root implements it, because a command must not import the service.
 *
 * @module
 */

/** Bounds of one class of files; 0 means no bound. */
export interface RetentionBounds {
  readonly maxAgeMs: number;
  readonly maxCount: number;
}

/** Bounds of an export log before it is rotated, and of its rotated pieces; 0 means no bound. */
export interface RotationBounds {
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly maxAgeMs: number;
}

/** Where a verification key comes from; "" for what is not given. */
export interface KeyLocation {
  readonly publicKey: string;
  readonly publicKeyEnv: string;
  readonly privateKey: string;
  readonly privateKeyEnv: string;
}

/** Everything that a service is told; "" means "not given" for every text. */
export interface ServiceConfig {
  /** `worker` handles requests under narrowed permissions, "" or `none` in this process. */
  readonly isolation: string;
  readonly listen: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly allowedHosts: readonly string[];
  /** A proxy in front speaks TLS, so that plain HTTP off loopback is meant. */
  readonly behindTlsProxy: boolean;
  readonly auth: {
    readonly mode: string;
    /** Variable with one bearer token. */
    readonly tokenEnv: string;
    /** File of token hashes. */
    readonly tokensFile: string;
    readonly unsafeUnauthenticated: boolean;
  };
  readonly policy: {
    readonly path: string;
    /** Digest that the policy must have. */
    readonly digest: string;
    /** `block` or `keep`; "" takes the profile's. */
    readonly onError: string;
    readonly watch: boolean;
  };
  readonly adapter: string;
  readonly profile: string;
  readonly fsCase: string;
  readonly traceDir: string;
  readonly runpackDir: string;
  readonly sessionDir: string;
  /** `group` shares one sync among the traces of a moment, `file` syncs each by itself; "" is `group`. */
  readonly traceSync: string;
  readonly clientPaths: "refused" | "confined" | "any";
  readonly maxRequestBytes: number;
  readonly httpVerdictStatus: string;
  readonly concurrency: number;
  readonly queue: number;
  readonly drainMs: number;
  readonly signing: KeyLocation & {
    readonly keyMode: string;
    readonly signerCommand: string;
    readonly signerArgs: readonly string[];
    readonly signerSocket: string;
  };
  readonly approvalKey: KeyLocation;
  readonly delegationKey: KeyLocation;
  readonly approverKeys: string;
  readonly approvalStore: string;
  readonly rateLimitState: string;
  readonly broker: {
    readonly kind: string;
    readonly envPrefix: string;
    readonly reference: string;
    readonly scopes: readonly string[];
    readonly command: string;
    readonly commandArgs: readonly string[];
  };
  readonly retention: {
    readonly trace: RetentionBounds;
    readonly runpack: RetentionBounds;
    readonly session: RetentionBounds;
    /** A session without an append for this long is not live, ms. */
    readonly sessionIdleMs: number;
    readonly exports: RotationBounds;
    /** Reports what would go, and removes nothing. */
    readonly dryRun: boolean;
  };
  readonly exports: {
    readonly log: string;
    readonly otel: string;
    /** OTLP/HTTP endpoint, e.g. `http://127.0.0.1:4318/v1/logs`. */
    readonly otlpEndpoint: string;
    /** Records that wait for the collector. */
    readonly otlpQueue: number;
    /** Further headers for it: `NAME=VARIABLE`. */
    readonly otlpHeaders: readonly string[];
    /** `gzip` compresses what it gets, `none` or "" does not. */
    readonly otlpCompression: string;
  };
  /** `off`, `stderr`, or a file. */
  readonly accessLog: string;
  /** Capture mode of runpacks: `reference` or `digest-only`; "" takes the default. */
  readonly captureMode: string;
  /** Whether runpacks and checkpoints are signed (divergence E5). */
  readonly signPacks: boolean;
}

/** Something worth saying about the setup. */
export interface ServiceWarning {
  readonly code: string;
  readonly message: string;
  readonly severity: "notice" | "warning" | "critical";
}

/** A service that listens. */
export interface RunningService {
  /** `host:port` with the real port. */
  readonly listen: string;
  readonly adapter: string;
  readonly profile: string;
  readonly policyDigest: string;
  readonly warnings: readonly ServiceWarning[];
  /**
   * Resolves when the service has ended in order, by a signal or {@linkcode RunningService.stop}; rejects when it
   * broke down.
   */
  readonly ended: Promise<void>;
  /** Takes no new requests, finishes those in hand, and ends. */
  stop(): Promise<void>;
}

/** Starting services. */
export interface Services {
  /**
   * Starts a service; resolves once it listens (divergence W1).
   *
   * @throws GaitError for every reason not to start
   */
  start(config: ServiceConfig): Promise<RunningService>;
}
