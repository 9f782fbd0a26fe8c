/**
 * Advice about the patterns of `endpoint` lists: a deny pattern that can name nothing denies nothing.
 *
 * @module
 */

import type { EndpointConstraint } from "./policy.ts";
import { shown } from "./finding.ts";

/** One piece of advice; the message continues `rule <name> …`. */
export interface PatternAdvice {
  readonly code: string;
  readonly message: string;
}

/** Why a domain pattern names no host; lists compare bare lower-case host names. */
function domainFault(pattern: string): string | undefined {
  const name = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
  if (name.includes("/")) return "holds a scheme, path or network range; write the bare host name";
  if (name.includes("@")) return "holds a user; write the bare host name";
  if (/^\[[^\]]*:/.test(name)) return "has brackets, which make a glob; write the bare address";
  if (/^[^:]*:[0-9*]*$/.test(name)) return "holds a port, which is not compared";
  // deno-lint-ignore no-control-regex -- the whole ASCII range
  if (/[^\u0000-\u007f]/.test(name)) return "is not ASCII; write the name as xn--…";
  if (/^\.|\.$|\.\./.test(name)) return "has a dot at its end or start; write name or *.name";
  return /\s/.test(name) ? "holds white space" : undefined;
}

/** Whether a glob has an unclosed class or a lone escape at its end, so that it matches nothing. */
function isMalformed(pattern: string): boolean {
  const plain = pattern.replace(/\\./gsu, "");
  return plain.endsWith("\\") || /\[[^\]]*$/.test(plain) || /\[\^?\]/.test(plain);
}

/** Why a path pattern names no path, or only one spelling. */
function pathFault(pattern: string): string | undefined {
  if (isMalformed(pattern)) return "is a malformed glob, which matches nothing";
  if (/^(~|\$[A-Za-z_{]|%[A-Za-z]+%)/.test(pattern)) {
    return "names a home or variable, which nobody expands; write the path out";
  }
  if (pattern.length > 1 && pattern.endsWith("/")) {
    return "ends with a slash and names no file below; end it with /**";
  }
  return undefined;
}

/** Patterns that match nothing that they seem to name. */
function deadPatterns(
  key: string,
  list: readonly string[],
  faultOf: (pattern: string) => string | undefined,
): PatternAdvice[] {
  for (const pattern of list) {
    const fault = faultOf(pattern);
    if (fault === undefined) continue;
    const message = `lists ${shown(pattern)} in endpoint.${key}, which ${fault}`;
    return [{ code: "pattern_never_matches", message }];
  }
  return [];
}

/** Patterns that reach further, or less far, than they look. */
export function adviseOnPatterns(endpoint: EndpointConstraint): PatternAdvice[] {
  const { domain_allowlist, domain_denylist, path_allowlist, path_denylist } = endpoint;
  const found: PatternAdvice[] = [];
  const wide = domain_allowlist.find((text) => /^\*[^.]|^\*$/.test(text));
  if (wide !== undefined) {
    const message = `allows the domain pattern ${shown(wide)}, whose * crosses dots; write *.name`;
    found.push({ code: "domain_pattern_too_wide", message });
  }
  const inner = [...path_allowlist, ...path_denylist]
    .find((text) => text.replace(/\/\*\*$/, "").includes("**"));
  if (inner !== undefined) {
    const message = `uses ** inside ${
      shown(inner)
    }, where it acts as *; only a final /** goes deep`;
    found.push({ code: "path_pattern_inner_stars", message });
  }
  return [
    ...found,
    ...deadPatterns("domain_allowlist", domain_allowlist, domainFault),
    ...deadPatterns("domain_denylist", domain_denylist, domainFault),
    ...deadPatterns("path_allowlist", path_allowlist, pathFault),
    ...deadPatterns("path_denylist", path_denylist, pathFault),
  ];
}
