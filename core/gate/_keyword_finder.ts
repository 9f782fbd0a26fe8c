/**
 * Finds which of many keywords occur in a text, in one pass over the text (Aho and Corasick 1975). Used to
 * pick the few globs of a long list that can match at all.
 *
 * @module
 */

/** Compiled keywords. Node 0 is the root. */
export interface KeywordFinder {
  /** Open-addressed table of transitions: node and character of each slot, and the node reached. */
  readonly slotNode: Int32Array;
  readonly slotChar: Uint16Array;
  /** 0 marks a free slot, since no transition leads to the root. */
  readonly slotNext: Int32Array;
  readonly fail: Int32Array;
  /** Keyword that ends at a node, -1 when none. */
  readonly keywordAt: Int32Array;
  /** Next node on the chain of failures where a keyword ends, 0 when none. */
  readonly nextKeyword: Int32Array;
  /** Scratch: the search in which a keyword was last reported. Decides nothing by itself. */
  readonly seen: Int32Array;
  /** Scratch: number of the current search. */
  search: number;
}

/** A trie under construction. */
interface Trie {
  readonly finder: KeywordFinder;
  readonly parent: Int32Array;
  readonly char: Uint16Array;
  readonly depth: Int32Array;
  size: number;
}

/** First slot to try for a transition. */
function slotOf(finder: KeywordFinder, node: number, char: number): number {
  const hash = Math.imul(node + 1, 0x9e3779b1) ^ Math.imul(char + 1, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) & (finder.slotNext.length - 1);
}

/** Node that a transition reaches, 0 when there is none. */
function step(finder: KeywordFinder, node: number, char: number): number {
  const mask = finder.slotNext.length - 1;
  for (let slot = slotOf(finder, node, char);; slot = (slot + 1) & mask) {
    const next = finder.slotNext[slot] ?? 0;
    if (next === 0) return 0;
    if (finder.slotNode[slot] === node && finder.slotChar[slot] === char) return next;
  }
}

/** Adds a node below another one. */
function addNode(trie: Trie, node: number, char: number): number {
  const { finder } = trie;
  const mask = finder.slotNext.length - 1;
  let slot = slotOf(finder, node, char);
  while (finder.slotNext[slot] !== 0) slot = (slot + 1) & mask;
  const created = trie.size++;
  finder.slotNode[slot] = node;
  finder.slotChar[slot] = char;
  finder.slotNext[slot] = created;
  trie.parent[created] = node;
  trie.char[created] = char;
  trie.depth[created] = (trie.depth[node] ?? 0) + 1;
  return created;
}

/** Tables with room for a number of nodes. */
function emptyTrie(nodes: number, keywords: number): Trie {
  let slots = 16;
  while (slots < nodes * 2) slots *= 2;
  return {
    finder: {
      slotNode: new Int32Array(slots),
      slotChar: new Uint16Array(slots),
      slotNext: new Int32Array(slots),
      fail: new Int32Array(nodes),
      keywordAt: new Int32Array(nodes).fill(-1),
      nextKeyword: new Int32Array(nodes),
      seen: new Int32Array(keywords),
      search: 0,
    },
    parent: new Int32Array(nodes),
    char: new Uint16Array(nodes),
    depth: new Int32Array(nodes),
    size: 1,
  };
}

/** Nodes from the root downwards. */
function byDepth(trie: Trie): number[] {
  const nodes = Array.from({ length: trie.size }, (_, node) => node);
  return nodes.sort((a, b) => (trie.depth[a] ?? 0) - (trie.depth[b] ?? 0));
}

/** Fills the failure links, parents before children. */
function link(trie: Trie): void {
  const { finder } = trie;
  for (const node of byDepth(trie)) {
    if (node === 0) continue;
    const char = trie.char[node] ?? 0;
    const parent = trie.parent[node] ?? 0;
    let back = finder.fail[parent] ?? 0;
    while (back !== 0 && step(finder, back, char) === 0) back = finder.fail[back] ?? 0;
    const fail = parent === 0 ? 0 : step(finder, back, char);
    finder.fail[node] = fail;
    const ends = (finder.keywordAt[fail] ?? -1) >= 0;
    finder.nextKeyword[node] = ends ? fail : finder.nextKeyword[fail] ?? 0;
  }
}

/**
 * Compiles keywords.
 *
 * @param keywords Different, non-empty texts.
 */
export function buildKeywordFinder(keywords: readonly string[]): KeywordFinder {
  const units = keywords.reduce((sum, keyword) => sum + keyword.length, 0);
  const trie = emptyTrie(units + 1, keywords.length);
  for (const [index, keyword] of keywords.entries()) {
    let node = 0;
    for (let i = 0; i < keyword.length; i++) {
      const char = keyword.charCodeAt(i);
      const next = step(trie.finder, node, char);
      node = next === 0 ? addNode(trie, node, char) : next;
    }
    trie.finder.keywordAt[node] = index;
  }
  link(trie);
  return trie.finder;
}

/**
 * Whether some keyword that occurs in a text passes a test. Each keyword is tested at most once.
 *
 * @param finder Compiled keywords.
 * @param text Any text.
 * @param options `test` gets the index of a keyword.
 */
export function someKeyword(
  finder: KeywordFinder,
  text: string,
  options: { readonly test: (keyword: number) => boolean },
): boolean {
  const { fail, keywordAt, nextKeyword, seen } = finder;
  if (finder.search === 0x7fffffff) {
    seen.fill(0);
    finder.search = 0;
  }
  const search = ++finder.search;
  let node = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    let next = step(finder, node, char);
    while (next === 0 && node !== 0) {
      node = fail[node] ?? 0;
      next = step(finder, node, char);
    }
    node = next;
    for (let end = node; end !== 0; end = nextKeyword[end] ?? 0) {
      const keyword = keywordAt[end] ?? -1;
      if (keyword < 0 || seen[keyword] === search) continue;
      seen[keyword] = search;
      if (options.test(keyword)) return true;
    }
  }
  return false;
}
