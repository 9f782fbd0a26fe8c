/**
 * Targets of well-known tools, read from their arguments, so that path and domain rules see calls whose
 * envelope has no room for targets. They become part of the intent digest; therefore the reference's four
 * adapters infer only on request.
 *
 * @module
 */

import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { lower, trim } from "../base/text_rules.ts";
import { callError, given } from "./_members.ts";
import { patchedFiles } from "./_patch_paths.ts";
import type { AdapterName } from "./call_request.ts";
import { KNOWN_TOOLS, type KnownTool, WEB_SEARCHES } from "./known_tools.ts";

/** Rows by name. */
const TOOLS: ReadonlyMap<string, readonly KnownTool[]> = new Map(
  [...new Set(KNOWN_TOOLS.flatMap(([names]) => names))].map((name) => [
    name,
    KNOWN_TOOLS.filter(([names]) => names.includes(name)).map(([, tool]) => tool),
  ]),
);

/** Adapters whose digests the reference computes, without any inferred target. */
const REFERENCE_ADAPTERS: readonly AdapterName[] = ["mcp", "openai", "anthropic", "langchain"];

/** Whether an adapter infers targets unless told otherwise. */
export function infersByDefault(adapter: AdapterName): boolean {
  return !REFERENCE_ADAPTERS.includes(adapter);
}

/** The tool behind a qualified name: `mcp__fs__read_file` and `functions.shell` name the last part. */
function plainName(tool: string): string {
  return lower(trim(tool)).split(/__|[./:]/).at(-1) ?? "";
}

/** Texts in an argument: the text itself, those of a list, or the paths and URLs of a list of objects. */
function textsOf(value: JsonValue | undefined, args: readonly string[]): string[] {
  if (typeof value === "string") return trim(value) === "" ? [] : [value];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    if (typeof item === "string") return trim(item) === "" ? [] : [item];
    return isJsonObject(item) ? args.flatMap((arg) => textsOf(scalar(given(item, arg)), [])) : [];
  });
}

/** A value unless it holds others. */
function scalar(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Operation of this very call. */
function operationOf(tool: KnownTool, args: JsonObject): string {
  const { operations } = tool;
  if (operations === undefined) return tool.operation;
  const chosen = given(args, operations.arg);
  const known = typeof chosen === "string" && Object.hasOwn(operations.by, chosen);
  return known ? operations.by[chosen] ?? tool.operation : tool.operation;
}

/** Command lines: a list of words is one command. */
function commandTexts(value: JsonValue | undefined): string[] {
  const texts = textsOf(value, []);
  return Array.isArray(value) && texts.length > 0 ? [texts.join(" ")] : texts;
}

/** Targets that one row finds. */
function targetsOf(tool: KnownTool, args: JsonObject): JsonObject[] {
  const operation = operationOf(tool, args);
  return tool.args.flatMap((arg): JsonObject[] => {
    const value = given(args, arg);
    switch (tool.kind) {
      case "command":
        return commandTexts(value).map((text) => ({ kind: "other", value: text, operation }));
      case "patch":
        return textsOf(value, []).flatMap(patchedFiles)
          .map((file) => ({ kind: "path", value: file.path, operation: file.operation }));
      default:
        return textsOf(value, tool.args).map((text) => ({
          kind: tool.kind,
          value: text,
          operation,
        }));
    }
  });
}

/**
 * Reads the targets of a call.
 *
 * @param call Tool name and arguments as spelled.
 * @returns `undefined` when the tool is not known or its arguments name nothing.
 * @throws GaitError `call_invalid` when the arguments name more than an intent may hold
 */
export function inferTargets(
  call: { readonly tool: string; readonly args: JsonObject },
): JsonObject[] | undefined {
  const name = plainName(call.tool);
  if (WEB_SEARCHES.includes(name)) {
    // A network target without a domain: domain lists refuse it (divergence G2).
    return [{ kind: "other", value: name, operation: "search", endpoint_class: "net.http" }];
  }
  const targets = TOOLS.get(name)?.flatMap((tool) => targetsOf(tool, call.args)) ?? [];
  if (targets.length > LIMITS.intentTargets) {
    throw callError(`the arguments name more than ${LIMITS.intentTargets} targets`, "args");
  }
  return targets.length === 0 ? undefined : targets;
}
