/** All ports in one record. A function takes the `Pick` it needs, so its signature is its authority. */

import type { Appends } from "./append.ts";
import type { Clock } from "./clock.ts";
import type { Digester } from "./digest.ts";
import type { Env } from "./env.ts";
import type { Files } from "./files.ts";
import type { HttpReader } from "./http_client.ts";
import type { Locks } from "./locks.ts";
import type { Processes } from "./process.ts";
import type { Random } from "./random.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Segments } from "./segments.ts";
import type { Services } from "./service.ts";
import type { Ed25519 } from "./sign.ts";
import type { Sockets } from "./sockets.ts";
import type { Terminal } from "./terminal.ts";

/** What a composition root hands to the use cases. */
export interface Ports {
  readonly appends: Appends;
  readonly clock: Clock;
  readonly digester: Digester;
  readonly ed25519: Ed25519;
  readonly env: Env;
  readonly files: Files;
  readonly locks: Locks;
  readonly processes: Processes;
  readonly random: Random;
  readonly sandbox: Sandbox;
  readonly sockets: Sockets;
  readonly terminal: Terminal;
  /** Write-ahead segments; absent where nothing writes them. */
  readonly segments?: Segments;
  /** Asking services; absent where there is no network (library, tests). */
  readonly httpReader?: HttpReader;
  /** Starting the decision service; absent where there is none (library, tests). */
  readonly services?: Services;
  /** Operating system, which decides path rules: `linux`, `darwin`, `windows`, … */
  readonly platform: string;
  /** Processor in Go naming (`amd64`, `arm64`, …), as records name it; unknown when absent. */
  readonly architecture?: string;
  /** Version of this build. */
  readonly version: string;
}
