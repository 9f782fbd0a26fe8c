/**
 * Checks on the whole text before it is read: characters that YAML forbids, and those that readers
 * treat differently (YAML 1.2.2 §5.1, §5.4).
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { trackPositions } from "../place.ts";

/**
 * Normalises line ends to `\n`, with one at the end of the text.
 *
 * @throws {GaitError} `text_encoding` for a byte order mark.
 * @throws {GaitError} `yaml_unsupported` for control characters, lone carriage returns and Unicode
 * line separators.
 */
export function checkText(text: string, source: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  for (let at = 0; at < lines.length; at++) {
    const unit = lines.charCodeAt(at);
    // The common case first: printable ASCII and line feeds.
    if ((unit >= 0x20 && unit < 0x7f) || unit === 0x0a || unit === 0x09) continue;
    if (isRefused(unit)) throw refuse(lines, { at, source });
  }
  return lines.endsWith("\n") ? lines : `${lines}\n`;
}

function isRefused(unit: number): boolean {
  return unit < 0xa0 || unit === 0x2028 || unit === 0x2029 || unit === 0xfeff || unit >= 0xfffe;
}

function refuse(text: string, options: { at: number; source: string }): GaitError {
  const { at, source } = options;
  const place = { source, ...trackPositions(text).at(at) };
  const unit = text.charCodeAt(at);
  if (unit === 0xfeff && at === 0) {
    const word = /^[A-Za-z0-9_.-]{1,64}/.exec(text.slice(1, 65))?.[0] ?? "";
    const message = `Cannot parse YAML: a byte order mark stands before ${JSON.stringify(word)}`;
    return new GaitError("text_encoding", message, { place });
  }
  const name = `U+${unit.toString(16).toUpperCase().padStart(4, "0")}`;
  return new GaitError(
    "yaml_unsupported",
    `Cannot parse YAML: the character ${name} is not accepted`,
    {
      hint: unit === 0x0d
        ? "end lines with LF or CRLF"
        : "remove it, or write it as an escape in double quotes",
      place,
    },
  );
}
