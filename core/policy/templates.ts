/**
 * The policies that `policy init` writes (spec 02 §15.1, §16).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { nearest } from "../base/suggest.ts";
import { lower, trim } from "../base/text_rules.ts";
import { shown } from "./finding.ts";

/** Names of the templates, from the most to the least permissive baseline, then the special ones. */
export const templateNames = [
  "baseline-lowrisk",
  "baseline-mediumrisk",
  "baseline-highrisk",
  "coding-agent",
  "read-only",
] as const;

/** Name of a template. */
export type TemplateName = typeof templateNames[number];

/** Further spellings that are accepted (spec 02 §15.1). */
const ALIASES: ReadonlyMap<string, TemplateName> = new Map([
  ["baseline_low_risk", "baseline-lowrisk"],
  ["low", "baseline-lowrisk"],
  ["baseline_medium_risk", "baseline-mediumrisk"],
  ["medium", "baseline-mediumrisk"],
  ["baseline_high_risk", "baseline-highrisk"],
  ["high", "baseline-highrisk"],
  ["coding_agent", "coding-agent"],
  ["read_only", "read-only"],
]);

/** A policy template: YAML with comments for the people who adapt it. */
export interface PolicyTemplate {
  /** Canonical name. */
  readonly name: TemplateName;
  /** YAML text of the policy. */
  readonly text: string;
}

/**
 * Finds the template that a name or alias means; case and outer white space do not count.
 *
 * @param name What the user wrote.
 * @returns The canonical name, or `undefined` when there is no such template.
 */
export function resolveTemplate(name: string): TemplateName | undefined {
  const key = lower(trim(name));
  return templateNames.find((known) => known === key) ?? ALIASES.get(key);
}

/** Loads the text of one template only. */
async function textOf(name: TemplateName): Promise<string> {
  switch (name) {
    case "baseline-lowrisk":
      return (await import("./templates/baseline_lowrisk.ts")).TEXT;
    case "baseline-mediumrisk":
      return (await import("./templates/baseline_mediumrisk.ts")).TEXT;
    case "baseline-highrisk":
      return (await import("./templates/baseline_highrisk.ts")).TEXT;
    case "coding-agent":
      return (await import("./templates/coding_agent.ts")).TEXT;
    case "read-only":
      return (await import("./templates/read_only.ts")).TEXT;
  }
}

/**
 * Loads a template.
 *
 * @param name A name or alias of {@linkcode resolveTemplate}.
 * @throws {GaitError} `unsupported_value` when there is no such template.
 *
 * @example
 * ```ts
 * import { loadTemplate, parsePolicy, templateNames } from "@gait/gait";
 * import { assert, assertEquals } from "@std/assert";
 *
 * assert(templateNames.includes("coding-agent"));
 * const { name, text } = await loadTemplate("coding-agent");
 * const { policy } = await parsePolicy(text, { source: name });
 * assertEquals(policy.default_verdict, "require_approval");
 * ```
 */
export async function loadTemplate(name: string): Promise<PolicyTemplate> {
  const resolved = resolveTemplate(name);
  if (resolved !== undefined) return { name: resolved, text: await textOf(resolved) };
  const near = nearest(name, [...templateNames, ...ALIASES.keys()]);
  throw new GaitError("unsupported_value", `unknown template: ${shown(name)}`, {
    hint: near === undefined
      ? `use one of ${templateNames.join(", ")}`
      : `did you mean ${near}? The templates are ${templateNames.join(", ")}`,
  });
}
