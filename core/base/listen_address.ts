/**
 * Addresses to listen at and to call, and whether they stand for this machine alone (spec 04 §5.1, divergence
 * W8).
 *
 * @module
 */

import { GaitError } from "./errors.ts";
import { lower, trim } from "./text_rules.ts";

/** A place to listen at. */
export interface ListenAddress {
  /** Host without brackets; "" means every address. */
  readonly hostname: string;
  /** Port; 0 lets the system choose. */
  readonly port: number;
}

/** A listen error. */
function invalid(state: string): GaitError {
  return new GaitError("usage", `Cannot listen: ${state}`, {
    hint: "pass --listen host:port, for example 127.0.0.1:8787 or [::1]:8787",
  });
}

/**
 * Reads `host:port`; an IPv6 address stands in brackets.
 *
 * @throws GaitError `usage`
 */
export function parseListen(text: string): ListenAddress {
  const plain = trim(text);
  if (plain === "") throw invalid("the listen address is required");
  const match = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^[\]:]*)):(\d{1,5})$/.exec(plain);
  if (match === null) throw invalid("the listen address is not host:port");
  const port = Number(match[3]);
  if (port > 65535) throw invalid("the port is above 65535");
  return { hostname: match[1] ?? match[2] ?? "", port };
}

/** Whether a text is an IPv4 address of the loopback network 127.0.0.0/8. */
function isLoopbackV4(host: string): boolean {
  const match = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  return match !== null && match.slice(1).every((part) => Number(part) <= 255);
}

/** Whether a text is a spelling of `::1`. */
function isLoopbackV6(host: string): boolean {
  if (!/^[0-9a-f:]+$/.test(host)) return false;
  return host === "::1" || /^(0{1,4}:){7}0{0,3}1$/.test(host);
}

/**
 * Whether a host stands for this machine only: `localhost`, 127.0.0.0/8 or `::1`.
 *
 * @param host Host without port and brackets.
 */
export function isLoopback(host: string): boolean {
  const plain = lower(host);
  return plain === "localhost" || isLoopbackV4(plain) || isLoopbackV6(plain);
}

/** Host and port of a URL, as permissions name them: without a port one would cover all of them. */
export function urlAddress({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
