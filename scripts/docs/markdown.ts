/** Pieces of Markdown, laid out as the formatter would. */

/** A table whose columns are padded to one width. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => width(row[at] ?? ""))));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((size, at) => pad(row[at] ?? "", size)).join(" | ")} |`;
  const [first = [], ...rest] = cells;
  const rule = `| ${widths.map((size) => "-".repeat(size)).join(" | ")} |`;
  return [line(first), rule, ...rest.map(line)].join("\n");
}

/** Code points of a text: what a table column counts. */
function width(text: string): number {
  return [...text].length;
}

function pad(text: string, size: number): string {
  return text + " ".repeat(size - width(text));
}

/** Text in code style. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** One fenced block of a document. */
export interface FencedBlock {
  /** What stands behind the fence, e.g. `yaml file=policy.yaml`. */
  readonly info: string;
  /** Lines between the fences. */
  readonly lines: readonly string[];
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
}

/** All fenced blocks of a document, in order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: { info: string; fence: string; line: number; lines: string[] } | undefined;
  for (const [at, text] of markdown.split("\n").entries()) {
    const fence = /^(`{3,})(.*)$/.exec(text);
    if (open === undefined) {
      if (fence !== null) {
        open = { info: (fence[2] ?? "").trim(), fence: fence[1] ?? "", line: at + 1, lines: [] };
      }
    } else if (text.trimEnd() === open.fence) {
      blocks.push({ info: open.info, lines: open.lines, line: open.line });
      open = undefined;
    } else open.lines.push(text);
  }
  return blocks;
}

/** A document without its fenced blocks, line numbers kept. */
export function proseOf(markdown: string): string {
  const lines = markdown.split("\n");
  for (const { line, lines: inside } of fencedBlocks(markdown)) {
    lines.fill("", line - 1, line + inside.length + 1);
  }
  return lines.join("\n");
}

/** Width of the text of pages, as the formatter wants it. */
const LINE_WIDTH = 100;

/** Breaks a paragraph into lines. */
export function wrapped(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
