/**
 * Answers of an HTTP server on their way: sent together, counted until they are taken, and bounded for each
 * connection, because an answer that nobody takes is memory that somebody else holds.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { LIMITS } from "../core/base/limits.ts";
import { builtinModule } from "./builtin_module.ts";

/**
 * Sends the answers of a turn together, after the turn: whoever waits at the other end of loopback is woken
 * once, and a wake-up costs more than several answers.
 */
export class Outbox {
  readonly #setImmediate = builtinModule("node:timers").setImmediate;
  #answers: (() => void)[] = [];

  /** Sends an answer soon. */
  put(answer: () => void): void {
    this.#answers.push(answer);
    if (this.#answers.length === 1) this.#setImmediate(() => this.#empty());
  }

  #empty(): void {
    const answers = this.#answers;
    this.#answers = [];
    for (const answer of answers) answer();
  }
}

/** A connection with requests. */
interface Connection {
  readonly socket: Socket;
  /** Answers that were not taken yet, or not even given. */
  readonly open: Set<ServerResponse>;
  /** Whether the last look found answers to take, and none was taken since. */
  stuck: boolean;
}

/** Answers that are not yet handed to their peers. */
export class Answers {
  readonly #connections = new Map<Socket, Connection>();
  #open = 0;
  #closing: (() => void) | undefined;

  /** Answers that are awaited or not taken yet. */
  get open(): number {
    return this.#open;
  }

  /**
   * Counts an answer until it is handed over or its connection is gone.
   *
   * @returns Whether the request may be worked on. Otherwise its connection had too many and was closed.
   */
  track({ socket }: IncomingMessage, outgoing: ServerResponse): boolean {
    if (socket.destroyed) return false;
    const connection = this.#connections.get(socket) ?? this.#enter(socket);
    if (connection.open.size >= LIMITS.servicePipelined) {
      socket.destroy();
      return false;
    }
    connection.open.add(outgoing);
    this.#open++;
    if (this.#closing !== undefined) outgoing.shouldKeepAlive = false;
    outgoing.once("close", () => {
      // Answers that stand in line when their connection goes are never told; see `#enter`.
      if (!this.#connections.has(socket)) return;
      connection.open.delete(outgoing);
      connection.stuck = false;
      this.#left(1);
    });
    return true;
  }

  /** Closes connections whose peers took no answer since the last look; called now and then. */
  sweep(): void {
    for (const connection of this.#connections.values()) {
      const waits = connection.open.values().some(({ writableEnded }) => writableEnded);
      if (waits && connection.stuck) connection.socket.destroy();
      connection.stuck = waits;
    }
  }

  /** Resolves when none is left; answers from now on close their connections. */
  finished(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = resolve;
      if (this.#open === 0) resolve();
    });
  }

  #enter(socket: Socket): Connection {
    const connection = { socket, open: new Set<ServerResponse>(), stuck: false };
    this.#connections.set(socket, connection);
    socket.once("end", () => {
      // A peer may close its half behind its requests, but what it did not send will not come any more.
      if ([...connection.open].some(({ req }) => !req.complete)) socket.destroy();
    });
    socket.once("close", () => {
      this.#connections.delete(socket);
      this.#left(connection.open.size);
    });
    return connection;
  }

  #left(count: number): void {
    this.#open -= count;
    if (this.#open === 0) this.#closing?.();
  }
}
