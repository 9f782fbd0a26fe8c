/**
 * Reading what a caller names as input.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import type { Ports } from "../ports/ports.ts";

/**
 * Reads a file, or standard input when the path is `-`.
 *
 * @param path File or `-`.
 * @param maxBytes Limit, bytes.
 * @throws GaitError `file_not_found`, `file_unreadable`, `input_too_large`
 */
export async function readInput(
  path: string,
  maxBytes: number,
  ports: Pick<Ports, "files" | "terminal">,
): Promise<Bytes> {
  if (path === "-") return await ports.terminal.readInput({ maxBytes });
  return await ports.files.read(path, { maxBytes });
}
