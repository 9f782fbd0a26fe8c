/** Error that a failed assertion throws. */
export class AssertionError extends Error {
  /** Class name for readers of a stack trace. */
  override readonly name = "AssertionError";
}

/** Appends the caller's message to a sentence, as std does: `sentence: message`. */
export function withMessage(sentence: string, msg: string | undefined): string {
  return msg ? `${sentence}: ${msg}` : `${sentence}.`;
}

/** A value as text: everything, sorted, one line per entry where it is long. */
export function show(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
  });
}
