/**
 * Keys of mappings: which are accepted, duplicates, and merge keys.
 *
 * @module
 */

import type { MapEntry, ScalarNode } from "../node.ts";
import { unsupported, yamlError, type YamlState } from "./_state.ts";

/** A mapping while it is being read. */
export interface MapDraft {
  readonly entries: MapEntry[];
  readonly seen: Set<string>;
}

/** A mapping without entries. */
export function newMap(): MapDraft {
  return { entries: [], seen: new Set() };
}

/** Whether a key is the merge key of YAML 1.1, which js-yaml and the reference honour. */
function isMerge(key: ScalarNode): boolean {
  return key.style === "plain" && key.text === "<<";
}

/**
 * Checks a key right after it was read.
 *
 * @throws {GaitError} `yaml_unsupported` for a key that is no text.
 * @throws {GaitError} `yaml_duplicate_key` for a key that the mapping already has.
 */
export function checkKey(
  state: YamlState,
  options: { draft: MapDraft; key: ScalarNode; at: number },
): void {
  const { draft, key, at } = options;
  if (key.type !== "string") {
    const problem = `the key ${key.text} is not text`;
    throw unsupported(state, { problem, at, hint: "quote the key" });
  }
  if (isMerge(key)) return;
  claim(state, { draft, name: key.text, at });
}

function claim(state: YamlState, options: { draft: MapDraft; name: string; at: number }): void {
  const { draft, name, at } = options;
  if (draft.seen.has(name)) {
    const problem = `duplicate key ${JSON.stringify(name.slice(0, 64))}`;
    throw yamlError(state, "yaml_duplicate_key", { problem, at });
  }
  draft.seen.add(name);
}

/**
 * Adds an entry. `<<: *name` adds the entries of that mapping instead; one that the mapping has
 * already, or gets later, is a duplicate: nothing is overridden silently (spec 02 §4.1).
 */
export function addEntry(
  state: YamlState,
  options: { draft: MapDraft; entry: MapEntry; at: number },
): void {
  const { draft, entry, at } = options;
  if (!isMerge(entry.key)) {
    draft.entries.push(entry);
    return;
  }
  if (entry.value.kind !== "map") {
    throw unsupported(state, {
      problem: "the merge key << takes one mapping",
      at,
      hint: "write << once per mapping, or quote the key",
    });
  }
  entry.value.entries.forEach((merged, index) => {
    claim(state, { draft, name: merged.key.text, at });
    draft.entries.push(index > 0 ? merged : { ...merged, ...commentsOf(entry) });
  });
}

function commentsOf(entry: MapEntry): Pick<MapEntry, "leadingComments" | "trailingComment"> {
  const { leadingComments, trailingComment } = entry;
  return { leadingComments, ...(trailingComment === undefined ? {} : { trailingComment }) };
}
