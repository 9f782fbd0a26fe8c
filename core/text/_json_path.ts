/**
 * The path of an offset in a JSON text. Only errors need it, so readers keep no book of it.
 *
 * @module
 */

/** Longest path put into a message. */
const MAX_SEGMENTS = 32;

/** An open array or object on the way to the offset. */
interface Level {
  readonly array: boolean;
  index: number;
  key: string | undefined;
}

/**
 * Works out the path of an offset, for example `args.items[2]`, by scanning the text before it, which
 * must be JSON or JSONC up to there.
 *
 * @param text The text.
 * @param offset UTF-16 offset.
 * @returns The path; empty at the root.
 */
export function pathInJson(text: string, offset: number): string {
  const levels: Level[] = [];
  let lastString: string | undefined;
  let pos = 0;
  while (pos < offset) {
    const char = text.charAt(pos);
    const level = levels.at(-1);
    if (char === '"') {
      const end = stringEnd(text, pos);
      if (end > offset) break;
      lastString = text.slice(pos + 1, end - 1);
      pos = end;
      continue;
    }
    if (char === "/") {
      pos = commentEnd(text, pos);
      continue;
    }
    if (char === "[" || char === "{") {
      levels.push({ array: char === "[", index: 0, key: undefined });
    } else if (char === "]" || char === "}") levels.pop();
    else if (char === ":" && level !== undefined) level.key = lastString;
    else if (char === "," && level !== undefined) {
      level.index++;
      level.key = undefined;
    }
    pos++;
  }
  return levels.slice(0, MAX_SEGMENTS).map(segment).join("").replace(/^\./, "");
}

function segment(level: Level): string {
  if (level.array) return `[${level.index}]`;
  return level.key === undefined ? "" : `.${level.key.slice(0, 64)}`;
}

function stringEnd(text: string, open: number): number {
  let pos = open + 1;
  while (pos < text.length && text.charAt(pos) !== '"') pos += text.charAt(pos) === "\\" ? 2 : 1;
  return pos + 1;
}

function commentEnd(text: string, slash: number): number {
  const line = text.charAt(slash + 1) === "/";
  const end = text.indexOf(line ? "\n" : "*/", slash + 2);
  return end < 0 ? text.length : end + (line ? 1 : 2);
}
