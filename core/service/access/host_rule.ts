/**
 * Which `Host` and `Origin` a request may carry (divergence W3): without this rule any web page could post
 * decisions to a loopback service, and read them after rebinding its own name.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { lower, trim } from "../../base/text_rules.ts";
import type { HttpRequest } from "../../ports/http.ts";
import { targetAuthority } from "../request/request_path.ts";
import { isLoopback } from "../../base/listen_address.ts";

/** The rule of one service. */
export interface HostRule {
  /** Whether the service listens on loopback only. */
  readonly loopback: boolean;
  /** Hosts of `--allowed-host`, lower case; with a port they stand for that port only. */
  readonly allowed: ReadonlySet<string>;
}

/** A host and what stands behind it. */
interface HostParts {
  readonly host: string;
  readonly port: string;
}

/** Splits `host[:port]`; `undefined` when it is neither. */
function splitHost(text: string): HostParts | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/.exec(lower(text));
  if (match === null) return undefined;
  return { host: match[1] ?? match[2] ?? "", port: match[3] ?? "" };
}

/**
 * Makes the rule.
 *
 * @param allowed Values of `--allowed-host`.
 * @throws GaitError `usage` for a value that is no host
 */
export function hostRule(options: {
  readonly loopback: boolean;
  readonly allowed: readonly string[];
}): HostRule {
  const names = options.allowed.map((value) => {
    const parts = splitHost(trim(value));
    if (parts === undefined) {
      throw new GaitError("usage", `Cannot allow host ${JSON.stringify(value)}: not host[:port]`);
    }
    return parts.port === "" ? parts.host : `${parts.host}:${parts.port}`;
  });
  return { loopback: options.loopback, allowed: new Set(names) };
}

/** Whether requests for this host are ours. */
function isOurs(parts: HostParts, rule: HostRule): boolean {
  if (rule.loopback && isLoopback(parts.host)) return true;
  return rule.allowed.has(parts.host) || rule.allowed.has(`${parts.host}:${parts.port}`);
}

/** Whether an origin is one of our own hosts; `null` and other schemes are foreign. */
function isOwnOrigin(origin: string, rule: HostRule): boolean {
  const match = /^https?:\/\/([^/?#@\\]+)$/.exec(lower(origin));
  const parts = match?.[1] === undefined ? undefined : splitHost(match[1]);
  return parts !== undefined && isOurs(parts, rule);
}

/**
 * Checks whom a request is addressed to, and where it comes from. A target that names a host by itself stands
 * for the `Host` header, which then means nothing (RFC 9112 §3.2.2).
 *
 * @throws GaitError `host_not_allowed`, `origin_not_allowed`
 */
export function checkHost(
  { target, headers }: Pick<HttpRequest, "target" | "headers">,
  rule: HostRule,
): void {
  const named = targetAuthority(target);
  const host = splitHost(named ?? headers.get("host") ?? "");
  if (host === undefined || !isOurs(host, rule)) {
    const what = named === undefined ? "the Host header" : "the request target";
    throw new GaitError("host_not_allowed", `${what} names another host`);
  }
  const origin = headers.get("origin");
  if (origin !== null && !isOwnOrigin(origin, rule)) {
    throw new GaitError("origin_not_allowed", "the Origin header names a foreign origin");
  }
}
