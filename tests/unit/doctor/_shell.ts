/** Reading the command that writes a configuration, without a shell. */

/** The lines that `printf '%s\n' 'a' 'b' > …` writes. */
export function parseConfigCommand(command: string): string {
  const words = [...command.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, word]) => word ?? "");
  const from = words.indexOf("%s\\n") + 1;
  return words.slice(from, -1).map((line) => `${line}\n`).join("");
}
