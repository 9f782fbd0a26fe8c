/**
 * Makes V8 compile a bundle's functions when it loads the file, so that they reach its code cache. A function
 * declaration is compiled on its first call, in every process anew; a parenthesised function expression is
 * compiled with the file. Measured on `gate eval`: 18 ms of cold calls become 11 ms.
 *
 * @module
 */

import { parse } from "acorn";

/**
 * Turns the top-level function declarations of a module into parenthesised function expressions. They are
 * hoisted to the front, as declarations are.
 *
 * @param source A bundled module without top-level `await` in front of its functions.
 */
export function compileEagerly(source: string): string {
  const program = parse(source, { ecmaVersion: "latest", sourceType: "module" });
  let hoisted = "";
  let rest = "";
  let end = 0;
  for (const node of program.body) {
    if (node.type !== "FunctionDeclaration") continue;
    rest += source.slice(end, node.start);
    end = node.end;
    const name = source.slice(node.id.start, node.id.end);
    hoisted += `var ${name}=(${source.slice(node.start, node.end)});\n`;
  }
  return `${hoisted}${rest}${source.slice(end)}`;
}
