/**
 * Strict, bounded YAML for policies and configuration: a subset of YAML 1.2 that every reader
 * understands alike. `docs/policy-yaml.md` describes it for users.
 *
 * @module
 */

import { decodeText } from "../decode.ts";
import type { TextDocument } from "../node.ts";
import { readNode } from "./_block.ts";
import { checkText } from "./_check_text.ts";
import {
  charAt,
  contentIndent,
  endsLine,
  isMarker,
  nextContent,
  skipBlankLines,
  takePending,
  takeTrailing,
} from "./_lines.ts";
import { openYaml, syntaxError, unsupported, type YamlState } from "./_state.ts";

/** How {@linkcode parseYaml} names and bounds its input. */
export interface ParseYamlOptions {
  /** Name of the input as the caller spelled it, for messages. */
  readonly source: string;
  /** Most bytes accepted; `LIMITS.textBytes` when absent. */
  readonly maxBytes?: number;
}

/**
 * Parses one YAML document. Each accepted text means what js-yaml 4 reads from it; what YAML readers
 * disagree about is refused (spec 02 §4.1, divergences P1, P4, P5).
 *
 * @param input UTF-8 bytes or text.
 * @returns The tree; its root is `undefined` for an empty document.
 * @throws {GaitError} `yaml_syntax` where the text is malformed.
 * @throws {GaitError} `yaml_unsupported` for constructs outside the subset.
 * @throws {GaitError} `yaml_duplicate_key` when a mapping names a key twice.
 * @throws {GaitError} `text_encoding` for malformed UTF-8, a byte order mark or a lone surrogate.
 * @throws {GaitError} `text_too_deep` or `input_too_large` above a limit.
 */
export function parseYaml(input: string | Uint8Array, options: ParseYamlOptions): TextDocument {
  const { source } = options;
  const state = openYaml(checkText(decodeText(input, options), source), source);
  openDocument(state);
  if (contentIndent(state) < 0) return { source, root: undefined, trailingComments: state.pending };
  const root = readNode(state, { parent: contentIndent(state) - 1, block: true });
  if (contentIndent(state) >= 0) {
    throw syntaxError(state, {
      problem: "unexpected text after the document's only value",
      hint: "align it with the entries before it",
    });
  }
  const behind = takeTrailing(state);
  const trailingComments = [...(behind === undefined ? [] : [behind]), ...takePending(state)];
  return { source, root, trailingComments };
}

/** Moves to the first content, over at most one `---`. */
function openDocument(state: YamlState): void {
  skipBlankLines(state);
  if (isMarker(state) && charAt(state) === "-") {
    state.pos += 3;
    if (!endsLine(state)) {
      const problem = "text behind '---'";
      throw unsupported(state, { problem, hint: "start the document on the next line" });
    }
    const comment = takeTrailing(state);
    if (comment !== undefined) state.pending.push(comment);
  }
  nextContent(state);
}
