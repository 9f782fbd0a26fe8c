/**
 * What a target implies about its endpoint (spec 02 §2.3).
 *
 * @module
 */

import type { EndpointClass, TargetKind } from "./intent.ts";

/** Operations of `path` targets and their class. */
const PATH_OPERATIONS: ReadonlyMap<string, EndpointClass> = new Map<string, EndpointClass>([
  ["read", "fs.read"],
  ["get", "fs.read"],
  ["list", "fs.read"],
  ["open", "fs.read"],
  ["cat", "fs.read"],
  ["head", "fs.read"],
  ["download", "fs.read"],
  ["stat", "fs.read"],
  ["write", "fs.write"],
  ["append", "fs.write"],
  ["put", "fs.write"],
  ["create", "fs.write"],
  ["update", "fs.write"],
  ["save", "fs.write"],
  ["copy", "fs.write"],
  ["move", "fs.write"],
  ["rename", "fs.write"],
  ["delete", "fs.delete"],
  ["remove", "fs.delete"],
  ["rm", "fs.delete"],
  ["unlink", "fs.delete"],
  ["rmdir", "fs.delete"],
  ["drop", "fs.delete"],
  ["truncate", "fs.delete"],
]);

/** Parts of a tool name that hint at the class of a `path` target; the first group with a hit wins. */
const PATH_HINTS: readonly (readonly [EndpointClass, readonly string[]])[] = [
  ["fs.read", ["read", "list", "fetch", "search"]],
  ["fs.write", ["write", "update", "save", "create"]],
  ["fs.delete", ["delete", "remove", "rm", "drop"]],
];

const DNS_OPERATIONS: ReadonlySet<string> = new Set(["dns", "resolve", "lookup"]);
const EXEC_OPERATIONS: ReadonlySet<string> = new Set(["exec", "spawn", "run", "shell", "command"]);
const EXEC_HINTS: readonly string[] = ["exec", "shell", "command", "spawn", "run"];

const DESTRUCTIVE_OPERATIONS: ReadonlySet<string> = new Set([
  "delete",
  "remove",
  "rm",
  "unlink",
  "rmdir",
  "drop",
  "truncate",
  "exec",
  "spawn",
]);

/** Class of a `path` target. */
function pathClass(operation: string, tool: string): EndpointClass {
  const byOperation = PATH_OPERATIONS.get(operation);
  if (byOperation !== undefined) return byOperation;
  for (const [endpointClass, hints] of PATH_HINTS) {
    if (hints.some((hint) => tool.includes(hint))) return endpointClass;
  }
  return "other";
}

/**
 * Infers the endpoint class of a target. Tool-name hints match by substring, which is crude (`thread.post`
 * reads) but part of the digest.
 *
 * @param kind Kind of the target.
 * @param operation Operation, trimmed and lower-cased; `""` when not given.
 * @param toolName Normalised tool name; only the part after its last `/` gives hints.
 */
export function inferClass(
  kind: TargetKind,
  operation: string,
  { toolName }: { readonly toolName: string },
): EndpointClass {
  if (kind === "url" || kind === "host") {
    return DNS_OPERATIONS.has(operation) ? "net.dns" : "net.http";
  }
  if (kind !== "path" && kind !== "other") return "other";
  const tool = toolName.slice(toolName.lastIndexOf("/") + 1);
  if (kind === "path") return pathClass(operation, tool);
  if (EXEC_OPERATIONS.has(operation)) return "proc.exec";
  return EXEC_HINTS.some((hint) => tool.includes(hint)) ? "proc.exec" : "other";
}

/** Whether class or operation alone make a target destructive, whatever the intent says (spec 02 §2.3). */
export function inferDestructive(endpointClass: EndpointClass, operation: string): boolean {
  return endpointClass === "fs.delete" || endpointClass === "proc.exec" ||
    DESTRUCTIVE_OPERATIONS.has(operation);
}
