/**
 * Policies of any size and intents for them, for the benches of the gate.
 *
 * @module
 */

import type { NormalizedIntent, Target } from "../core/intent/intent.ts";
import type { Policy, Rule, Verdict } from "../core/policy/policy.ts";
import { intent, policy, rule, type RuleInput, target } from "../tests/support/gate_factories.ts";

/** A policy and intents that are spread over its rules; the last one matches none. */
export interface GateSet {
  readonly policy: Policy;
  readonly intents: readonly NormalizedIntent[];
}

/** Builds a set with a number of rules. */
export type MakeSet = (size: number) => GateSet;

/** Intents of one set; the same number at every size. */
const INTENTS = 10;

/** Name that sorts as its number does. */
function nameOf(n: number): string {
  return `r${String(n).padStart(6, "0")}`;
}

/** Rules by number. */
function rulesOf(size: number, make: (n: number) => RuleInput): Rule[] {
  return Array.from({ length: size }, (_, n) => rule({ name: nameOf(n), ...make(n) }));
}

/** A set: `make` gives rule `n`, `ask` an intent for it. */
function setOf(
  size: number,
  { make, ask }: {
    readonly make: (n: number) => RuleInput;
    readonly ask: (n: number) => NormalizedIntent;
  },
): GateSet {
  const step = Math.max(1, Math.floor(size / (INTENTS - 1)));
  const asked = Array.from({ length: INTENTS - 1 }, (_, i) => ask(Math.min(size - 1, i * step)));
  return {
    policy: policy({ default_verdict: "block", rules: rulesOf(size, make) }),
    intents: [
      ...asked,
      intent({ tool_name: "unknown", context: { workspace: "/nowhere/at/all" } }),
    ],
  };
}

/** One path target. */
function file(value: string): Target {
  return target({ kind: "path", value, operation: "write" });
}

const EFFECTS: readonly Verdict[] = ["allow", "require_approval", "block"];

/** Effect of rule `n`. */
function effectOf(n: number): Verdict {
  return EFFECTS[n % EFFECTS.length] ?? "block";
}

/** Every rule has its own tool. */
export function toolSet(size: number): GateSet {
  return setOf(size, {
    make: (n) => ({ effect: effectOf(n), match: { tool_names: [`tool.action_${n}`] } }),
    ask: (n) => intent({ tool_name: `tool.action_${n}`, targets: [file("/srv/app/data.txt")] }),
  });
}

/** Rules of an organisation: each tool has some rules, which differ in risk, identity and workspace. */
export function typicalSet(size: number): GateSet {
  const tool = (n: number) => `svc.tool_${Math.floor(n / 4)}`;
  const make = (n: number): RuleInput => {
    const base = { effect: effectOf(n), match: { tool_names: [tool(n)] } };
    if (n % 4 === 0) {
      const match = { ...base.match, risk_classes: ["critical", "high"] };
      return { ...base, effect: "require_approval", match };
    }
    if (n % 4 === 1) return { ...base, match: { ...base.match, identities: [`team-${n % 50}`] } };
    if (n % 4 === 2) {
      const match = { ...base.match, workspace_prefixes: ["/srv/ws"], target_kinds: ["path"] };
      const endpoint = { path_allowlist: ["/srv/ws/**"], path_denylist: ["/srv/ws/secret/**"] };
      return { ...base, effect: "allow", match, endpoint };
    }
    return { ...base, effect: "block" };
  };
  return setOf(size, {
    make,
    ask: (n) =>
      intent({
        tool_name: tool(n),
        targets: [file("/srv/ws/src/main.ts")],
        context: { workspace: "/srv/ws/project", identity: "team-7" },
      }),
  });
}

/** Rules that differ only in `target_values`. */
export function targetValueSet(size: number): GateSet {
  return setOf(size, {
    make: (n) => ({
      effect: effectOf(n),
      match: { tool_names: ["fs.write"], target_values: [`/srv/data/item-${n}.json`] },
    }),
    ask: (n) => intent({ tool_name: "fs.write", targets: [file(`/srv/data/item-${n}.json`)] }),
  });
}

/** Rules that differ only in `workspace_prefixes`. */
export function workspaceSet(size: number): GateSet {
  const workspace = (n: number) => `/home/org/team-${n % 97}/repo-${n}`;
  return setOf(size, {
    make: (n) => ({
      effect: effectOf(n),
      match: { tool_names: ["fs.write"], workspace_prefixes: [workspace(n)] },
    }),
    ask: (n) =>
      intent({
        tool_name: "fs.write",
        targets: [file("/srv/data/x.json")],
        context: { workspace: `${workspace(n)}/packages/core` },
      }),
  });
}

/** Digit of a number in base ten. */
function digit(n: number, place: number): number {
  return Math.floor(n / 10 ** place) % 10;
}

/** Rules that differ only in the combination of four dimensions of ten values each. */
export function combinationSet(size: number): GateSet {
  // The factor is prime to the number of combinations: the order of the rules says nothing about them.
  const key = (n: number) => n * 7919 % 10_000;
  const parts = (n: number) => ({
    tool: `tool_${digit(key(n), 0)}`,
    identity: `user-${digit(key(n), 1)}`,
    risk: `risk-${digit(key(n), 2)}`,
    data: `class-${digit(key(n), 3)}`,
  });
  return setOf(size, {
    make: (n) => {
      const { tool, identity, risk, data } = parts(n);
      return {
        effect: effectOf(n),
        match: {
          tool_names: [tool],
          identities: [identity],
          risk_classes: [risk],
          data_classes: [data],
        },
      };
    },
    ask: (n) => {
      const { tool, identity, risk, data } = parts(n);
      return intent({
        tool_name: tool,
        targets: [{ ...file("/srv/data/x.json"), sensitivity: data }],
        context: { identity, risk_class: risk },
      });
    },
  });
}

/** One rule whose deny list has a number of patterns; `pattern` gives each. */
function patternSet(size: number, pattern: (n: number) => string): GateSet {
  const patterns = Array.from({ length: size }, (_, n) => pattern(n));
  const values = Array.from({ length: INTENTS }, (_, n) => `/srv/projects/app-${n}/src/module.ts`);
  return {
    policy: policy({
      default_verdict: "block",
      rules: [rule({ name: "paths", endpoint: { path_denylist: patterns } })],
    }),
    intents: values.map((value) => intent({ targets: [file(value)] })),
  };
}

/** Patterns that begin with a literal text. */
export function prefixPatternSet(size: number): GateSet {
  return patternSet(size, (n) => `/data/secret-${n}/*.pem`);
}

/** Patterns that end with a literal text. */
export function suffixPatternSet(size: number): GateSet {
  return patternSet(size, (n) => `/srv/projects/*/src/*.key${n}`);
}

/** Patterns with a literal text of three characters in the middle. */
export function infixPatternSet(size: number): GateSet {
  const letters = "bcdfghjklnpqrstvwxyz0123456789";
  const pick = (n: number, place: number) => letters[Math.floor(n / 30 ** place) % 30] ?? "q";
  return patternSet(size, (n) => `/srv/*/*/*${pick(n, 0)}${pick(n, 1)}${pick(n, 2)}*`);
}

/** Patterns for whole directories. */
export function directoryPatternSet(size: number): GateSet {
  return patternSet(size, (n) => `/srv/projects/closed-${n}/**`);
}
