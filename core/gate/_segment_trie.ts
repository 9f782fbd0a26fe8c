/**
 * Path prefixes as a tree of segments, so that a lookup reads the value once however many prefixes there
 * are. A prefix holds when the value equals it or continues with `/`.
 *
 * @module
 */

/** A node; the value is what was stored for the prefix that ends here. */
export interface SegmentTrie<T> {
  next: Map<string, SegmentTrie<T>> | undefined;
  value: T | undefined;
}

/** An empty tree. */
export function emptySegmentTrie<T>(): SegmentTrie<T> {
  return { next: undefined, value: undefined };
}

/**
 * The node of a prefix, made when it is not there yet.
 *
 * @param root Tree to change.
 * @param prefix Segments separated by `/`; "" is the root directory.
 */
export function segmentNode<T>(root: SegmentTrie<T>, prefix: string): SegmentTrie<T> {
  let node = root;
  let start = 0;
  while (start <= prefix.length) {
    const slash = prefix.indexOf("/", start);
    const end = slash < 0 ? prefix.length : slash;
    const segment = prefix.slice(start, end);
    start = end + 1;
    node.next ??= new Map();
    let child = node.next.get(segment);
    if (child === undefined) {
      child = emptySegmentTrie();
      node.next.set(segment, child);
    }
    node = child;
  }
  return node;
}

/**
 * Visits what is stored for every prefix of a value, shortest first.
 *
 * @param root The tree.
 * @param value Path to look up.
 * @param options `visit` returns true to stop.
 * @returns Whether `visit` stopped.
 */
export function somePrefix<T>(
  root: SegmentTrie<T>,
  value: string,
  options: { readonly visit: (stored: T) => boolean },
): boolean {
  let node: SegmentTrie<T> = root;
  let start = 0;
  while (start <= value.length) {
    const slash = value.indexOf("/", start);
    const end = slash < 0 ? value.length : slash;
    const child = node.next?.get(value.slice(start, end));
    if (child === undefined) return false;
    if (child.value !== undefined && options.visit(child.value)) return true;
    node = child;
    start = end + 1;
  }
  return false;
}
