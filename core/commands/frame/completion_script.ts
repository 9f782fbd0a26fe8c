/**
 * Completion scripts for shells, made from the command specifications.
 *
 * @module
 */

import { COMMON_FLAGS } from "./arguments.ts";
import type { CommandSpec } from "./command.ts";

/** Shells that have a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** A shell that has a script. */
export type Shell = typeof SHELLS[number];

/** What may follow a prefix of command words. */
interface Step {
  /** Words already typed, joined by spaces; "" at the start. */
  readonly after: string;
  readonly words: readonly string[];
}

/** Flags of a command, with dashes. */
function flagsOf(spec: CommandSpec): string[] {
  return [...spec.flags, ...COMMON_FLAGS].map((flag) => `--${flag.name}`);
}

/** Every prefix and what may follow it. */
function steps(specs: readonly CommandSpec[]): Step[] {
  const next = new Map<string, Set<string>>();
  function add(after: string, words: readonly string[]): void {
    const set = next.get(after) ?? new Set();
    for (const word of words) set.add(word);
    next.set(after, set);
  }
  for (const spec of specs) {
    spec.path.forEach((word, i) => add(spec.path.slice(0, i).join(" "), [word]));
    add(spec.path.join(" "), flagsOf(spec));
  }
  return [...next].map(([after, words]) => ({ after, words: [...words] }));
}

/** Script for bash. */
function bash(all: readonly Step[]): string {
  return `# bash completion for gait: source <(gait completion bash)
_gait() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${
    all.map(({ after, words }) =>
      `    "${after}") COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur")) ;;`
    ).join("\n")
  }
  esac
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$cur"))
}
complete -o filenames -F _gait gait`;
}

/** Script for zsh. */
function zsh(all: readonly Step[]): string {
  return `#compdef gait
# zsh completion for gait: source <(gait completion zsh)
_gait() {
  local -a path_words
  local word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ "$word" == -* ]] && break
    path_words+=("$word")
  done
  case "\${(j: :)path_words}" in
${all.map(({ after, words }) => `    "${after}") compadd -- ${words.join(" ")} ;;`).join("\n")}
    *) _files ;;
  esac
}
compdef _gait gait`;
}

/** Condition of fish for having typed exactly these words. */
function fishCondition(after: string): string {
  return `test (string join ' ' (commandline -opc | string match -v -- '-*')[2..]) = '${after}'`;
}

/** Script for fish. */
function fish(all: readonly Step[]): string {
  const lines = all.map(({ after, words }) =>
    `complete -c gait -n "${fishCondition(after)}" -a "${words.join(" ")}"`
  );
  return ["# fish completion for gait: gait completion fish | source", ...lines].join("\n");
}

/**
 * Makes the completion script.
 *
 * @param shell For which shell.
 * @param specs Every command.
 */
export function completionScript(shell: Shell, specs: readonly CommandSpec[]): string {
  const all = steps(specs);
  switch (shell) {
    case "bash":
      return bash(all);
    case "zsh":
      return zsh(all);
    case "fish":
      return fish(all);
  }
}
