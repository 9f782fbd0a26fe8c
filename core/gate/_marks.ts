/**
 * Which facts of a policy an intent brings, in which reading.
 *
 * A path has two readings, as spelled and as cleaned; so has an endpoint class, as declared and as inferred
 * (divergences G1, G2). All other facts read the same either way.
 *
 * @module
 */

import { lower } from "../base/text_rules.ts";
import type { NormalizedIntent, Target } from "../intent/intent.ts";
import { type FactTable, FEW_PREFIXES } from "./_fact_table.ts";
import { isBelowStart, isInDirectory, readPath } from "./_path_reading.ts";
import { type SegmentTrie, somePrefix } from "./_segment_trie.ts";

/** The fact holds in the first reading: as spelled, as declared. */
export const FIRST = 1;
/** The fact holds in the second reading: as cleaned, as inferred. */
export const SECOND = 2;
/** As {@linkcode FIRST}, and good enough for an allow rule. */
export const FIRST_SURE = 4;
/** As {@linkcode SECOND}, and good enough for an allow rule. */
export const SECOND_SURE = 8;
/** The fact holds either way. */
const BOTH = FIRST | SECOND | FIRST_SURE | SECOND_SURE;
/** Numbers of one intent lie in one block of this size. */
const BLOCK = 16;
/** Blocks until the marks must be wiped. */
const LAST_BLOCK = Math.floor(0x7fffffff / BLOCK) - 1;

/**
 * Scratch space that belongs to one compiled policy. It is wiped by counting: a mark below `base` belongs
 * to an earlier intent. INVARIANT: deciding is synchronous, so no two intents use it at the same time.
 */
export interface Marks {
  readonly marks: Int32Array;
  /** Numbers marked for this intent, each once. */
  readonly touched: Int32Array;
  count: number;
  base: number;
  /** Links of the intent's delegation chain. */
  depth: number;
}

/** Scratch space for a number of facts. */
export function newMarks(size: number): Marks {
  return {
    marks: new Int32Array(size),
    touched: new Int32Array(size),
    count: 0,
    base: 0,
    depth: 0,
  };
}

/** Begins a new intent. */
function wipe(space: Marks): void {
  if (space.base >= LAST_BLOCK * BLOCK) {
    space.marks.fill(0);
    space.base = 0;
  }
  space.base += BLOCK;
  space.count = 0;
}

/** Marks a fact. */
function put(space: Marks, number: number | undefined, bits: number): void {
  if (number === undefined) return;
  const { marks, base } = space;
  const mark = marks[number] ?? 0;
  if (mark < base) {
    marks[number] = base + bits;
    space.touched[space.count++] = number;
  } else marks[number] = mark | bits;
}

/** Marks several facts. */
function putAll(space: Marks, numbers: readonly number[] | undefined, bits: number): void {
  if (numbers === undefined) return;
  for (const number of numbers) put(space, number, bits);
}

/** Readings that a fact holds in: `sure` adds "good enough for an allow rule". */
function bitsOf(reading: number, sure: boolean): number {
  return sure ? reading | (reading << 2) : reading;
}

/** Marks the value of a `path` target. */
function markPath(space: Marks, table: FactTable, value: string): void {
  const { literal, cleaned, allowable } = readPath(value, table.rules);
  const { literalPaths, cleanedPaths } = table;
  if (literal === cleaned) {
    putAll(space, literalPaths.get(literal), bitsOf(FIRST | SECOND, allowable));
  } else {
    putAll(space, literalPaths.get(literal), bitsOf(FIRST, allowable));
    putAll(space, literalPaths.get(cleaned), bitsOf(SECOND, allowable));
  }
  if (cleanedPaths.size > 0) {
    putAll(space, cleanedPaths.get(cleaned), bitsOf(SECOND, allowable));
  }
}

/** Marks the literal prefixes that hold a directory. */
function markPrefixes(
  space: Marks,
  table: FactTable,
  { path, bits }: { readonly path: string; readonly bits: number },
): void {
  if (table.prefixes.length <= FEW_PREFIXES) {
    for (const { directory, number } of table.prefixes) {
      if (isInDirectory(path, directory)) put(space, number, bits);
    }
    return;
  }
  markTree(space, table.literalPrefixes, { path, bits });
}

/** Marks the prefixes of a tree that hold a directory. */
function markTree(
  space: Marks,
  tree: SegmentTrie<number[]>,
  { path, bits }: { readonly path: string; readonly bits: number },
): void {
  somePrefix(tree, path, {
    visit: (numbers) => {
      putAll(space, numbers, bits);
      return false;
    },
  });
}

