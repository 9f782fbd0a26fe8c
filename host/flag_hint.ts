/** What to do about a missing permission of the runtime; `flag` is the one that grants it. */
export function flagHint(flag: string): string {
  return `add ${flag}; gait permissions -- <command> prints all flags`;
}
