import { repoPath } from "../files.ts";

/** Functions at top level are declarations: hoisted, named in stack traces, easy to find. */
export const topLevelArrows: Deno.lint.Rule = {
  create(context) {
    if (/^(tests|perf|examples)\//.test(repoPath(context.filename))) return {};
    return {
      VariableDeclarator(node): void {
        const kind = node.init?.type;
        if (kind !== "ArrowFunctionExpression" && kind !== "FunctionExpression") return;
        const above = context.sourceCode.getAncestors(node).map(({ type }) => type).join(" > ");
        const isTop = /^Program > (ExportNamedDeclaration > )?VariableDeclaration$/.test(above);
        if (isTop) {
          context.report({ node, message: "Use a function declaration at top level" });
        }
      },
    };
  },
};
