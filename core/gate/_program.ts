/**
 * The conditions of all rules in one array of numbers, so that a policy of many thousand rules costs few
 * objects: per condition its slot, how many values it has and their numbers; -1 ends a rule.
 *
 * @module
 */

import type { Rule } from "../policy/policy.ts";
import { factNumber, type FactTable } from "./_fact_table.ts";
import { DELEGATION_SLOT, LIST_SLOTS } from "./_match_slots.ts";

/** Depth of a rule that does not limit the chain. */
const UNLIMITED = 0x7fffffff;

/** Conditions of all rules. Rules are named by their place in the policy. */
export interface Program {
  readonly code: Int32Array;
  /** Where the conditions of a rule begin. */
  readonly start: Int32Array;
  /** Longest delegation chain of a rule. */
  readonly maxDepth: Int32Array;
}

/** An array that grows. */
interface Buffer {
  code: Int32Array;
  length: number;
}

/** Makes room for some more numbers. */
function reserve(buffer: Buffer, more: number): void {
  if (buffer.length + more <= buffer.code.length) return;
  const grown = new Int32Array(Math.max(buffer.code.length * 2, buffer.length + more));
  grown.set(buffer.code);
  buffer.code = grown;
}

/** Writes the conditions of one rule in the order in which they are tried. */
function writeRule(buffer: Buffer, { match }: Rule, table: FactTable): void {
  for (let slot = 0; slot < LIST_SLOTS.length; slot++) {
    const listed = LIST_SLOTS[slot];
    if (listed === undefined) continue;
    const values = match[listed.key];
    if (values.length === 0) continue;
    reserve(buffer, values.length + 2);
    buffer.code[buffer.length++] = slot;
    buffer.code[buffer.length++] = values.length;
    for (const value of values) {
      buffer.code[buffer.length++] = factNumber(table, listed.dimension, value);
    }
  }
  reserve(buffer, 4);
  if (match.require_delegation || match.max_delegation_depth !== undefined) {
    buffer.code[buffer.length++] = DELEGATION_SLOT;
    buffer.code[buffer.length++] = 1;
    buffer.code[buffer.length++] = factNumber(table, "delegation", "");
  }
  buffer.code[buffer.length++] = -1;
}

/**
 * Writes the conditions of all rules and numbers their values.
 *
 * @param rules Rules in evaluation order.
 * @param table Table to fill.
 */
export function writeProgram(rules: readonly Rule[], table: FactTable): Program {
  const buffer: Buffer = { code: new Int32Array(rules.length * 8), length: 0 };
  const start = new Int32Array(rules.length);
  const maxDepth = new Int32Array(rules.length);
  for (const [place, rule] of rules.entries()) {
    start[place] = buffer.length;
    maxDepth[place] = Math.min(rule.match.max_delegation_depth ?? UNLIMITED, UNLIMITED);
    writeRule(buffer, rule, table);
  }
  return { code: buffer.code.slice(0, buffer.length), start, maxDepth };
}

/** Slot of the condition at an index; -1 at the end of the rule. */
export function slotAt({ code }: Program, at: number): number {
  return code[at] ?? -1;
}

/** Index behind the condition at an index: of the next condition, or of the end of the rule. */
export function nextAt({ code }: Program, at: number): number {
  return at + 2 + (code[at + 1] ?? 0);
}

/** Mixes a number into a hash; stays in 30 bits. */
export function mix(hash: number, number: number): number {
  const mixed = Math.imul(hash ^ number, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & 0x3fffffff;
}

/** A hash of the conditions of a rule. */
export function hashMatch({ code, start, maxDepth }: Program, place: number): number {
  let hash = mix(1, maxDepth[place] ?? 0);
  for (let at = start[place] ?? 0; at < code.length; at++) {
    const number = code[at] ?? -1;
    // Counts make a -1 inside a rule impossible: values are numbered from 0.
    if (number < 0) break;
    hash = mix(hash, number);
  }
  return hash;
}

/** Whether two rules have the same conditions. */
export function isSameMatch({ code, start, maxDepth }: Program, a: number, b: number): boolean {
  if (maxDepth[a] !== maxDepth[b]) return false;
  let i = start[a] ?? 0;
  let j = start[b] ?? 0;
  while (code[i] === code[j]) {
    if ((code[i] ?? -1) < 0) return true;
    i++;
    j++;
  }
  return false;
}
