/**
 * Carries comments from the syntax tree to the formatter's output (divergence C10).
 *
 * @module
 */

import type { MapEntry, MapNode, SeqItem, SeqNode, TextNode } from "../text/node.ts";
import {
  type Comments,
  NO_COMMENTS,
  type OutEntry,
  type OutItem,
  type OutNode,
  outText,
  yamlComments,
} from "./_layout.ts";
import { scalarText } from "./_scalar.ts";

/**
 * Carriers whose comments were written already. A YAML alias shares nodes, and their comments belong to
 * the first place only.
 */
export type Written = Set<MapEntry | SeqItem>;

/** Comments of an entry or item, once. */
export function commentsOf(carrier: MapEntry | SeqItem | undefined, written: Written): Comments {
  if (carrier === undefined || written.has(carrier)) return NO_COMMENTS;
  written.add(carrier);
  const leading = carrier.leadingComments.flatMap(yamlComments);
  if (carrier.trailingComment === undefined) return { leading };
  const [trailing, ...more] = yamlComments(carrier.trailingComment);
  return { leading: [...leading, ...more], trailing };
}

/** Every comment of a carrier and of all below it, for parts that the output does not have. */
function allComments(carrier: MapEntry | SeqItem, written: Written): string[] {
  const { leading, trailing } = commentsOf(carrier, written);
  const own = trailing === undefined ? leading : [...leading, trailing];
  const { value } = carrier;
  if (value.kind === "scalar") return [...own];
  const below = value.kind === "map" ? value.entries : value.items;
  return [...own, ...below.flatMap((child) => allComments(child, written))];
}

/** A key of the output and how its value is made from the value in the source. */
export type OutField = readonly [
  key: string,
  value: (source: TextNode | undefined, written: Written) => OutNode,
];

function entryOf(source: MapNode, key: string): MapEntry | undefined {
  return source.entries.find((entry) => entry.key.text === key);
}

/** Makes the entries of a mapping; comments of source keys that the output lacks go to its start. */
export function outEntries(
  source: TextNode | undefined,
  fields: readonly OutField[],
  written: Written,
): OutEntry[] {
  if (source?.kind !== "map") {
    return fields.map(([key, make]) => ({
      key,
      value: make(undefined, written),
      comments: NO_COMMENTS,
    }));
  }
  const keys = new Set(fields.map(([key]) => key));
  const stray = source.entries.filter((entry) => !keys.has(entry.key.text))
    .flatMap((entry) => allComments(entry, written));
  return fields.map(([key, make], index) => {
    const entry = entryOf(source, key);
    const comments = commentsOf(entry, written);
    const { value, stray: below } = withStray(make, entry, written);
    const leading = [...(index === 0 ? stray : []), ...comments.leading, ...below];
    return { key, value, comments: { ...comments, leading } };
  });
}

/** Makes a value, then picks up what it left behind, such as comments of dropped list items. */
function withStray(
  make: OutField[1],
  entry: MapEntry | undefined,
  written: Written,
): { readonly value: OutNode; readonly stray: readonly string[] } {
  const value = make(entry?.value, written);
  if (entry === undefined || entry.value.kind !== "seq") return { value, stray: [] };
  return { value, stray: entry.value.items.flatMap((item) => allComments(item, written)) };
}

const EMPTY_LIST: OutNode = { kind: "list", items: [] };

/** Makes a list of texts. Each item keeps the comments of the source items that mean the same text. */
export function outTexts(
  values: readonly string[],
  normalise: (text: string) => string,
): OutField[1] {
  return (source, written) => {
    if (values.length === 0) return EMPTY_LIST;
    const carriers = itemsByMeaning(source?.kind === "seq" ? source : undefined, normalise);
    const items = values.map((text): OutItem => {
      const found = (carriers.get(text) ?? []).map((item) => commentsOf(item, written));
      const [first = NO_COMMENTS, ...others] = found;
      const more = others.flatMap(({ leading, trailing }) =>
        trailing === undefined ? leading : [...leading, trailing]
      );
      return {
        value: outText(text),
        comments: { ...first, leading: [...first.leading, ...more] },
      };
    });
    return { kind: "list", items };
  };
}

/** Source items by the text that they mean. */
export function itemsByMeaning(
  source: SeqNode | undefined,
  normalise: (text: string) => string,
  textOf: (node: TextNode) => string | undefined = plainText,
): Map<string, SeqItem[]> {
  const found = new Map<string, SeqItem[]>();
  for (const item of source?.items ?? []) {
    const text = textOf(item.value);
    if (text === undefined) continue;
    const key = normalise(text);
    const list = found.get(key);
    if (list === undefined) found.set(key, [item]);
    else list.push(item);
  }
  return found;
}

function plainText(node: TextNode): string | undefined {
  return node.kind === "scalar" ? scalarText(node) : undefined;
}