/** Marks the prefixes of the workspace. */
function markWorkspace(space: Marks, table: FactTable, workspace: string): void {
  const { literal, cleaned, allowable } = readPath(workspace, table.rules);
  const second = bitsOf(SECOND, allowable);
  if (literal === cleaned) {
    markPrefixes(space, table, { path: literal, bits: bitsOf(FIRST | SECOND, allowable) });
  } else {
    markPrefixes(space, table, { path: literal, bits: bitsOf(FIRST, allowable) });
    markPrefixes(space, table, { path: cleaned, bits: second });
  }
  if (table.cleanedPrefixes.next !== undefined) {
    markTree(space, table.cleanedPrefixes, { path: cleaned, bits: second });
  }
  if (table.startPrefixes.length > 0 && isBelowStart(cleaned)) {
    putAll(space, table.startPrefixes, second);
  }
}

/** Marks the class of a target; an inferred `other` contradicts nothing. */
function markClass(space: Marks, table: FactTable, target: Target): void {
  const declared = target.endpoint_class;
  const inferred = target.inferredClass === "other" ? declared : target.inferredClass;
  const numbers = table.numbers.class;
  if (declared === inferred) put(space, numbers.get(declared), BOTH);
  else {
    put(space, numbers.get(declared), FIRST | FIRST_SURE);
    put(space, numbers.get(inferred), SECOND | SECOND_SURE);
  }
}

/** Marks what the targets bring. */
function markTargets(space: Marks, table: FactTable, targets: readonly Target[]): void {
  const { kind, value, operation, sensitivity } = table.numbers;
  const hasClass = table.numbers.class.size > 0;
  for (const target of targets) {
    if (kind.size > 0) put(space, kind.get(target.kind), BOTH);
    if (operation.size > 0) put(space, operation.get(target.operation), BOTH);
    if (sensitivity.size > 0) put(space, sensitivity.get(target.sensitivity), BOTH);
    if (hasClass) markClass(space, table, target);
    if (value.size === 0) continue;
    if (target.kind === "path") markPath(space, table, target.value);
    else put(space, value.get(target.value), BOTH);
  }
}

/** Marks what skill, provenance and delegation bring. */
function markOrigin(space: Marks, table: FactTable, intent: NormalizedIntent): void {
  const { provenance, publisher, skill_source } = table.numbers;
  if (provenance.size > 0) {
    for (const entry of intent.arg_provenance) put(space, provenance.get(entry.source), BOTH);
  }
  const skill = intent.skill_provenance;
  if (skill !== undefined) {
    if (publisher.size > 0) put(space, publisher.get(lower(skill.publisher)), BOTH);
    put(space, skill_source.get(skill.source), BOTH);
  }
  const chain = intent.delegation;
  space.depth = chain?.chain.length ?? 0;
  if (chain === undefined) return;
  const { delegation, delegator, delegate, scope } = table.numbers;
  put(space, delegation.get(""), BOTH);
  put(space, delegate.get(chain.requester_identity), BOTH);
  put(space, scope.get(chain.scope_class), BOTH);
  for (const link of chain.chain) {
    put(space, delegator.get(link.delegator_identity), BOTH);
    put(space, delegate.get(link.delegate_identity), BOTH);
    put(space, scope.get(link.scope_class), BOTH);
  }
}

/** Whether some fact does not hold in both readings alike. */
function isAmbiguous({ marks, touched, count, base }: Marks): boolean {
  for (let i = 0; i < count; i++) {
    if (marks[touched[i] ?? 0] !== base + BOTH) return true;
  }
  return false;
}

/**
 * Marks all facts of an intent.
 *
 * @param space Scratch space of the policy.
 * @param table Facts of the policy.
 * @param intent A normalised intent.
 * @returns Whether the readings differ, so that the decision must look at each.
 */
export function markIntent(
  space: Marks,
  table: FactTable,
  { intent }: { readonly intent: NormalizedIntent },
): boolean {
  wipe(space);
  const { tool, risk, identity, workspace } = table.numbers;
  if (tool.size > 0) put(space, tool.get(intent.tool_name), BOTH);
  if (risk.size > 0) put(space, risk.get(intent.context.risk_class), BOTH);
  if (identity.size > 0) put(space, identity.get(intent.context.identity), BOTH);
  if (workspace.size > 0) markWorkspace(space, table, intent.context.workspace);
  if (intent.targets.length > 0) markTargets(space, table, intent.targets);
  markOrigin(space, table, intent);
  return isAmbiguous(space);
}
