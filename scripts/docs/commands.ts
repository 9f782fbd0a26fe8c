/**
 * Runs the commands that documents show. A fenced block `console` holds shell lines that start with
 * `$ ` and, below each, lines that its output must contain in this order; `…` stands for any text.
 * `# exit 3` at the end of a line names the expected exit code. A block whose info string has
 * `file=<name>` is written into the folder of every later block; `console continue` keeps the folder of
 * the block before it.
 *
 * @module
 */

import { fencedBlocks } from "./markdown.ts";

/** One command of a block. */
export interface ShownCommand {
  /** Shell line without the `$ `. */
  readonly line: string;
  /** Expected exit code. */
  readonly exit: number;
  /** Expected output, with `…` as wildcard. */
  readonly output: readonly string[];
}

/** Something that a scenario does: write a file that the document shows, or run a command. */
export type Step =
  | { readonly kind: "write"; readonly name: string; readonly text: string }
  | { readonly kind: "run"; readonly command: ShownCommand };

/** Blocks that run one after the other in one folder. */
export interface Scenario {
  /** Line of its first block, counted from 1. */
  readonly line: number;
  readonly steps: readonly Step[];
}

/** Commands of one `console` block. */
export function parseCommands(lines: readonly string[]): ShownCommand[] {
  const commands: { line: string; exit: number; output: string[] }[] = [];
  let isOpen = false;
  for (const text of lines) {
    const last = commands.at(-1);
    if (isOpen && last !== undefined) last.line = `${last.line}\n${text}`;
    else if (text.startsWith("$ ")) commands.push({ line: text.slice(2), exit: 0, output: [] });
    else if (text.trim() !== "") last?.output.push(text);
    isOpen = (isOpen || text.startsWith("$ ")) && text.endsWith("\\");
  }
  for (const command of commands) {
    const exit = /\s+# exit (\d+)\s*$/.exec(command.line);
    if (exit !== null) command.exit = Number(exit[1]);
  }
  return commands;
}

/** All scenarios of a document. */
export function scenariosOf(markdown: string): Scenario[] {
  const scenarios: { line: number; steps: Step[] }[] = [];
  const shown: Step[] = [];
  let unwritten: Step[] = [];
  for (const { info, lines, line } of fencedBlocks(markdown)) {
    const name = /(?:^|\s)file=(\S+)/.exec(info)?.[1];
    if (name !== undefined) {
      const step: Step = { kind: "write", name, text: lines.join("\n") + "\n" };
      shown.push(step);
      unwritten.push(step);
    }
    if (!/^console(?: continue)?$/.test(info)) continue;
    const runs = parseCommands(lines).map((command): Step => ({ kind: "run", command }));
    const last = scenarios.at(-1);
    if (info === "console continue" && last !== undefined) last.steps.push(...unwritten, ...runs);
    else scenarios.push({ line, steps: [...shown, ...runs] });
    unwritten = [];
  }
  return scenarios;
}

/** Expected lines that an output does not contain in order. */
export function missingOutput(expected: readonly string[], output: string): string[] {
  const actual = output.split("\n");
  let at = 0;
  const missing: string[] = [];
  for (const line of expected) {
    const found = actual.findIndex((text, index) => index >= at && fits(line, text));
    if (found < 0) missing.push(line);
    else at = found + (line.trim() === "…" ? 0 : 1);
  }
  return missing;
}

/** Whether a line fits an expectation, where `…` stands for any text. */
function fits(expected: string, actual: string): boolean {
  const [first = "", ...rest] = expected.trimEnd().split("…");
  const text = actual.trimEnd();
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? "";
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
