/**
 * The dataflow block of a rule: tainted arguments that reach a destination (spec 02 §4.6 and §6 step 6).
 *
 * @module
 */

import type { PathRules } from "../intent/paths/path_forms.ts";
import type { NormalizedIntent, Target } from "../intent/intent.ts";
import type { DataflowConstraint } from "../policy/policy.ts";
import { cleanedPattern, literalPattern, readPath } from "./_path_reading.ts";

/** Kinds that count as destinations when the block names none. */
const DESTINATIONS: ReadonlySet<string> = new Set(["host", "url", "bucket", "queue", "topic"]);

/** A compiled dataflow block. */
export interface Dataflow {
  readonly constraint: DataflowConstraint;
  readonly rules: PathRules;
  readonly sources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  /** The values as literal and as cleaned paths. */
  readonly paths: ReadonlySet<string>;
}

/** Compiles a dataflow block; `undefined` when it is off. */
export function compileDataflow(
  constraint: DataflowConstraint,
  rules: PathRules,
): Dataflow | undefined {
  if (!constraint.enabled) return undefined;
  const literal = constraint.destination_values.map((text) => literalPattern(text, rules));
  return {
    constraint,
    rules,
    sources: new Set(constraint.tainted_sources),
    kinds: new Set(constraint.destination_kinds),
    operations: new Set(constraint.destination_operations),
    values: new Set(constraint.destination_values),
    paths: new Set([...literal, ...literal.map((text) => cleanedPattern(text, rules))]),
  };
}

/** Whether a value is a listed one; either form of a path is enough (divergence G1). */
function isListedValue(dataflow: Dataflow, target: Target): boolean {
  if (dataflow.values.has(target.value)) return true;
  if (target.kind !== "path") return false;
  const forms = readPath(target.value, dataflow.rules);
  return dataflow.paths.has(forms.literal) || dataflow.paths.has(forms.cleaned);
}

/** Whether one target satisfies every destination list. */
function isDestination(dataflow: Dataflow, target: Target): boolean {
  const { kinds, operations, values } = dataflow;
  if (kinds.size + operations.size + values.size === 0) return DESTINATIONS.has(target.kind);
  return (kinds.size === 0 || kinds.has(target.kind)) &&
    (operations.size === 0 || operations.has(target.operation)) &&
    (values.size === 0 || isListedValue(dataflow, target));
}

/**
 * The first destination that a tainted argument reaches.
 *
 * @param dataflow A compiled block.
 * @param intent A normalised intent.
 * @returns `undefined` when nothing is tainted or nothing is a destination.
 */
export function taintedDestination(
  dataflow: Dataflow,
  intent: NormalizedIntent,
): Target | undefined {
  const tainted = intent.arg_provenance.some((entry) => dataflow.sources.has(entry.source));
  return tainted ? intent.targets.find((target) => isDestination(dataflow, target)) : undefined;
}
