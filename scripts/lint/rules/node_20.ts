import { isProduct, repoPath } from "../files.ts";

/** Members of globals that Node 20 lacks, and what product code uses. */
const MISSING: ReadonlyMap<string, string> = new Map([
  ["Array.fromAsync", "a for await loop"],
  ["Error.isError", "instanceof Error"],
  ["Iterator.concat", "a generator"],
  ["Iterator.from", "a generator"],
  ["Map.groupBy", "a loop"],
  ["Object.groupBy", "a loop"],
  ["Promise.try", "new Promise()"],
  ["Promise.withResolvers", "deferred() of core/base"],
  ["RegExp.escape", "a pattern without foreign text"],
  ["URL.parse", "URL.canParse()"],
]);

/** Methods of sets and byte arrays that Node 20 lacks. The check of core against ES2023 finds the others, too. */
const METHODS =
  /^(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom|toHex|toBase64|setFromHex|setFromBase64)$/;

/** The package runs on Node 20 as well as that goes, so product code uses nothing that came later. */
export const node20: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(repoPath(context.filename))) return {};
    return {
      MemberExpression(node): void {
        const { object, property } = node;
        if (object.type !== "Identifier" || property.type !== "Identifier") return;
        const name = `${object.name}.${property.name}`;
        const instead = MISSING.get(name);
        if (instead === undefined) return;
        context.report({ node, message: `Node 20 has no ${name}: use ${instead}` });
      },
      CallExpression(node): void {
        const { callee } = node;
        // What is called only where it exists is fine.
        if (callee.type !== "MemberExpression" || callee.optional || node.optional) return;
        if (callee.property.type !== "Identifier" || !METHODS.test(callee.property.name)) return;
        const message = `Node 20 has no ${callee.property.name}(): write a loop`;
        context.report({ node, message });
      },
    };
  },
};
