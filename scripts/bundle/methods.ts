/**
 * Methods and asynchronous arrow functions as function expressions: only these are compiled early when they
 * stand in parentheses.
 *
 * @module
 */

import type { ArrowFunctionExpression, FunctionExpression } from "acorn";
import type { MethodDefinition, Node, Property } from "acorn";

/** What comes to stand in front of and behind a part of a function that stays as it is. */
export interface Frame {
  readonly head: string;
  /** Where the part begins that stays. */
  readonly from: number;
  readonly tail: string;
}

/** Child nodes of a node. */
export function children(node: Node): Node[] {
  return Object.values(node).flatMap((value) => Array.isArray(value) ? value : [value])
    .filter((value): value is Node =>
      typeof value === "object" && value !== null && typeof value.type === "string"
    );
}

/** Whether a node is a method or accessor of an object or class. */
export function isMethod(node: Node): node is Property | MethodDefinition {
  return node.type === "MethodDefinition" ||
    (node.type === "Property" && ("method" in node && node.method === true)) ||
    (node.type === "Property" && "kind" in node && node.kind !== "init");
}

/** Whether something below a node makes a condition true. */
function someBelow(root: Node, condition: (node: Node) => boolean): boolean {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (condition(node)) return true;
    pending.push(...children(node));
  }
  return false;
}

/** Whether a node means what the function around an arrow function makes of it. */
function isInherited(node: Node): boolean {
  return ["Super", "ThisExpression", "MetaProperty"].includes(node.type) ||
    (node.type === "Identifier" && "name" in node && node.name === "arguments");
}

/**
 * How a method becomes a parenthesised function expression in the same place: a plain property of an object,
 * or a static block that gives a class the property that the method would have been.
 *
 * @returns `undefined` for a method that cannot be rewritten.
 */
export function methodFrame(method: Property | MethodDefinition): Frame | undefined {
  const { key, computed, kind } = method;
  const { generator, async, start: from } = method.value as FunctionExpression;
  if (computed || generator || key.type !== "Identifier") return undefined;
  // Only methods know `super`.
  if (someBelow(method, ({ type }) => type === "Super")) return undefined;
  const opening = `(${async ? "async " : ""}function`;
  if (method.type === "Property") {
    return kind === "init" ? { head: `${key.name}:${opening}`, from, tail: ")" } : undefined;
  }
  if (kind !== "method" && kind !== "get") return undefined;
  const owner = method.static ? "this" : "this.prototype";
  const role = kind === "get" ? "get" : "writable:true,value";
  return {
    head:
      `static{Object.defineProperty(${owner},"${key.name}",{configurable:true,${role}:${opening}`,
    from,
    tail: ")})}",
  };
}

/**
 * How an arrow function comes into parentheses: an asynchronous one with a body of statements as a function
 * expression, because V8 does not look for such arrow functions behind a parenthesis.
 */
export function arrowFrame(arrow: ArrowFunctionExpression, source: string): Frame {
  const { async, body, params } = arrow;
  const plain = params.every((param) => param.type === "Identifier");
  if (!async || !plain || body.type !== "BlockStatement" || someBelow(arrow, isInherited)) {
    return { head: "(", from: arrow.start, tail: ")" };
  }
  const names = params.map((param) => source.slice(param.start, param.end)).join(",");
  return { head: `(async function(${names})`, from: body.start, tail: ")" };
}
