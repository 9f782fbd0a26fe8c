import { isGenerated, isProduct, repoPath } from "../files.ts";

const MAX_PARAMETERS = 3;

function isBoolean(param: Deno.lint.Parameter): boolean {
  if (param.type === "AssignmentPattern") {
    return param.right.type === "Literal" && typeof param.right.value === "boolean";
  }
  return param.type === "Identifier" &&
    param.typeAnnotation?.typeAnnotation.type === "TSBooleanKeyword";
}

/** Exported functions take two positional parameters and options, and no boolean among several. */
export const arity: Deno.lint.Rule = {
  create(context) {
    const path = repoPath(context.filename);
    if (!isProduct(path) || isGenerated(path)) return {};
    return {
      "ExportNamedDeclaration > FunctionDeclaration"(node: Deno.lint.FunctionDeclaration): void {
        const { params } = node;
        if (params.length > MAX_PARAMETERS) {
          const message = `Exported functions take at most ${MAX_PARAMETERS} parameters: ` +
            "two positional ones and options";
          context.report({ node, message });
        }
        if (params.length < 2) return;
        for (const param of params.filter(isBoolean)) {
          context.report({
            range: param.range,
            message: "Pass a boolean as a member of an options object",
          });
        }
      },
    };
  },
};
