/**
 * Shell globs as the reference's `*`, `?`, `[…]` and `\` work: `*` and `?` do not cross `/`, a malformed
 * glob matches nothing, `**` acts as `*` (spec 02 §6). Every part between two stars is placed at the first
 * place where it fits and is never moved again, so no input makes the matcher backtrack.
 *
 * @module
 */

/** One character position of a glob. */
type Token =
  | { readonly kind: "literal"; readonly char: string }
  | { readonly kind: "any" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly number[] };

/** What stands between two stars. */
interface Chunk {
  /** Whether a star stands before it. */
  readonly star: boolean;
  /** The text when all positions are literal, else `undefined`. */
  readonly text: string | undefined;
  readonly tokens: readonly Token[];
}

/** A compiled glob. */
export interface Glob {
  readonly chunks: readonly Chunk[];
  /** Literal texts that every match contains, in order; `*`, `?` and `[` end one. */
  readonly runs: readonly string[];
}

/** One parsed token and where the next one begins. */
interface Parsed<T> {
  readonly value: T;
  readonly next: number;
}

/** The code point that starts at an index, as text. */
function charAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** Reads one end of a class range; `undefined` when malformed. */
function parseBound(pattern: string, start: number): Parsed<number> | undefined {
  let at = start;
  const first = pattern[at];
  if (first === undefined || first === "-" || first === "]") return undefined;
  if (first === "\\") at++;
  const char = charAt(pattern, at);
  const next = at + char.length;
  // A class needs its closing bracket, so a bound is never the last character.
  if (char === "" || next >= pattern.length) return undefined;
  return { value: char.codePointAt(0) ?? 0, next };
}

/** Reads a class after its `[`; `undefined` when malformed. */
function parseClass(pattern: string, start: number): Parsed<Token> | undefined {
  const negated = pattern[start] === "^";
  let at = negated ? start + 1 : start;
  const ranges: number[] = [];
  while (ranges.length === 0 || pattern[at] !== "]") {
    const low = parseBound(pattern, at);
    if (low === undefined) return undefined;
    at = low.next;
    let high = low.value;
    if (pattern[at] === "-") {
      const bound = parseBound(pattern, at + 1);
      if (bound === undefined) return undefined;
      high = bound.value;
      at = bound.next;
    }
    ranges.push(low.value, high);
  }
  return { value: { kind: "class", negated, ranges }, next: at + 1 };
}

/** Reads one token that is not a star; `undefined` when malformed. */
function parseToken(pattern: string, at: number): Parsed<Token> | undefined {
  const char = pattern[at];
  if (char === "[") return parseClass(pattern, at + 1);
  if (char === "?") return { value: { kind: "any" }, next: at + 1 };
  const start = char === "\\" ? at + 1 : at;
  const literal = charAt(pattern, start);
  if (literal === "") return undefined;
  return { value: { kind: "literal", char: literal }, next: start + literal.length };
}

/** Closes a chunk. */
function makeChunk(star: boolean, tokens: readonly Token[]): Chunk {
  let text = "";
  for (const token of tokens) {
    if (token.kind !== "literal") return { star, text: undefined, tokens };
    text += token.char;
  }
  return { star, text, tokens };
}

/** Literal texts between metacharacters. */
function literalRuns(chunks: readonly Chunk[]): string[] {
  const runs: string[] = [];
  for (const chunk of chunks) {
    let run = "";
    for (const token of chunk.tokens) {
      if (token.kind === "literal") run += token.char;
      else if (run !== "") {
        runs.push(run);
        run = "";
      }
    }
    if (run !== "") runs.push(run);
  }
  return runs;
}

/**
 * Compiles a glob.
 *
 * @param pattern The pattern, `/` as separator.
 * @returns `undefined` when the pattern is malformed, so that it matches nothing.
 */
export function compileGlob(pattern: string): Glob | undefined {
  const chunks: Chunk[] = [];
  let star = false;
  let tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    if (pattern[at] === "*") {
      if (tokens.length > 0) chunks.push(makeChunk(star, tokens));
      star = true;
      tokens = [];
      at++;
      continue;
    }
    const token = parseToken(pattern, at);
    if (token === undefined) return undefined;
    tokens.push(token.value);
    at = token.next;
  }
  if (star || tokens.length > 0) chunks.push(makeChunk(star, tokens));
  return { chunks, runs: literalRuns(chunks) };
}

/** Whether a code point is one that a class names. */
function inRanges(ranges: readonly number[], code: number): boolean {
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const low = ranges[i];
    const high = ranges[i + 1];
    if (low !== undefined && high !== undefined && low <= code && code <= high) return true;
  }
  return false;
}

/** Where a chunk that begins at an index ends; -1 when it does not fit there. */
function chunkEnd(chunk: Chunk, text: string, start: number): number {
  if (chunk.text !== undefined) {
    return text.startsWith(chunk.text, start) ? start + chunk.text.length : -1;
  }
  let at = start;
  for (const token of chunk.tokens) {
    const code = text.codePointAt(at);
    if (code === undefined) return -1;
    const width = code > 0xffff ? 2 : 1;
    if (token.kind === "literal") {
      if (!text.startsWith(token.char, at)) return -1;
    } else if (token.kind === "any") {
      if (code === 0x2f) return -1;
    } else if (inRanges(token.ranges, code) === token.negated) return -1;
    at += width;
  }
  return at;
}

/** Where a chunk after a star ends at its first place; -1 when there is none. The star does not cross `/`. */
function seekChunk(chunk: Chunk, text: string, start: number): number {
  if (chunk.text !== undefined) {
    const found = text.indexOf(chunk.text, start);
    if (found < 0) return -1;
    const slash = text.indexOf("/", start);
    return slash >= 0 && slash < found ? -1 : found + chunk.text.length;
  }
  for (let at = start;; at++) {
    const end = chunkEnd(chunk, text, at);
    if (end >= 0) return end;
    if (at >= text.length || text.charCodeAt(at) === 0x2f) return -1;
  }
}

/** Whether the last chunk, after a star, can end exactly at the end of the text. */
function endsWithChunk(chunk: Chunk, text: string, start: number): boolean {
  if (chunk.tokens.length === 0) return text.indexOf("/", start) < 0;
  if (chunk.text !== undefined) {
    // A literal last chunk can only stand at the end.
    const begin = text.length - chunk.text.length;
    if (begin < start || !text.endsWith(chunk.text)) return false;
    const slash = text.indexOf("/", start);
    return slash < 0 || slash >= begin;
  }
  for (let at = start;; at++) {
    if (chunkEnd(chunk, text, at) === text.length) return true;
    if (at >= text.length || text.charCodeAt(at) === 0x2f) return false;
  }
}

/**
 * Whether a whole text matches a glob.
 *
 * @param glob A compiled glob.
 * @param text Any text.
 */
export function matchesGlob(glob: Glob, text: string): boolean {
  let at = 0;
  const last = glob.chunks.length - 1;
  for (let i = 0; i <= last; i++) {
    const chunk = glob.chunks[i];
    if (chunk === undefined) return false;
    if (chunk.star && i === last) return endsWithChunk(chunk, text, at);
    at = chunk.star ? seekChunk(chunk, text, at) : chunkEnd(chunk, text, at);
    if (at < 0) return false;
  }
  return at === text.length;
}
