/**
 * Makes sure that a server goes on accepting. When accepting fails once, because no file is free, Deno's
 * `node:net` never tries again, and says nothing. So a server that saw no connection for a while connects to
 * itself, and one that does not see that either listens anew; connections that are open stay.
 *
 * @module
 */

import type { Server, Socket } from "node:net";
import { builtinModule } from "./builtin_module.ts";

/** Time between two looks, ms. */
const LOOK_MS = 2_000;

/** How a server listens. */
export interface OwnAddress {
  /** Host without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Connections that may wait until they are accepted. */
  readonly backlog: number;
}

/** Watches one server. */
class AcceptWatch {
  readonly #server: Server;
  readonly #address: OwnAddress;
  #hasAccepted = true;
  #probe: Socket | undefined;
  /** Whether the probe is in the server's queue. */
  #isQueued = false;

  constructor(server: Server, address: OwnAddress) {
    this.#server = server;
    this.#address = address;
    server.on("connection", () => this.#saw());
    // What is not heard ends the program; the next look tries again.
    server.on("error", () => {});
  }

  look(): void {
    if (!this.#server.listening) return this.#listen();
    const isDeaf = !this.#hasAccepted && this.#isQueued;
    this.end();
    if (isDeaf) {
      // Not that of the HTTP server, which also ends what goes on.
      builtinModule("node:net").Server.prototype.close.call(this.#server);
      this.#listen();
    } else if (!this.#hasAccepted) {
      this.#connect();
    }
    this.#hasAccepted = false;
  }

  /** Something was accepted; the probe has done its work. */
  #saw(): void {
    this.#hasAccepted = true;
    this.end();
  }

  end(): void {
    this.#probe?.destroy();
    this.#probe = undefined;
    this.#isQueued = false;
  }

  #connect(): void {
    const { hostname: host, port } = this.#address;
    const probe = builtinModule("node:net").connect({ host, port });
    this.#probe = probe;
    probe.once("connect", () => void (this.#isQueued = this.#probe === probe));
    // Without a free file nothing is known.
    probe.on("error", () => {});
    // A server that has as many connections as it may takes one more and closes it, without telling.
    probe.once("close", () => {
      if (this.#probe === probe) this.#saw();
    });
  }

  #listen(): void {
    const { hostname: host, port, backlog } = this.#address;
    this.#hasAccepted = true;
    this.#server.listen({ host, port, backlog });
  }
}

/**
 * Watches a server that listens.
 *
 * @param options `lookMs`: time between two looks, ms; 2 s when absent.
 * @returns How to stop that.
 */
export function watchAccepting(
  server: Server,
  address: OwnAddress,
  options: { readonly lookMs?: number } = {},
): () => void {
  const { setInterval, clearInterval } = builtinModule("node:timers");
  const watch = new AcceptWatch(server, address);
  const looking = setInterval(() => watch.look(), options.lookMs ?? LOOK_MS).unref();
  return () => {
    clearInterval(looking);
    watch.end();
  };
}
