/**
 * Reads the text of a configuration file: strict keys, every finding reported (divergences C7, P4).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/suggest.ts";
import { trim } from "../base/text_rules.ts";
import type { MapEntry, ScalarNode, TextDocument, TextNode } from "../text/node.ts";
import { CONFIG_KEY_BY_PATH, CONFIG_KEYS, type ConfigKey } from "./config_keys.ts";

/** One value of a configuration file. */
export interface ConfigValue {
  /** The value as text, trimmed; booleans are `true` or `false`. */
  readonly value: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** Values by dotted path. */
export type ConfigValues = ReadonlyMap<string, ConfigValue>;

/** Something wrong with the file. */
export interface ConfigFinding {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** Collects findings up to the documented number. */
type Report = (node: TextNode, path: string, message: string) => void;

/** Reads one scalar, or reports why it cannot be. */
function readScalar(node: TextNode, key: ConfigKey, report: Report): string | undefined {
  if (node.kind !== "scalar") {
    report(node, key.path, `Value of ${key.path} must be a ${key.type}`);
    return undefined;
  }
  if (node.type === "null") return "";
  const text = trim(node.text);
  if (key.type === "boolean" && node.type !== "bool") {
    report(node, key.path, `Value of ${key.path} must be true or false`);
    return undefined;
  }
  if (key.type === "integer" && !isInteger(node)) {
    report(node, key.path, `Value of ${key.path} must be a whole number`);
    return undefined;
  }
  return key.type === "string" ? text : String(node.value);
}

/** Whether a scalar is a whole number that survives as one. */
function isInteger(node: ScalarNode): boolean {
  return node.type === "int" && Number.isSafeInteger(node.value);
}

/** Reads the entries of one section. */
function readSection(
  section: MapEntry,
  values: Map<string, ConfigValue>,
  report: Report,
): void {
  const name = section.key.text;
  const node = section.value;
  if (node.kind === "scalar" && node.type === "null") return;
  if (node.kind !== "map") return report(node, name, `Section ${name} must be a mapping`);
  for (const entry of node.entries) {
    const path = `${name}.${entry.key.text}`;
    const key = CONFIG_KEY_BY_PATH.get(path);
    if (key === undefined) {
      const candidates = CONFIG_KEYS.map((known) => known.path);
      report(entry.key, path, unknownKey(path, nearest(path, candidates)));
      continue;
    }
    const value = readScalar(entry.value, key, report);
    if (value !== undefined && value !== "") {
      values.set(path, { value, line: entry.value.start.line });
    }
  }
}

/** Text of a finding about a key that does not exist. */
function unknownKey(path: string, near: string | undefined): string {
  const guess = near === undefined ? "" : `; did you mean ${near}?`;
  return `Unknown key ${path}${guess}`;
}

/**
 * Interprets a parsed configuration document.
 *
 * @returns The values, and every finding in the order of the file (capped).
 */
export function interpretConfig(
  document: TextDocument,
): { readonly values: ConfigValues; readonly findings: readonly ConfigFinding[] } {
  const values = new Map<string, ConfigValue>();
  const findings: ConfigFinding[] = [];
  const report: Report = (node, path, message) => {
    if (findings.length < LIMITS.findings) findings.push({ ...node.start, path, message });
  };
  const { root } = document;
  if (root === undefined || (root.kind === "scalar" && root.type === "null")) {
    return { values, findings };
  }
  if (root.kind !== "map") {
    report(root, "", "A configuration must be a mapping of sections");
    return { values, findings };
  }
  const sections = [...new Set(CONFIG_KEYS.map((key) => key.path.split(".")[0] as string))];
  for (const entry of root.entries) {
    if (sections.includes(entry.key.text)) readSection(entry, values, report);
    else {
      report(
        entry.key,
        entry.key.text,
        unknownKey(entry.key.text, nearest(entry.key.text, sections)),
      );
    }
  }
  return { values, findings };
}

/**
 * Reads a configuration text.
 *
 * @param data Content of the file.
 * @param source Its name, for messages.
 * @throws GaitError `config_invalid` with every finding in `details.findings`; a YAML error code
 */
export async function readConfig(data: Uint8Array, source: string): Promise<ConfigValues> {
  const { parseYaml } = await import("../text/yaml/parse_yaml.ts");
  const { values, findings } = interpretConfig(parseYaml(data, { source }));
  const [first] = findings;
  if (first === undefined) return values;
  throw new GaitError("config_invalid", `Cannot use the project config: ${first.message}`, {
    place: { source, line: first.line, column: first.column, path: first.path },
    details: { findings },
  });
}
