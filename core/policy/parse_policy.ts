/**
 * From the text of a policy to a normalised policy (spec 02 §4.1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { decodeText } from "../text/decode.ts";
import type { TextDocument } from "../text/node.ts";
import type { PolicyWarning } from "./finding.ts";
import { policyFromDocument } from "./from_document.ts";
import type { Policy } from "./policy.ts";

/** Languages that a policy may be written in; the same meaning gives the same digest in each. */
export type PolicyFormat = "yaml" | "json" | "jsonc";

/** How {@linkcode parsePolicy} names and reads its input. */
export interface ParsePolicyOptions {
  /** Name of the input as the caller spelled it; its extension may decide the format. */
  readonly source: string;
  /** The format; otherwise `.json` and `.jsonc` decide, then the first character, then YAML. */
  readonly format?: PolicyFormat;
}

/** A policy with the text it came from. */
export interface ParsedPolicy {
  /** The normalised policy; rules in evaluation order. */
  readonly policy: Policy;
  /** The syntax tree, with comments and positions. */
  readonly document: TextDocument;
  /** What was tolerated while reading; see `lintPolicy` for what is probably not meant. */
  readonly warnings: readonly PolicyWarning[];
}

/** Format that the name of the input decides. */
function formatByName(source: string): PolicyFormat | undefined {
  const name = source.toLowerCase();
  if (name.endsWith(".json")) return "json";
  if (name.endsWith(".jsonc")) return "jsonc";
  return undefined;
}

/** What the JSON reader has to know. */
interface ReadOptions {
  readonly source: string;
  readonly jsonc: boolean;
}

/** Readers are loaded when needed: start-up of a command should not pay for the other language. */
async function readJson(text: string, options: ReadOptions): Promise<TextDocument> {
  const { parseJsonDocument } = await import("../text/json_document.ts");
  return parseJsonDocument(text, { ...options, maxBytes: LIMITS.policyBytes });
}

async function readYaml(text: string, source: string): Promise<TextDocument> {
  const { parseYaml } = await import("../text/yaml/parse_yaml.ts");
  return parseYaml(text, { source, maxBytes: LIMITS.policyBytes });
}

/**
 * A text that starts with a brace is JSON, or else a YAML flow mapping. JSON is strict here: with comments
 * allowed, `[1 // 2]` would mean one thing to us and another to readers of YAML.
 */
async function readBraces(text: string, source: string): Promise<TextDocument> {
  try {
    return await readJson(text, { source, jsonc: false });
  } catch (jsonError) {
    if (!(jsonError instanceof GaitError) || jsonError.code !== "json_syntax") throw jsonError;
    return await readYaml(text, source).catch((yamlError) => {
      // A quoted first key is how JSON starts, so its author should see the error about JSON.
      throw /^\s*\{\s*"/.test(text) ? jsonError : yamlError;
    });
  }
}

/**
 * Reads a policy text into its syntax tree, without judging it as a policy.
 *
 * @param text UTF-8 bytes or text, without byte order mark.
 * @param options Name and format of the input.
 * @throws {GaitError} `input_too_large`, `text_encoding`, or the syntax errors of the language.
 */
export async function readPolicyDocument(
  text: string | Uint8Array,
  options: ParsePolicyOptions,
): Promise<TextDocument> {
  const { source } = options;
  const decoded = decodeText(text, { source, maxBytes: LIMITS.policyBytes });
  const format = options.format ?? formatByName(source);
  if (format === "json" || format === "jsonc") {
    return await readJson(decoded, { source, jsonc: format === "jsonc" });
  }
  if (format === undefined && decoded.trimStart().startsWith("{")) {
    return await readBraces(decoded, source);
  }
  return await readYaml(decoded, source);
}

/**
 * Reads, validates and normalises a policy.
 *
 * Unknown keys, duplicate keys, duplicate rule names, fractional integers and further YAML documents are
 * errors (divergences P1, P2, P4).
 *
 * @param text UTF-8 bytes or text of a YAML, JSON or JSONC policy, at most `LIMITS.policyBytes`.
 * @param options Name and format of the input.
 * @returns The policy with its rules in evaluation order, the syntax tree, and warnings.
 * @throws {GaitError} `policy_invalid` with all findings in `details.findings`.
 * @throws {GaitError} `input_too_large`, `text_encoding`, `text_too_deep`, `json_syntax`,
 *   `json_duplicate_key`, `yaml_syntax`, `yaml_unsupported` or `yaml_duplicate_key` when the text cannot
 *   be read.
 *
 * @example
 * ```ts
 * import { parsePolicy } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const { policy } = await parsePolicy("default_verdict: block\n", { source: "policy.yaml" });
 * assertEquals(policy.default_verdict, "block");
 * ```
 */
export async function parsePolicy(
  text: string | Uint8Array,
  options: ParsePolicyOptions,
): Promise<ParsedPolicy> {
  const document = await readPolicyDocument(text, options);
  return { document, ...policyFromDocument(document) };
}
