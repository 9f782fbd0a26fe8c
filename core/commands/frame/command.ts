/**
 * What a command is, as data and one function. The frame around it parses arguments, renders the
 * result and maps failures, so that a command file holds nothing but its own logic.
 *
 * @module
 */

import type { Ports } from "../../ports/ports.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";

/** One flag. */
export interface FlagSpec {
  /** Name without dashes. */
  readonly name: string;
  /** Boolean flags never take the next token. */
  readonly kind: "string" | "boolean";
  /** Placeholder of the value in help, e.g. `path`. */
  readonly value?: string;
  /** One line for help. */
  readonly summary: string;
  /** Values that completion and help offer; the command itself still validates. */
  readonly choices?: readonly string[];
  /** Every occurrence counts; without it the last one wins. */
  readonly repeatable?: boolean;
}

/** Description of a command. */
export interface CommandSpec {
  /** Words after the program name, e.g. `["gate", "eval"]`. */
  readonly path: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** One sentence for `--explain`. */
  readonly explain: string;
  /** Positional part of the usage line, e.g. `<policy> <intent>`; "" when there is none. */
  readonly usage: string;
  /** Number of positionals that the frame lets through. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** Error text when the number of positionals is wrong, e.g. `expected <policy.yaml>`. */
  readonly expected?: string;
  /** Flags besides `--json`, `--help`, `--explain`, which every command has. */
  readonly flags: readonly FlagSpec[];
  /**
   * Whether the command decides about a call: then any failure is reported as verdict `block`
   * (divergence G12).
   */
  readonly decides?: boolean;
  /** Whether `--explain` explains the decision instead of the command (divergence C3). */
  readonly explainsDecision?: boolean;
  /** JSON members of every failure, whoever reports it. */
  readonly failureMembers?: Readonly<Record<string, string | boolean>>;
  /**
   * Whether `error_code` names the category alone, as callers of the reference's command compare it; the
   * precise code is in `error_detail_code` then.
   */
  readonly codeIsCategory?: boolean;
  /** Whether tokens after `--` belong to a child program. */
  readonly passThrough?: boolean;
  /** A few command lines for help; documentation tests run them. */
  readonly examples?: readonly string[];
  /** Permissions that the command needs for these arguments. */
  permissions(args: Arguments): readonly PermissionNeed[];
  /** Flags of the runtime besides permissions that a command line needs. */
  runtimeFlags?(args: Arguments): readonly string[];
}

/** Parsed arguments. */
export interface Arguments {
  /** Last value of a string flag; "" when it is absent. */
  text(name: string): string;
  /** Every value of a repeatable string flag, in order. */
  all(name: string): readonly string[];
  /** Value of a boolean flag. */
  flag(name: string): boolean;
  /** Whether the flag was given at all. */
  given(name: string): boolean;
  /** Positionals. */
  readonly positionals: readonly string[];
  /** Tokens after `--` of a pass-through command. */
  readonly rest: readonly string[];
}

/** A warning with a stable code (divergence C11). */
export interface Warning {
  /** Stable code, snake_case. */
  readonly code: string;
  /** Text for people. */
  readonly message: string;
  /** `notice` informs, `warning` names a weak setup, `critical` names a dangerous one. */
  readonly severity: "notice" | "warning" | "critical";
}

/** What a command gets. */
export interface CommandContext {
  readonly args: Arguments;
  readonly ports: Ports;
  /** Hash of the command line (spec 01 §1.5); computed while the command works. */
  readonly correlationId: Promise<string>;
  /** Unique per invocation (divergence C5). */
  readonly invocationId: string;
  /** Adds a warning to the output: `warnings[]` and `warning_details[]` in JSON, stderr in text. */
  warn(warning: Warning): void;
  /** Warnings so far, for a command that prints its answer itself. */
  readonly warned: readonly Warning[];
  /** Reports progress of long work; shown only on a terminal. */
  progress(done: number, total: number): void;
}

/** What a command answers. */
export interface CommandResult {
  /** Process exit code. */
  readonly exit: number;
  /** JSON members; the frame drops empty ones (except `ok`) and adds the envelope. */
  readonly json: Readonly<Record<string, unknown>> & { readonly ok: boolean };
  /** Lines for people on standard output. */
  readonly text: readonly string[];
  /** Lines for people on standard error, for failures that keep part of a result. */
  readonly errorText?: readonly string[];
  /** The command has written its answer itself, because it went on working afterwards. */
  readonly printed?: true;
  /** How the first line is coloured on a terminal. */
  readonly tone?: "good" | "bad" | "attention";
}

/** A command. */
export interface Command {
  readonly spec: CommandSpec;
  /** Does the work. @throws GaitError for bad input, I/O and missing dependencies */
  run(context: CommandContext): Promise<CommandResult>;
}
